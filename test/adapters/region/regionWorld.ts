import { openRegional, type Regional } from '../../../adapters/cli/crossings.ts'
import type { Taking } from '../../../adapters/cli/taking.ts'
import { createLog } from '../../../adapters/log.ts'
import { createMetrics } from '../../../adapters/metrics.ts'
import { createBatcher } from '../../../adapters/postgres/batcher.ts'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import type { RegionDesk } from '../../../adapters/region/needs.ts'
import { loadRules } from '../../../adapters/rulepacks/load.ts'
import type { OpeningBalance } from '../../../adapters/sandbox/needs.ts'
import { enterWorld, readWorld, servedPart } from '../../../adapters/sandbox/world.ts'
import type { RegionAsk, RegionLine, RegionReply } from '../../../engine/awayClaim.ts'
import type { NewCard } from '../../../engine/card.ts'
import type { Claim, Division } from '../../../engine/claim.ts'
import { parseDay } from '../../../engine/day.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask } from '../../../engine/ports.ts'
import { type Ports, startProcess } from '../../../engine/process.ts'
import { portsOn } from '../postgres/real.ts'
import {
  claim,
  crypto,
  openWorld,
  settleAsk,
  type World,
  type WorldOptions,
} from '../postgres/support.ts'

const rules = loadRules('rules', { sandbox: true })
const sandbox = readWorld('rules')

/** One region's engine on books of its own, which reaches another over a line. */
export interface RegionWorld extends Regional {
  readonly books: World
  readonly ports: Ports
  readonly take: Taking
  submit(ask: Ask): Promise<Outcome>
  /** Every problem that the checks of the books find. */
  problems(): Promise<readonly object[]>
  /** What stands under a ledger account whose name begins so: debits less credits, in fen. */
  balance(prefix: string): Promise<bigint>
  close(): Promise<void>
}

export interface RegionOptions {
  readonly served: readonly [Division, ...Division[]]
  readonly reached: readonly Division[]
  readonly line: RegionLine
  /** Whether the other region would be asked now; always, unless a test says otherwise. */
  readonly hasRoom?: () => boolean
  readonly revive?: (ask: string) => Ask | undefined
  readonly clock?: WorldOptions['clock']
}

export async function openRegionWorld(options: RegionOptions): Promise<RegionWorld> {
  const { served, reached, line, revive, clock: own, hasRoom = () => true } = options
  const books = await openWorld(own ? { clock: own } : {})
  const registry = {
    ...books.register,
    putCard: (card: NewCard) => books.register.putCard(card),
    openAccounts: (due: readonly OpeningBalance[]) => books.opening.open(due),
  }
  await enterWorld(servedPart(sandbox, served), registry, 'sandbox')
  const known = rules.rulebooks.directory([])
  const others = reached.flatMap((one) => known.regionOf(one) ?? [])
  const regions = rules.rulebooks.directory(served, others)
  const ports = { ...portsOn(books), regions }
  const process = startProcess(ports)
  const batcher = createBatcher({ settleBatch: (asks) => process.settle(asks), inFlight: 4 })
  const take: Taking = (ask, lane) => batcher.submit(ask, lane)
  const { pool, clock } = books
  const log = createLog('silent')
  const world = { pool, crypto, clock, log, metrics: createMetrics(), regions }
  const regional = openRegional(world, {
    process,
    take,
    lines: { from: () => line, hasRoom },
    own: served[0],
    revive: async ({ key }) => revive?.(key.key),
  })
  return {
    ...regional,
    books,
    ports,
    take,
    submit: (ask) => regional.crossings.submit(ask),
    problems: () => checkBooks(pool),
    async balance(prefix) {
      const { rows } = await pool.query(
        `select coalesce(sum(debit_fen - credit_fen), 0)::bigint as fen from entry where starts_with(account, $1)`,
        [prefix],
      )
      return rows[0].fen
    },
    close: async () => {
      await batcher.drained()
      await books.close()
    },
  }
}

/** A line within one process; `on` may lose, hold or change what goes over it. */
export function directLine(
  from: Division,
  desk: () => RegionDesk,
  on: (asked: RegionAsk, answer: () => Promise<RegionReply>) => Promise<RegionReply> = (
    _,
    answer,
  ) => answer(),
): RegionLine {
  return { ask: (to, asked) => on(asked, () => desk().answer(from, asked, to)) }
}

export const people = new Map(sandbox.people.map((one) => [one.key, one]))

const hospitals: Readonly<Record<string, string>> = {
  '510100': 'H51010000001',
  '440100': 'H44010000001',
}

/** A bill of somebody of the sandbox in the hospital of a region, under a key of that hospital. */
export function awayBill(
  key: string,
  who: string,
  { at, ...more }: { at: Division } & Partial<Claim>,
): Extract<Ask, { kind: 'settle' }> {
  const institution = hospitals[at] as string
  const person = people.get(who)
  if (!person) throw new Error(`the sandbox has no ${who}`)
  const bill = claim(person.citizenNumber, { ...words, amount: 1_000_000n, institution })
  return settleAsk(key, {
    ...bill,
    insuredIn: person.region,
    care: 'inpatient',
    visit: `V${key}`,
    stay: { admission: parseDay('2026-02-20'), discharge: parseDay('2026-03-02'), interim: false },
    ...more,
  })
}

const words = { item: 'XC08CAA101A001010100002' }
