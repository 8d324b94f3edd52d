import type { Caller, Sent } from '../nhsa/client.ts'
import type { SandboxWorld } from '../sandbox/world.ts'
import { type Answer, type Fields, memberOf } from './cardDayDesk.ts'
import { callersAt } from './hospitalDayPlay.ts'
import { type Patient, patientOf } from './hospitalDayMessages.ts'

/** Something that was asked, what was told, and what of it was not as it had to be. */
export interface Told {
  readonly says: string
  readonly asked: string
  readonly told: string
  readonly wrong?: string | undefined
}

// oxlint-disable-next-line typescript/no-explicit-any -- Whoever asked knows the tables of what they asked.
type Output = any

/** A hospital of one region with a patient of another, which speaks both interfaces of its own server. */
export class RegionDayDesk {
  readonly told: Told[] = []
  readonly day: string
  readonly institution: string
  readonly patient: Patient
  readonly #url: string
  readonly #caller: Caller

  constructor(url: string, world: SandboxWorld, institution: string, patient: string) {
    const found = world.people.find(({ key }) => key === patient)
    if (!found) throw new Error(`the world has no ${patient}`)
    this.day = world.day
    this.patient = patientOf(found, false)
    this.#url = url
    this.institution = institution
    this.#caller = callersAt(url, world)(institution)
  }

  newMessageId(): string {
    return this.#caller.newMessageId()
  }

  /** Sends a message of the national interface; `expect` is what must come back: done, unknown, or words of a refusal. */
  async send(
    says: string,
    infno: string,
    input: unknown,
    { msgid, expect = 'done' }: { msgid?: string; expect?: string } = {},
  ): Promise<Output> {
    const { homeRegion } = this.patient
    const sent = await this.#caller.send(infno, input, { homeRegion, msgid })
    const right = sent.kind === expect || (sent.kind === 'refused' && sent.message.includes(expect))
    this.#note(says, infno, wordsOf(sent), right ? undefined : `expected ${expect}`)
    return sent.kind === 'done' ? sent.output : undefined
  }

  /** Asks over REST, and compares members of the answer by their paths. */
  async ask(
    says: string,
    path: string,
    expect: Fields,
    { body, key }: { body?: Fields; key?: string } = {},
  ): Promise<Answer> {
    const answer = await fetchJson(this.#url + path, body, key)
    const found = (member: string): unknown =>
      member === 'status' ? answer.status : memberOf(answer.body, member)
    const wrong = Object.entries(expect)
      .filter(([member, value]) => found(member) !== value)
      .map(([member, value]) => `${member} is ${String(found(member))}, not ${String(value)}`)
    const asked = `${body ? 'POST' : 'GET'} ${path.replace(/[0-9A-Z]{26,30}|\?.*/g, '…')}`
    this.#note(says, asked, tellingOf(answer), wrong.join('; ') || undefined)
    return answer
  }

  /** How many requests to other regions are not over; nothing of it is noted. */
  async waiting(): Promise<number> {
    const { body } = await fetchJson(`${this.#url}/v1/crossings`)
    return (body['items'] as readonly unknown[]).length
  }

  /** A bill of the patient over REST, of items with a quantity and a unit price. */
  claim(lines: readonly Line[], more: Fields = {}): Fields {
    const { psn_no, homeRegion } = this.patient
    const { mdtrt_cert_no: number } = this.patient.credential
    return {
      institution: this.institution,
      day: this.day,
      insuredIn: homeRegion,
      credential: { type: 'citizen-number', number },
      care: 'outpatient',
      useAccount: true,
      total: yuanOf(totalOf(lines)),
      lines: lines.map(([item, fen], i) => ({
        id: `${psn_no.slice(-2)}-${i + 1}`,
        item,
        quantity: '1',
        unitPrice: yuanOf(fen),
        amount: yuanOf(fen),
      })),
      ...more,
    }
  }

  /** Holds what was told last to one more thing. */
  check(right: boolean, wrong: string): void {
    const last = this.told.pop()
    if (last) this.told.push(right ? last : { ...last, wrong: last.wrong ?? wrong })
  }

  #note(says: string, asked: string, told: string, wrong: string | undefined): void {
    this.told.push({ says, asked, told, wrong })
  }
}

/** An item and its price in fen. */
export type Line = readonly [item: string, fen: number]

export const totalOf = (lines: readonly Line[]): number =>
  lines.reduce((sum, [, fen]) => sum + fen, 0)

const yuanOf = (fen: number): string => (fen / 100).toFixed(2)

/** What came over the national interface, in a few words. */
function wordsOf(sent: Sent): string {
  if (sent.kind === 'unknown') return '[结果未知]'
  if (sent.kind !== 'done') return sent.message
  const { setlinfo } = sent.output ?? {}
  if (!setlinfo) return 'done'
  const { fund_pay_sumamt, acct_pay, psn_cash_pay } = setlinfo
  return `done · ${paidBy(fund_pay_sumamt, acct_pay, psn_cash_pay)}`
}

function tellingOf({ status, body }: Answer): string {
  const { code, state, fundTotal, account, cash } = body
  const word = [code, state].find((one) => typeof one === 'string')
  const words = word === undefined ? String(status) : `${status} ${word}`
  return fundTotal === undefined ? words : `${words} · ${paidBy(fundTotal, account, cash)}`
}

const paidBy = (...amounts: readonly unknown[]): string => {
  const [fund, account, cash] = amounts.map((yuan) => Number(yuan).toFixed(2))
  return `funds ${fund}, account ${account}, cash ${cash}`
}

async function fetchJson(url: string, body?: Fields, key?: string): Promise<Answer> {
  const headers = {
    ...(body && { 'content-type': 'application/json' }),
    ...(key !== undefined && { 'idempotency-key': `"${key}"` }),
  }
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Fields }
}
