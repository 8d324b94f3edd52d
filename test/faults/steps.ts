import { withCheckDigit } from '../support/citizenNumber.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import pg from 'pg'
import type { Bench } from './bench.ts'
import { type Story, wordsOf } from './client.ts'
import type { Fault } from './faults.ts'
import type { CommitFault } from './proxy.ts'
import type { Op } from './workload.ts'

type Fields = Readonly<Record<string, unknown>>

/** What was told under a key of ours. */
interface Told {
  readonly status: number
  readonly text: string
  readonly body: Fields
}

const kills = ['killBefore', 'killSent', 'killDone', 'killTold'] as const
const patience_ms = 60_000
const hospital = 'H51010000001'
const region = '510100'
const day = '2026-03-02'
const desk = { desk: { division: region, operator: 'op1' } }
const show = (...kinds: readonly string[]): Fields => ({
  ...desk,
  documents: kinds.map((kind) => ({ kind })),
})
let people = 0

/** What a person lives through whose every COMMIT is struck once: money without a bill, a card, a bill and its collection. */
class Steps {
  readonly asked: { readonly path: string; readonly key: string; body: Fields; told: Told }[] = []
  readonly #bench: Bench
  readonly #tag: string
  readonly #revived: () => Promise<void>

  constructor(bench: Bench, tag: string, revived: () => Promise<void>) {
    this.#bench = bench
    this.#tag = tag
    this.#revived = revived
  }

  /** Asks under one key until there is a final answer. */
  async ask(path: string, body: Fields): Promise<Told> {
    const key = `${this.#tag}k${this.asked.length + 1}`
    const told = await this.repeat(path, body, key)
    if (told.status !== 201) throw new Error(`${path}: ${told.status} ${told.text}`)
    this.asked.push({ path, key, body, told })
    return told
  }

  async repeat(path: string, body: Fields, key: string): Promise<Told> {
    const until = performance.now() + patience_ms
    for (;;) {
      const told = await this.send(path, body, key)
      if (told && told.status !== 409 && told.status !== 503) return told
      if (performance.now() > until) throw new Error(`${path}: no final answer`)
      await this.#revived()
      await sleep(50)
    }
  }

  async send(path: string, body: Fields | undefined, key: string): Promise<Told | undefined> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': `"${key}"` }
    const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : {}
    try {
      const url = `http://127.0.0.1:${this.#bench.engine.port}${path}`
      const reply = await fetch(url, { ...init, signal: AbortSignal.timeout(20_000) })
      const text = await reply.text()
      return { status: reply.status, text, body: JSON.parse(text) as Fields }
    } catch {
      return undefined
    }
  }
}

interface Lived {
  readonly person: string
  readonly settlement: string
  readonly story: Story
  readonly undo: Story
}

/** One life: every step is done exactly once, however often it is asked for. */
async function live(bench: Bench, steps: Steps, tag: string, finish: Finish): Promise<Lived> {
  const { person, citizenNumber, card } = await enrol(steps)
  const common = { region, person, month: '2026-03', day }
  const taken = await steps.ask('/v1/movements', {
    ...common,
    kind: 'contribution',
    scheme: 'employee',
    reference: 'TAX',
    total: '960.00',
    paid: [{ payer: 'employer', amount: '960.00' }],
    funds: [{ fund: 'pool', amount: '720.00' }],
    account: '240.00',
  })
  await steps.ask(`/v1/movements/${String(taken.body['id'])}/cancellation`, { region })
  const wage = { ...common, kind: 'benefit', benefit: 'wage', reference: 'WAGE', total: '12.34' }
  await steps.ask('/v1/movements', wage)
  await steps.ask(`/v1/cards/${card}/formal-loss`, show('id-document'))
  const reissued = await steps.ask(`/v1/cards/${card}/reissue`, show('id-document'))
  const fresh = (reissued.body['newCard'] as { id: string }).id
  await steps.ask(`/v1/cards/${fresh}/making`, desk)
  await steps.ask(`/v1/cards/${fresh}/delivery`, show('id-document'))
  await steps.ask(`/v1/cards/${fresh}/activation`, show('own-card', 'id-document'))
  const story = bench.clients.write(bill(`${tag}b`, citizenNumber))
  await finish(story)
  const settlement = String(wordsOf(story)['id'])
  await steps.ask(`/v1/settlements/${settlement}/collection`, { institution: hospital })
  const undo = bench.clients.write({
    key: `${tag}u`,
    institution: hospital,
    kind: 'cancel',
    path: `/v1/settlements/${settlement}/cancellation`,
    body: { institution: hospital },
    settlement,
  })
  await finish(undo)
  return { person, settlement, story, undo }
}

type Finish = (story: Story) => Promise<void>

