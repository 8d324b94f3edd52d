import type { RegionReply, ToldSplit } from '../../../engine/awayClaim.ts'
import type { Claim } from '../../../engine/claim.ts'
import {
  type Asking,
  type Crossing,
  crossingSubject,
  noteCrossing,
  readCrossing,
  type Step,
} from '../../../engine/crossing.ts'
import { type Day, parseDay } from '../../../engine/day.ts'
import { subjectKey } from '../../../engine/dossier.ts'
import { regionAsker } from '../../../engine/institution.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask, BillAsk, Key, Row } from '../../../engine/ports.ts'
import { type Ports, type ProcessEvent, startProcess, type Taken } from '../../../engine/process.ts'
import type { RegionPack } from '../../../engine/pack.ts'
import type { Rulebooks } from '../../../engine/rulebook.ts'
import { claimTreatedAway } from '../../../engine/treatedAway.ts'
import { MemoryBooks } from './books.ts'
import { day, deductible, layer, pays, region, rule, rulebooks, scheme } from './packs.ts'
import { claim, coverage, institution, now, person, yuan } from './world.ts'

const layers = [layer('pool', pays('0.8'), { deductible: deductible('year', '100.00') })]
const rules = [rule(layers), rule(layers, { care: ['outpatient'] })]

/** Chengdu treats, and Chongqing insures: 80 % above 100.00 a year. */
export const packsWith = (here: Partial<RegionPack> = {}): Rulebooks =>
  rulebooks({
    regions: [region('510100', here), region('500100')],
    schemes: [scheme(rules), scheme(rules, { region: '500100' })],
  })

export const packs = packsWith()

export const hospital = institution()
const number = '510199194912310024'

export const dayOf = (at: number): Day =>
  parseDay(new Date(at + 8 * 3_600_000).toISOString().slice(0, 10))

/** One region's engine on books in memory. */
export interface Side {
  readonly books: MemoryBooks
  readonly events: ProcessEvent[]
  take(ask: Ask): Promise<Taken>
  takeAll(asks: readonly Ask[]): Promise<Taken[]>
  readonly ports: Ports
}

/** Both regions, on one clock that a test sets. */
export class Abroad {
  at = now
  readonly care: Side
  readonly home: Side

  constructor(rules: { care?: Rulebooks; home?: Rulebooks } = {}) {
    this.care = this.#open('510100', '500100', rules.care ?? packs)
    this.home = this.#open('500100', '510100', rules.home ?? packs)
  }

  #open(ours: string, theirs: string, rules: Rulebooks): Side {
    const books = new MemoryBooks()
    books.clock = () => this.at
    books.institutions.set(hospital.code, hospital)
    books.people.set(number, person({ coverages: [coverage({ region: '500100' })] }))
    books.identities.set('P1', { name: '演示', citizenNumber: number })
    books.balances.set('P1', yuan(ours === '500100' ? '300.00' : '0'))
    const events: ProcessEvent[] = []
    let ids = 0
    const ports: Ports = {
      books,
      clock: { now: () => this.at, today: () => dayOf(this.at) },
      ids: { next: () => `${ours[0]}${++ids}` },
      rulebooks: rules,
      regions: rules.directory(
        [ours],
        [rules.directory([]).regionOf(theirs)].flatMap((r) => r ?? []),
      ),
      packHash: 'hash',
      dayOf,
      pause: async () => {},
      tell: (event) => void events.push(event),
    }
    const process = startProcess(ports)
    return {
      books,
      events,
      ports,
      take: async (ask) => (await process.settle([ask]))[0] as Taken,
      takeAll: (asks) => process.settle(asks),
    }
  }

  /** What is kept here of a request to the home region. */
  crossing(reference: string): Crossing | undefined {
    const subject = crossingSubject('P1', `${hospital.code} ${reference}`)
    return readCrossing(subject, this.care.books.dossiers.get(subjectKey(subject)) ?? [])
  }

  /** The home region does what it is asked. */
  async answer({ ask: asked }: Asking): Promise<RegionReply> {
    const key = homeKey(asked.reference)
    switch (asked.kind) {
      case 'settle': {
        const taken = await this.home.take({
          kind: 'settle',
          key,
          claim: claimTreatedAway(asked.claim),
        })
        return taken.kind === 'settled' ? told(taken.row) : otherwise(taken)
      }
      case 'cancel': {
        const settlement = this.homeRow(asked.settlement).settlement
        const { institution: code } = asked
        const taken = await this.home.take({ kind: 'cancel', key, settlement, institution: code })
        if (taken.kind !== 'undone') return otherwise(taken)
        return { kind: 'cancelled', postedAt: this.at, affected: taken.affected }
      }
      case 'reverse': {
        const original = { institution: regionAsker('510100'), key: asked.of }
        const { institution: code, person: who } = asked
        const taken = await this.home.take({
          kind: 'reverse',
          key,
          institution: code,
          original,
          person: who,
        })
        if (taken.kind !== 'reversed') return otherwise(taken)
        const restored = taken.row?.kind === 'restoration'
        return { kind: 'reversed', as: restored ? 'restored' : taken.row ? 'turned' : 'nothing' }
      }
    }
  }

  /** The first row that the home region has under a reference. */
  homeRow(reference: string): Row {
    const found = this.home.books.rows.find(({ content }) => content.reference === reference)
    if (!found) throw new Error(`nothing was settled under ${reference}`)
    return found
  }

  /** Asks the home region, and tells what it answered. */
  async through(ask: Told): Promise<Taken> {
    const asking = asAsking(await this.care.take(ask))
    return this.tell(ask, asking, await this.answer(asking))
  }

  /** The institution's request again, with what the home region answered. */
  async tell(ask: Told, { crossing: one }: Asking, reply: RegionReply): Promise<Taken> {
    const also = [crossingSubject(one.person, one.reference)]
    return this.care.take({ ...ask, told: reply, also })
  }

  /** Records what became of a request otherwise. */
  async note(reference: string, step: Extract<Step, { kind: 'note' }>, key: Key): Promise<Taken> {
    const subject = crossingSubject('P1', `${hospital.code} ${reference}`)
    return this.care.take({
      kind: 'enter',
      key,
      institution: hospital.code,
      owner: 'P1',
      subjects: [subject],
      enter: (found) => noteCrossing(found, subject, step),
    })
  }

  /** What stands in the books of a side, by ledger account: debits less credits. */
  balances(side: Side): Readonly<Record<string, bigint>> {
    const all = new Map<string, bigint>()
    for (const { debit, credit, amount } of [...side.books.transfers.values()].flat()) {
      all.set(debit, (all.get(debit) ?? 0n) + amount)
      all.set(credit, (all.get(credit) ?? 0n) - amount)
    }
    return Object.fromEntries([...all].filter(([, amount]) => amount !== 0n))
  }
}

