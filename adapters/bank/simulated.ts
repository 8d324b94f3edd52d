import { setTimeout as sleep } from 'node:timers/promises'
import type { Fen } from '../../engine/money.ts'
import type { Bank, BankAnswer, CollectOrder, PayAnswer, PayingBank, PayOrder } from './bank.ts'

export interface SimulatedOptions {
  /** The same seed makes the same choices in the same order of calls. */
  readonly seed?: number
  readonly latency_ms?: number
  /** Of a hundred calls so many are lost on their way there, and as many replies on their way back. */
  readonly lostPercent?: number
  /** Of a hundred collections so many are refused. */
  readonly refusedPercent?: number
  /** What an account holds that nobody has asked for yet. */
  readonly opening?: Fen
}

/** A bank that exists only here, with a look into its books. */
export interface SimulatedBank extends Bank, PayingBank {
  /** From now on so many of a hundred calls and replies are lost. */
  lose(percent: number): void
  balanceOf(account: string): Fen
  /** What was taken under a reference and not given back. */
  holds(reference: string): Fen
}

/** What an account is for, by its last four digits: so that each outcome can be tried (docs/bank.md). */
const behaviours = {
  '9001': 'insufficient-funds',
  '9002': 'account-closed',
  '9003': 'reply-lost',
  '9004': 'request-lost',
  '9005': 'slow',
  '9006': 'silent',
  '9007': 'refusal-lost',
} as const
type Behaviour = (typeof behaviours)[keyof typeof behaviours]

const behaviourOf = (account: string): Behaviour | undefined =>
  behaviours[account.slice(-4) as keyof typeof behaviours]

/** Longer than anybody waits for a reply. */
const slow_ms = 5_000

interface Record {
  readonly account: string
  readonly amount: Fen
  answer: BankAnswer
}

/** Accounts in memory: whoever starts it anew starts with new money. */
export function simulatedBank(options: SimulatedOptions = {}): SimulatedBank {
  return new Simulated(options)
}

class Simulated implements SimulatedBank {
  readonly #options: Required<SimulatedOptions>
  readonly #random: () => number
  #lostPercent: number
  readonly #balances = new Map<string, Fen>()
  readonly #records = new Map<string, Record>()
  readonly #payments = new Map<string, PayAnswer>()
  readonly #closed = new Set<string>()
  /** References whose first message was lost or never answered, by account. */
  readonly #heard = new Map<string, string>()

  constructor(options: SimulatedOptions) {
    const defaults = { seed: 1, latency_ms: 5, lostPercent: 0, refusedPercent: 0 }
    this.#options = { ...defaults, opening: 1_000_000n as Fen, ...options }
    this.#lostPercent = this.#options.lostPercent
    this.#random = randomFrom(this.#options.seed)
  }

  lose(percent: number): void {
    this.#lostPercent = percent
  }

  balanceOf(account: string): Fen {
    return this.#balances.get(account) ?? this.#options.opening
  }

  holds(reference: string): Fen {
    const record = this.#records.get(reference)
    return record?.answer.state === 'collected' ? record.amount : (0n as Fen)
  }

  async collect(order: CollectOrder): Promise<BankAnswer> {
    const { reference, account } = order
    const behaviour = behaviourOf(account)
    const first = !this.#heard.has(reference)
    this.#heard.set(reference, account)
    await this.#travel(reference)
    if (behaviour === 'request-lost' && first) throw lost()
    const answer = this.#take(order)
    const replyLost = behaviour === 'reply-lost' || behaviour === 'refusal-lost'
    if (replyLost && first) throw lost()
    if (behaviour === 'slow' && first) await sleep(slow_ms)
    this.#lose()
    return answer
  }

  async query(reference: string): Promise<BankAnswer | { readonly state: 'absent' }> {
    await this.#travel(reference)
    const closed = this.#closed.has(reference)
    const answer = closed ? withdrawn : this.#records.get(reference)?.answer
    this.#lose()
    return answer ?? { state: 'absent' }
  }

  async returnMoney(reference: string): Promise<void> {
    await this.#travel(reference)
    const record = this.#records.get(reference)
    if (record?.answer.state === 'collected') {
      this.#balances.set(record.account, (this.balanceOf(record.account) + record.amount) as Fen)
      record.answer = withdrawn
    }
    this.#closed.add(reference)
    this.#lose()
  }

  async pay({ reference, account, amount }: PayOrder): Promise<PayAnswer> {
    const behaviour = behaviourOf(account)
    const first = !this.#heard.has(reference)
    this.#heard.set(reference, account)
    await this.#travel(reference)
    if (behaviour === 'request-lost' && first) throw lost()
    const known = this.#payments.get(reference)
    const answer = known ?? this.#payTo(account, amount)
    this.#payments.set(reference, answer)
    if (behaviour === 'reply-lost' && first) throw lost()
    if (behaviour === 'slow' && first) await sleep(slow_ms)
    this.#lose()
    return answer
  }

  #payTo(account: string, amount: Fen): PayAnswer {
    if (behaviourOf(account) === 'account-closed')
      return { state: 'returned', reason: 'account-closed' }
    this.#balances.set(account, (this.balanceOf(account) + amount) as Fen)
    return { state: 'paid' }
  }

  async queryPayment(reference: string): Promise<PayAnswer | { readonly state: 'absent' }> {
    await this.#travel(reference)
    const answer = this.#payments.get(reference)
    this.#lose()
    return answer ?? { state: 'absent' }
  }

  /** On the way there: it takes its time, and may not arrive. */
  async #travel(reference: string): Promise<void> {
    await sleep(this.#options.latency_ms)
    if (behaviourOf(this.#heard.get(reference) ?? '') === 'silent') throw lost()
    this.#lose()
  }

  #lose(): void {
    if (this.#chance(this.#lostPercent)) throw lost()
  }

  #chance(percent: number): boolean {
    return this.#random() * 100 < percent
  }

  #take({ reference, account, amount }: CollectOrder): BankAnswer {
    if (this.#closed.has(reference)) return withdrawn
    const known = this.#records.get(reference)
    if (known) return known.answer
    const answer = this.#decide(account, amount)
    this.#records.set(reference, { account, amount, answer })
    if (answer.state === 'collected')
      this.#balances.set(account, (this.balanceOf(account) - amount) as Fen)
    return answer
  }

  #decide(account: string, amount: Fen): BankAnswer {
    const behaviour = behaviourOf(account)
    if (behaviour === 'account-closed') return { state: 'refused', reason: 'account-closed' }
    const short = behaviour === 'insufficient-funds' || behaviour === 'refusal-lost'
    if (short || this.balanceOf(account) < amount)
      return { state: 'refused', reason: 'insufficient-funds' }
    return this.#chance(this.#options.refusedPercent)
      ? { state: 'refused', reason: 'other' }
      : { state: 'collected' }
  }
}

const withdrawn = { state: 'refused', reason: 'withdrawn' } as const

const lost = (): Error => new Error('the line to the bank broke')

/** Numbers from 0 to 1 that a seed determines (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