async function enrol(steps: Steps) {
  const n = (people += 1)
  const person = `5101000000000000${60_000_000 + n}`
  const digits = `5101991971${String(1 + (n % 12)).padStart(2, '0')}11${String(100 + (n % 900))}`
  const citizenNumber = withCheckDigit(digits)
  const number = `W${String(10_000_000 + n)}`
  const card = { number, serial: `510100D156000005${String(n).padStart(16, '0')}` }
  const told = await steps.repeat(
    '/v1/people',
    {
      id: person,
      name: '演示',
      citizenNumber,
      region,
      bankAccount: `6217000000${String(n).padStart(5, '0')}1`,
      coverages: [{ scheme: 'employee', group: 'working', from: '2020-01-01' }],
      card: { ...card, issued: '2021-05-01', expires: '2031-05-01' },
    },
    'none',
  )
  if (told.status > 201) throw new Error(told.text)
  return { person, citizenNumber, card: number }
}

function bill(key: string, number: string): Op {
  const line = { id: key, item: '001101000010000', quantity: '1', unitPrice: '120.00' }
  return {
    key,
    institution: hospital,
    kind: 'settle',
    path: '/v1/settlements',
    mark: key,
    body: {
      institution: hospital,
      day,
      credential: { type: 'citizen-number', number },
      care: 'outpatient',
      useAccount: false,
      total: '120.00',
      lines: [{ ...line, amount: '120.00' }],
    },
  }
}

/** F2 again: the engine dies around the n-th COMMIT of somebody's movements, card services, bill and collection. */
export const killAtStep = (nth: number): Fault => ({
  name: 'F2 steps',
  says: 'SIGKILL around the n-th COMMIT of movements, card services, a bill and its collection',
  async run(bench, random, tag) {
    const { clients, engine, proxy } = bench
    const fault: CommitFault = { kind: random.pick(kills) }
    let struck = 0
    const revived = async (): Promise<void> => {
      struck = Math.max(struck, proxy.struck)
      if (!engine.alive) await bench.revive()
    }
    const pace = random.fork('pace')
    const finish: Finish = async (story) => {
      await clients.send(story)
      if (story.answers.length === 0) await sleep(100)
      await revived()
      await clients.finish([story], pace)
    }
    const steps = new Steps(bench, tag, revived)
    proxy.lay({ atCommit: (n) => (n === nth ? fault : undefined) })
    const lived = await live(bench, steps, tag, finish)
    const wrong = await untilReturned(steps, lived.settlement, revived)
    await revived()
    proxy.lay({})
    wrong.push(...(await differences(steps)), ...(await countedWrong(bench.ownerUrl, lived)))
    const report = await bench.judge(random)
    report.verdict.unexplained.push(...wrong)
    return { ...report, struck }
  },
})

/** The money of a settlement that was undone goes back, whichever process has begun it. */
async function untilReturned(
  steps: Steps,
  settlement: string,
  revived: () => Promise<void>,
): Promise<string[]> {
  const until = performance.now() + patience_ms
  for (;;) {
    const told = await steps.send(`/v1/settlements/${settlement}/collection`, undefined, 'none')
    const items = (told?.body['items'] ?? []) as { readonly state: string }[]
    if (items.length > 0 && items.every(({ state }) => state === 'returned')) return []
    if (performance.now() > until) return [`the collection is not returned: ${told?.text}`]
    await revived()
    await sleep(200)
  }
}

/** Asked again under its key everything is answered as it was; of a collection its state is that of now. */
async function differences(steps: Steps): Promise<string[]> {
  const found: string[] = []
  for (const { path, key, body, told } of steps.asked) {
    const again = await steps.repeat(path, body, key)
    const isCollection = path.endsWith('/collection')
    const same = isCollection
      ? again.body['reference'] === told.body['reference'] && again.body['state'] === 'returned'
      : again.status === told.status && again.text === told.text
    if (!same) found.push(`${path} ${key} was told ${told.text} and then ${again.text}`)
    const other = await steps.repeat(path, { ...body, region: '510700', institution: 'X' }, key)
    if (other.status < 400) found.push(`${path} ${key} takes another body: ${other.text}`)
  }
  return found
}

const counts = `
  select (select count(*)::int from movement where owner_id = $1) as movements,
         (select count(*)::int from dossier_entry
          where owner_id = $1 and subject like 'card %' and kind <> 'lapse') as services,
         (select count(*)::int from card where owner_id = $1) as cards,
         (select count(*)::int from dossier_entry
          where owner_id = $1 and subject = 'collection ' || $2 and kind = 'asked') as asked,
         (select coalesce(sum(balance_fen), 0)::int from (
            select distinct on (account) balance_fen from account_version
            where owner_id = $1 order by account, version desc) b) as balance,
         (select coalesce(sum(case kind when 'movement' then total_fen else -total_fen end), 0)::int
          from movement where owner_id = $1 and moves = 'collection') as collected`

/**
 * A contribution and what took it back, a benefit, and a collection with what took it back unless it was undone before it was
 * booked; what six services write of two cards, one of which ends; and no money left anywhere.
 */
async function countedWrong(ownerUrl: string, { person, settlement }: Lived): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const { rows } = await client.query(counts, [person, settlement])
    const { movements, ...others } = rows[0]
    const due = { services: 7, cards: 2, asked: 1, balance: 0, collected: 0 }
    return isDeepStrictEqual(others, due) && [3, 5].includes(movements)
      ? []
      : [`${person}: ${JSON.stringify(rows[0])}`]
  } finally {
    await client.end()
  }
}
