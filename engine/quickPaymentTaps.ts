import type { Claim, Division, QuickClaim } from './claim.ts'
import type { Day, Instant } from './day.ts'
import { type Dossiers, type Entry, type Json, keptOf, type Subject } from './dossier.ts'
import { add, type Fen, zero } from './money.ts'

/** When and in which region a card paid. */
export interface TapPlace {
  readonly at: Instant
  readonly region: Division
}

/** What a card paid without PIN on one day, and of that without a line (免密累计). */
export interface TapsOfDay {
  readonly count: number
  readonly sum: Fen
  readonly offline: { readonly count: number; readonly sum: Fen }
}

/** What is kept of a card's taps as far as the next one needs it. */
export interface TapsBefore {
  /** Was this very counter seen before? */
  readonly seen: boolean
  /** The greatest counter of a payment over a line. */
  readonly last?: number | undefined
  /** The newest payments, in the order of their moments. */
  readonly recent: readonly TapPlace[]
  readonly day: TapsOfDay
  /** Was the terminal's running number seen before? */
  readonly sequenceSeen: boolean
}

const noTaps: TapsOfDay = { count: 0, sum: zero, offline: { count: 0, sum: zero } }

/** So many payments are remembered for risk rules: none of them looks at more. */
export const mostRecent = 20

/** The newest of a subject tells all: each entry carries the sums of those before it. */
const newest = 1

const cardSubject = (owner: string, card: string): Subject => ({
  owner,
  name: `taps ${card}`,
  newest,
})

const daySubject = (owner: string, card: string, day: Day): Subject => ({
  owner,
  name: `taps ${card} ${day}`,
  newest,
})

const counterSubject = (owner: string, card: string, counter: number): Subject => ({
  owner,
  name: `tap ${card} ${counter}`,
  newest,
})

/**
 * Each running number of a terminal is a subject of its own, and nobody waits for it: taps at one till have nothing to
 * lock in common.
 */
const sequenceSubject = ({ division, id }: QuickClaim['terminal'], sequence: number): Subject => ({
  owner: `terminal:${division}:${id}`,
  name: `sequence ${sequence}`,
  newest,
  unlocked: true,
})

/** What a tap is about beside its person: its card's counters and sums, and the running number of its terminal. */
export function subjectsOfTap(
  { quick, day, institution }: Pick<Claim, 'quick' | 'day' | 'institution'>,
  owner: string,
  card: string | undefined,
): Subject[] {
  if (!quick || card === undefined) return []
  const { counter, terminal, sequence, offline } = quick
  return [
    cardSubject(owner, card),
    daySubject(owner, card, day),
    counterSubject(owner, card, counter),
    ...(sequence === undefined ? [] : [sequenceSubject(terminal, sequence)]),
    ...(offline ? [recordSubject({ institution, quick })] : []),
  ]
}

/** A record of a terminal as it is listed for its pharmacy: by terminal, then by running number. */
export const recordSubject = ({ institution, quick }: ToldRecord): Subject => ({
  owner: recordsOwner(institution),
  name: `${recordsOf(quick.terminal)}${String(quick.sequence ?? 0).padStart(10, '0')} ${quick.offline?.record ?? ''}`,
  newest,
  unlocked: true,
})

export const recordsOwner = (institution: string): string => `offline:${institution}`
export const recordsOf = ({ division, id }: QuickClaim['terminal']): string => `${division} ${id} `

interface ToldRecord {
  readonly institution: string
  readonly quick: QuickClaim
}

interface KeptTaps {
  readonly last?: number | undefined
  readonly recent: readonly TapPlace[]
}

interface KeptDay {
  readonly count: number
  readonly sum: string
  readonly offlineCount: number
  readonly offlineSum: string
}

/** Of whom, of which card and of what the taps are. */
export interface TapOf {
  readonly owner: string
  readonly card: string
  readonly quick: QuickClaim
  readonly day: Day
}

/** What is kept of a card's taps, out of the dossiers that `subjectsOfTap` names. */
export function tapsBefore(dossiers: Dossiers, { owner, card, quick, day }: TapOf): TapsBefore {
  const bodyOf = (subject: Subject): unknown => keptOf(dossiers, subject).at(-1)?.body
  const taps = bodyOf(cardSubject(owner, card)) as KeptTaps | undefined
  const ofDay = bodyOf(daySubject(owner, card, day)) as KeptDay | undefined
  const { counter, terminal, sequence } = quick
  return {
    seen: bodyOf(counterSubject(owner, card, counter)) !== undefined,
    last: taps?.last,
    recent: taps?.recent ?? [],
    day: ofDay ? readDay(ofDay) : noTaps,
    sequenceSeen:
      sequence !== undefined && bodyOf(sequenceSubject(terminal, sequence)) !== undefined,
  }
}

const readDay = ({ count, sum, offlineCount, offlineSum }: KeptDay): TapsOfDay => ({
  count,
  sum: BigInt(sum) as Fen,
  offline: { count: offlineCount, sum: BigInt(offlineSum) as Fen },
})

/** The day once one more payment is made: with its PIN it counts for no limit. */
export function dayAfterTap(
  before: TapsOfDay,
  { pin, offline }: QuickClaim,
  total: Fen,
): TapsOfDay {
  if (pin.kind === 'right') return before
  const { count, sum } = before
  return {
    count: count + 1,
    sum: add(sum, total),
    offline: offline
      ? { count: before.offline.count + 1, sum: add(before.offline.sum, total) }
      : before.offline,
  }
}

/** What is kept of a tap that was settled. A later cancellation takes none of it back: neither the counter nor the sum. */
export function entriesOfTap(
  { owner, card, quick, day }: TapOf,
  before: TapsBefore,
  { total, region, settlement }: { total: Fen; region: Division; settlement: string },
): Entry[] {
  const { counter, terminal, sequence, at, offline } = quick
  const after = dayAfterTap(before.day, quick, total)
  const recent = [...before.recent, { at, region }].toSorted((a, b) => a.at - b.at)
  // A record that comes late has its own place among the counters; only payments over a line must rise.
  const last = offline ? before.last : counter
  const taps = { last, recent: recent.slice(-mostRecent) } as unknown as Json
  const ofDay: KeptDay = {
    count: after.count,
    sum: String(after.sum),
    offlineCount: after.offline.count,
    offlineSum: String(after.offline.sum),
  }
  const tapped = (subject: Subject, body: Json): Entry => ({ subject, kind: 'tapped', body })
  return [
    tapped(cardSubject(owner, card), taps),
    tapped(daySubject(owner, card, day), ofDay as unknown as Json),
    tapped(counterSubject(owner, card, counter), { settlement }),
    ...(sequence === undefined || before.sequenceSeen
      ? []
      : [tapped(sequenceSubject(terminal, sequence), { settlement })]),
  ]
}
