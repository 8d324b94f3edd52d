import { openClearing, statementsOver } from '../../../adapters/cli/clearing.ts'
import { noLines } from '../../../adapters/cli/crossings.ts'
import type { World as Served } from '../../../adapters/cli/serve.ts'
import type { Clearing } from '../../../adapters/clearing/clearing.ts'
import type { Statements } from '../../../adapters/clearing/needs.ts'
import { clearingKinds } from '../../../adapters/nhsa/clearing.ts'
import { readSettings } from '../../../adapters/nhsa/settingsFile.ts'
import { createClearingRows } from '../../../adapters/postgres/clearingRows.ts'
import { createClearings } from '../../../adapters/postgres/clearings.ts'
import { createDossiers } from '../../../adapters/postgres/dossiers.ts'
import { createLedgerQueries } from '../../../adapters/postgres/ledger.ts'
import { loadRules } from '../../../adapters/rulepacks/load.ts'
import { dayInChina } from '../../../adapters/sandbox/clock.ts'
import { windowNamed } from '../../../engine/clearingWindow.ts'
import { type Day, parseDay } from '../../../engine/day.ts'
import type { Pair } from '../../../engine/pairRun.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Key } from '../../../engine/ports.ts'
import { type RealWorld, realWorld } from '../postgres/real.ts'
import {
  cancelAsk,
  claim,
  crypto,
  settleAsk,
  start_ms,
  type WorldOptions,
} from '../postgres/support.ts'

const rules = loadRules('rules', { sandbox: true })
const settings = readSettings('rules/national-interface.yaml')
const hour_ms = 3_600_000

/** A clock that somebody sets, and that goes on by a millisecond each time it is asked. */
export function setClock(start: number = start_ms) {
  let at = start
  return {
    now: () => at++,
    today: () => dayInChina(at),
    set: (moment: string) => void (at = Date.parse(moment)),
    pass: (hours: number) => void (at += hours * hour_ms),
  }
}

/** The process as it is served, with clearing, on books of its own. */
export interface Cleared {
  readonly real: RealWorld
  readonly clock: ReturnType<typeof setClock>
  readonly clearing: Clearing
  readonly queries: ReturnType<typeof createClearings>
  readonly rows: ReturnType<typeof createClearingRows>
  readonly dossiers: ReturnType<typeof createDossiers>
  /** Clearing as another process or region has it, on the same books. */
  another(more?: AnotherWorld, statements?: Statements): Clearing
  /** Settles a bill of somebody at an institution; gives the settlement. */
  settle(who: string, institution: string, amount?: bigint): Promise<string>
  cancel(settlement: string, institution: string): Promise<string>
  /** Credits less debits of an account, or of all whose names go on after it. */
  balance(account: string): Promise<bigint>
}

export interface AnotherWorld {
  readonly pool?: Served['pool']
  /** Only these regions' books are kept there. */
  readonly regions?: readonly string[]
  readonly process?: RealWorld['process']
}

let keys = 0
export const keyOf = (region: string, name = `k${++keys}`): Key => ({
  institution: `agency:${region}`,
  key: name,
  fingerprint: name,
  input: JSON.stringify({ name }),
})

export const window = (name: string) =>
  windowNamed(name) as NonNullable<ReturnType<typeof windowNamed>>
export const day = (text: string): Day => parseDay(text)

/** The two sides of what 510100 treated of 510700. */
export const atHome: Pair = { region: '510700', side: 'home', partner: '510100' }
export const inCare: Pair = { region: '510100', side: 'care', partner: '510700' }

export async function openCleared(options: WorldOptions = {}): Promise<Cleared> {
  const clock = setClock()
  const real = await realWorld({ ...options, clock }, { clock })
  const { pool } = real.books
  const world = {
    metrics: { watch: () => undefined },
    pool,
    crypto,
    clock,
    rules,
    settings,
    config: { regions: ['510100', '510700'] },
  } as unknown as Served
  const ledger = createLedgerQueries(pool)
  let asked = 0
  const settled = (outcome: Outcome | undefined): string => {
    if (outcome?.kind === 'settled' || outcome?.kind === 'undone') return outcome.row.settlement
    throw new Error(`not settled: ${JSON.stringify(outcome)}`)
  }
  const another: Cleared['another'] = (
    { regions, process = real.process, pool: own = pool } = {},
    statements = statementsOver(noLines),
  ) => {
    const config = regions ? ({ regions } as unknown as Served['config']) : world.config
    return openClearing({ ...world, pool: own, config }, process, statements)
  }
  return {
    real,
    clock,
    clearing: another(),
    another,
    queries: createClearings(pool),
    rows: createClearingRows(pool, clearingKinds(settings)),
    dossiers: createDossiers({ pool, crypto }),
    async settle(who, institution, amount = 50_000n) {
      const words = { institution, amount, day: clock.today(), item: 'XJ01CAA040A001010100010' }
      const bill = claim(real.person(who).citizenNumber, words)
      const [outcome] = await real.process.settle([settleAsk(`settle ${++asked}`, bill)])
      return settled(outcome)
    },
    async cancel(settlement, institution) {
      const ask = cancelAsk(`cancel ${++asked}`, settlement, institution)
      return settled((await real.process.settle([ask]))[0])
    },
    async balance(account) {
      const all = await ledger.trialBalance(undefined)
      return all
        .filter((one) => one.account === account || one.account.startsWith(`${account}:`))
        .reduce((sum, { credits, debits }) => sum + credits - debits, 0n)
    },
  }
}

export const resultOf = (outcome: Outcome): Record<string, unknown> => {
  if (outcome.kind === 'entered') return outcome.result as Record<string, unknown>
  throw new Error(`not entered: ${JSON.stringify(outcome)}`)
}
export const codeOf = (outcome: Outcome): string =>
  outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind
