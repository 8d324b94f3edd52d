import { createHash } from 'node:crypto'
import { usualCardPolicy } from '../../../engine/cardPolicy.ts'
import type { Claim } from '../../../engine/claim.ts'
import { parseDay } from '../../../engine/day.ts'
import { type Fen, parseYuan, zero } from '../../../engine/money.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask, Row } from '../../../engine/ports.ts'
import { refuse } from '../../../engine/refusal.ts'
import type { Settlement } from '../../../engine/settlement.ts'
import type { Desk } from '../../../adapters/http/needs.ts'
import { createLog } from '../../../adapters/log.ts'
import { createMetrics } from '../../../adapters/metrics.ts'
import { worldOf } from '../../engine/support/world.ts'
import { buildServer } from '../../../adapters/http/server.ts'

/** A desk that keeps answers in memory: enough to see what the door lets in and how it tells what comes out. */
export interface MemoryDesk extends Desk {
  readonly asked: Ask[]
  readonly previewed: Claim[]
  /** What the next request is told instead of its settlement. */
  next: Outcome | undefined
  /** Holds every request until it is released. */
  hold: Promise<void> | undefined
}

const postedAt = Date.parse('2026-03-02T09:00:00+08:00')

/** A log in which nothing is, and books that nobody proved yet. */
export const noSeal: NonNullable<Desk['seal']> = {
  heads: async () => ({ items: [] }),
  kept: async () => ({ items: [] }),
  consistency: async () => undefined,
  proofs: async () => undefined,
  keys: async () => [],
  sealedUpTo: async () => undefined,
  async *export() {},
}
export const noAudit: NonNullable<Desk['audit']> = {
  last: async () => undefined,
  prove: async () => undefined,
}

export function memoryDesk(): MemoryDesk {
  const answers = new Map<string, { fingerprint: string; outcome: Outcome }>()
  const desk: MemoryDesk = {
    asked: [],
    previewed: [],
    next: undefined,
    hold: undefined,
    fingerprint: (input) => createHash('sm3').update(input).digest('hex'),
    now: () => postedAt,
    isBeside: () => false,
    agency: {
      world: () => worldOf({}),
      newId: () => 'C'.repeat(30),
      dayOf: () => parseDay('2026-03-02'),
      find: async () => undefined,
      list: async () => ({ items: [] }),
      sameTotals: async () => [],
      institution: async () => undefined,
    },
    anomalies: { list: async () => [], find: async () => ({ items: [] }) },
    crossings: {
      list: async () => ({ items: [] }),
      counts: async () => [],
      find: async () => undefined,
      retry: async () => false,
    },
    records: {
      digest: (bytes) => createHash('sm3').update(bytes).digest('hex'),
      versions: async () => [],
      certificates: async () => [],
      copy: async () => undefined,
    },
    find: {
      search: async () => ({ items: [] }),
      refusals: async () => ({ items: [] }),
      history: async () => undefined,
      institutions: async () => ({ items: [] }),
      minutes: async () => [],
      unjournaled: async () => 0,
    },
    async submit(ask) {
      desk.asked.push(ask)
      await desk.hold
      const told = desk.next
      desk.next = undefined
      if (told) return told
      const id = `${ask.key.institution} ${ask.key.key}`
      const known = answers.get(id)
      if (known && known.fingerprint !== ask.key.fingerprint)
        return { kind: 'differs', field: '/total' }
      if (known) return { ...known.outcome, replayed: true } as Outcome
      const outcome = settle(ask, answers.size + 1)
      answers.set(id, { fingerprint: ask.key.fingerprint, outcome })
      return outcome
    },
    async preview(claim) {
      desk.previewed.push(claim)
      return { kind: 'preview', settlement: settlementOf(claim) }
    },
    async answered(institution, key) {
      const known = answers.get(`${institution} ${key}`)
      return known && ({ ...known.outcome, replayed: true } as Outcome)
    },
    settlements: {
      chain: async (id) => {
        const found = [...answers.values()].find(
          ({ outcome }) => outcome.kind === 'settled' && outcome.row.id === id,
        )
        return found?.outcome.kind === 'settled' ? [found.outcome.row] : undefined
      },
      list: async ({ limit }) => ({ items: [], ...(limit === 1 && { next: '01ABC' }) }),
    },
    movements: { chain: async () => undefined },
    people: {
      find: async () => undefined,
      unmask: async () => undefined,
      counters: async () => new Map(),
      accounts: async () => [],
      enrol: async () => ({ created: true }),
    },
    access: { record: async () => {}, list: async () => ({ items: [] }) },
    ledger: {
      accounts: async () => ({ items: [] }),
      account: async () => undefined,
      entries: async () => ({ items: [] }),
      transfers: async () => ({ items: [] }),
      trialBalance: async () => [
        { account: 'a', debits: 100n as Fen, credits: zero },
        { account: 'b', debits: zero, credits: 100n as Fen },
      ],
    },
    totals: async () => ({ items: [], amount: zero, settlements: 0n, position: 0n }),
    exports: { open: async () => undefined, manifest: async () => undefined },
    rules: { list: () => [], on: () => undefined },
    cards: {
      find: async () => undefined,
      read: async () => undefined,
      draw: async () => {
        throw new Error('no card is asked for here')
      },
      isTaken: async () => false,
      places: { regions: { regionOf: () => undefined }, policyOf: () => usualCardPolicy },
    },
    filings: {
      places: {
        regions: {
          regionOf: () => undefined,
          serves: () => false,
          reaches: () => false,
          regionsIn: () => [],
        },
        books: { of: () => undefined },
      },
      newNumber: () => 'F1',
      kept: async () => new Map(),
    },
    pins: {
      check: async () => ({ kind: 'locked' }),
      accept: () => ({ refused: 'unreadable' }),
    },
    health: async () => ({ ready: true, reasons: [] }),
  }
  return desk
}