type Told = Extract<Ask, { kind: 'settle' | 'bill' | 'cancel' | 'reverse' }>

export const asAsking = (taken: Taken): Asking => {
  if (taken.kind !== 'asking') throw new Error(`nobody is asked: ${words(taken)}`)
  return taken
}

const otherwise = (taken: Taken): RegionReply =>
  taken.kind === 'refused' ? { kind: 'refused', refusal: taken.refusal } : { kind: 'open' }

export function told({
  settlement,
  postedAt,
  content,
}: Row): Extract<RegionReply, { kind: 'settled' }> {
  const { draws: _draws, counters: _counters, ...split } = content
  return { kind: 'settled', settlement, postedAt, split: split satisfies ToldSplit }
}

export const keyOf = (key: string): Key => ({
  institution: hospital.code,
  key,
  fingerprint: key,
  input: `input of ${key}`,
})

const homeKey = (key: string): Key => ({
  institution: regionAsker('510100'),
  key,
  fingerprint: key,
  input: '',
})

export const awayClaim = (more: Partial<Claim> = {}): Claim =>
  claim('1000.00', { useAccount: true, day: day('2026-11-20'), ...more })

export const settle = (
  key: string,
  more: Partial<Claim> = {},
): Extract<Ask, { kind: 'settle' }> => ({
  kind: 'settle',
  key: keyOf(key),
  claim: awayClaim(more),
})

/** The bill of a visit whose dossier a test keeps itself. */
export const bill = (key: string, more: Partial<BillAsk> = {}): BillAsk => ({
  kind: 'bill',
  key: keyOf(key),
  institution: hospital.code,
  person: 'P1',
  subjects: [],
  claim: () => awayClaim(),
  enter: () => ({ entries: [] }),
  ...more,
})

export const cancel = (key: string, settlement: string): Extract<Ask, { kind: 'cancel' }> => ({
  kind: 'cancel',
  key: keyOf(key),
  settlement,
  institution: hospital.code,
})

export const reverse = (key: string, original: string): Extract<Ask, { kind: 'reverse' }> => ({
  kind: 'reverse',
  key: keyOf(key),
  institution: hospital.code,
  original: { institution: hospital.code, key: original },
  person: 'P1',
})

/** An outcome in few words. */
export function words(taken: Taken): string {
  switch (taken.kind) {
    case 'settled':
      return `settled ${taken.row.content.fundTotal}`
    case 'undone':
      return `undone ${taken.row.undoes}`
    case 'reversed':
      return `reversed ${taken.row?.kind ?? 'nothing'}`
    case 'refused':
      return taken.refusal.code
    case 'asking':
      return `asking ${taken.crossing.purpose}`
    default:
      return (taken satisfies Outcome).kind
  }
}

export const settledRow = (taken: Taken): Row => {
  if (taken.kind !== 'settled') throw new Error(words(taken))
  return taken.row
}