function settle(ask: Ask, number: number): Outcome {
  if (ask.kind === 'reverse') return { kind: 'reversed', replayed: false }
  if (ask.kind === 'cancel')
    return {
      kind: 'refused',
      refusal: refuse('settlement-unknown', { settlement: ask.settlement }),
      replayed: false,
    }
  if (ask.kind !== 'settle') throw new Error(`this interface never asks to ${ask.kind}`)
  const id = `01JNX3H${String(number).padStart(19, '0')}ABCD`
  const row: Row = {
    id,
    settlement: id,
    sequence: 1,
    kind: 'settlement',
    postedAt,
    content: settlementOf(ask.claim),
  }
  return { kind: 'settled', row, replayed: false }
}

function settlementOf(claim: Claim): Settlement {
  const { total } = claim
  return {
    total,
    selfPaid: zero,
    overLimit: zero,
    firstSelfPay: zero,
    inScope: total,
    deductible: zero,
    crossRegionFirstPay: zero,
    shares: [{ fund: 'pool', amount: zero }],
    fundTotal: zero,
    personTotal: total,
    account: zero,
    familyAccount: zero,
    cash: total,
    hospitalShare: zero,
    employerShare: zero,
    accountBalance: parseYuan('1378.15'),
    draws: [],
    counters: [],
    trace: [],
    rules: [{ id: 'r', pack: 'p', from: parseDay('2026-01-01') }],
    person: '510100000000000000001001',
    institution: claim.institution,
    day: claim.day,
    careRegion: '510100',
    homeRegion: '510100',
    route: 'local',
    scheme: 'employee',
    care: claim.care,
    credentialKind: claim.credential.type,
    visit: claim.visit,
    lines: [],
    warnings: [],
    packHash: 'hash',
  }
}

/** A server over a desk in memory, without a port; the log goes to `lines`. */
export async function openDoor(desk: MemoryDesk = memoryDesk()) {
  const lines: string[] = []
  const metrics = createMetrics()
  const log = createLog('trace', { write: (line: string) => void lines.push(line) })
  const door = { closing: false }
  const app = await buildServer(
    desk,
    { mode: 'sandbox', host: '127.0.0.1' },
    { log, metrics },
    door,
  )
  return { app, desk, lines, metrics, door }
}

export const goodClaim = {
  institution: 'H51010000001',
  day: '2026-03-02',
  credential: { type: 'citizen-number', number: '510199198603120110' },
  care: 'outpatient',
  visit: 'V1',
  stay: { admission: '2026-03-01', discharge: '2026-03-02', interim: false },
  useAccount: true,
  familyAccount: false,
  injury: {
    certification: 'WI-2026-0001',
    diagnoses: ['S52.500'],
    consent: 'C-1',
    recurrence: false,
  },
  externalInjury: { noThirdParty: true },
  maternity: { kind: 'natural', registration: 'MR-2026-0001', fetuses: 1 },
  disease: 'M03900',
  emergency: false,
  prescription: { number: 'RX-1', circulating: false },
  scheme: 'employee',
  total: '25.00',
  lines: [
    { id: 'L1', item: 'X1', at: '2026-03-02', quantity: '2', unitPrice: '12.5', amount: '25.00' },
  ],
}
