import type { AwayClaim, RegionAsk, RegionReply } from './awayClaim.ts'
import type { Division } from './claim.ts'
import type { Instant } from './day.ts'
import { type Entry, type Json, type Kept, keptOf, type Subject } from './dossier.ts'
import type { Entered, Found, Key } from './ports.ts'
import type { Outcome } from './outcome.ts'
import { type Refusal, refuse } from './refusal.ts'

/**
 * Where a request to another region stands (异地交易状态). `asked` is recorded before anything is sent, and `reversing` before
 * the other region is told to undo; `unknown` is what no reply in time comes to.
 */
export const crossingStates = [
  'asked', // 已发起
  'unsent', // 未发出
  'unknown', // 结果未知
  'done', // 成功
  'refused', // 被拒
  'reversing', // 冲正中
  'reversed', // 已冲正
] as const
export type CrossingState = (typeof crossingStates)[number]

/**
 * What may follow what. Of what was not sent nothing happened, and it may be asked anew under the same reference. What is
 * heard as done after it was given up is reversed once more.
 */
export const crossingSteps: Readonly<Record<CrossingState, readonly CrossingState[]>> = {
  asked: ['done', 'refused', 'unsent', 'unknown', 'reversing'],
  unsent: ['asked'],
  unknown: ['done', 'refused', 'reversing'],
  done: ['reversing'],
  refused: ['reversing'],
  reversing: ['reversed', 'reversing'],
  reversed: ['reversing'],
}

/** What another region is asked to do: to settle, to cancel (撤销), or to let a cancelled settlement stand again. */
export type Purpose = 'settle' | 'cancel' | 'restore'

/** One request to another region (异地交易), known to both by its reference. */
export interface Crossing {
  readonly reference: string
  readonly purpose: Purpose
  /** The care region, which asks, and the home region, which is asked. */
  readonly from: Division
  readonly to: Division
  readonly person: string
  readonly institution: string
  /** The reference of the request that is undone, and of the settlement that it is all about. */
  readonly of: string
  readonly settlement: string
  /** The request of the institution that it serves. */
  readonly key: Key
  readonly state: CrossingState
  readonly askedAt: Instant
  readonly at: Instant
  /** How often it was given up; absent where it never was. */
  readonly reversals?: number | undefined
}

/**
 * What is to be asked of another region before anything can be answered: it is recorded already, and nothing is sent yet.
 */
export interface Asking {
  readonly kind: 'asking'
  readonly crossing: Crossing
  readonly ask: Extract<RegionAsk, { kind: 'settle' | 'cancel' | 'reverse' }>
}

/** A preview that only another region can compute, and what it is to be asked. */
export interface AskingPreview {
  readonly kind: 'asking'
  readonly to: Division
  readonly claim: AwayClaim
}

/** How the names of such subjects begin. */
export const crossingPrefix = 'crossing '

/** Both regions know a request by who asked its care region and under which key: so can the institution itself. */
export const referenceOf = ({ institution, key }: Pick<Key, 'institution' | 'key'>): string =>
  `${institution} ${key}`

/** What is kept of one request to another region. */
export const crossingSubject = (person: string, reference: string): Subject => ({
  owner: person,
  name: crossingPrefix + reference,
})

type Told = Omit<Crossing, 'reference' | 'person' | 'state' | 'askedAt' | 'at' | 'reversals'>

export function readCrossing(
  { owner, name }: Subject,
  kept: readonly Kept[],
): Crossing | undefined {
  const asked = kept.findLast(({ kind }) => kind === 'asked')
  const last = kept.at(-1)
  if (!asked || !last) return undefined
  const reversals = kept.filter(({ kind }) => kind === 'reversing').length
  return {
    ...(asked.body as unknown as Told),
    reference: name.slice(crossingPrefix.length),
    person: owner,
    state: last.kind as CrossingState,
    askedAt: asked.at,
    at: last.at,
    ...(reversals > 0 && { reversals }),
  }
}

const second_ms = 1_000
const minute_ms = 60 * second_ms

/** Longer than anybody waits for a reply, so that nobody looks for an answer that is on its way. */
const firstWait_ms = 15 * second_ms
/** A reply that did not come is asked for after 5 s. */
const unknownWait_ms = 5 * second_ms
const waits_ms = [15 * second_ms, minute_ms, 5 * minute_ms, 15 * minute_ms, 60 * minute_ms]

/** How long to wait after the n-th attempt, from 1: 15 s, 1 min, 5 min, 15 min, 1 h, and every hour for ever. */
export const crossingWait = (attempt: number): number =>
  waits_ms[Math.min(attempt, waits_ms.length) - 1] as number

/** After so many attempts somebody has to look at it; the attempts go on. */
export const crossingAlarm = 6

/** The entry that is written before anything is sent. */
export function askedEntry(
  { reference, person, ...told }: Omit<Crossing, 'state' | 'askedAt' | 'at'>,
  now: Instant,
): Entry {
  const subject = crossingSubject(person, reference)
  return { subject, kind: 'asked', body: told as unknown as Json, due: now + firstWait_ms }
}

/** The entry of what became of it; nothing is due of what is over. */
export function crossingEntry(
  { person, reference }: Pick<Crossing, 'person' | 'reference'>,
  state: Exclude<CrossingState, 'asked'>,
  now: Instant,
): Entry {
  const due =
    state === 'unknown' ? now + unknownWait_ms : state === 'reversing' ? now : ('never' as const)
  return { subject: crossingSubject(person, reference), kind: state, body: {}, due }
}

/** Whether it is still to be found out or to be undone. */
export const isOpen = ({ state }: Pick<Crossing, 'state'>): boolean =>
  state === 'asked' || state === 'unknown' || state === 'reversing'

/** What is heard of a request, or that nothing is heard of it: silence comes in the kinds of a region's faults. */
export type Heard = RegionReply | { readonly kind: 'unsent' | 'lost' | 'bad-answer' }

/** What follows from what was heard: a state to record, with a refusal for the institution, or to go on waiting. */
export type Step =
  | { readonly kind: 'wait' }
  /** It was done there: what our own books say of it is to be written. */
  | { readonly kind: 'conclude'; readonly reply: RegionReply }
  | {
      readonly kind: 'note'
      readonly state: Exclude<CrossingState, 'asked' | 'done'>
      readonly refusal?: Refusal | undefined
    }
  /** The very request is to be sent again: the other region has never heard of it. */
  | { readonly kind: 'send' }

/** The reply, where it says that what was asked for is done; what says that something else was done is no answer to it. */
function confirming({ purpose }: Crossing, heard: Heard): RegionReply | undefined {
  switch (purpose) {
    case 'settle':
      return heard.kind === 'settled' && !heard.undone ? heard : undefined
    case 'cancel':
      return heard.kind === 'cancelled' ? heard : undefined
    case 'restore':
      return heard.kind === 'reversed' && heard.as === 'restored' ? heard : undefined
  }
}

/** What the first reply to a request means. */
export function stepAfterAsking(one: Crossing, heard: Heard): Step {
  const reply = confirming(one, heard)
  if (reply) return { kind: 'conclude', reply }
  switch (heard.kind) {
    case 'refused':
      return { kind: 'note', state: 'refused', refusal: heard.refusal }
    case 'unsent':
      return {
        kind: 'note',
        state: 'unsent',
        refusal: refuse('home-region-unreachable', { region: one.to }),
      }
    default:
      return { kind: 'note', state: 'unknown' }
  }
}

/** So often the home region is asked what became of a settlement before it is told to undo it. */
const mostQueries = 2

/**
 * What the answer to the n-th question means, from 1: what cannot be confirmed is given up, and only then undone. Whoever
 * works on it for longer than the alarm waits will not be waited for: an institution's key must not stay open for ever.
 */
export function stepAfterQuery(one: Crossing, heard: Heard, attempt: number): Step {
  const reply = confirming(one, heard)
  if (reply) return { kind: 'conclude', reply }
  const settles = one.purpose === 'settle'
  switch (heard.kind) {
    case 'refused':
      return { kind: 'note', state: 'refused', refusal: heard.refusal }
    case 'absent':
      if (settles) return giveUp(one)
      // Whoever asked may be about to write that nothing was sent: that is to be over before somebody else sends it.
      return one.state === 'asked' ? { kind: 'note', state: 'unknown' } : { kind: 'send' }
    case 'open':
      return settles && attempt >= crossingAlarm ? giveUp(one) : { kind: 'wait' }
    case 'settled':
    case 'cancelled':
    case 'reversed':
      return settles ? giveUp(one) : { kind: 'wait' }
    default:
      return settles && attempt >= mostQueries ? giveUp(one) : { kind: 'wait' }
  }
}

const giveUp = ({ to }: Crossing): Step => ({
  kind: 'note',
  state: 'reversing',
  refusal: refuse('home-region-silent', { region: to }),
})

/** A reversal is told until it is acknowledged (冲正通知), whatever comes instead. */
export const stepAfterReversal = (heard: Heard): Step =>
  heard.kind === 'reversed' ? { kind: 'note', state: 'reversed' } : { kind: 'wait' }

/** What asks another region to do what a crossing is for; a settlement is asked for with its claim. */
export function undoAskOf(one: Crossing): Extract<RegionAsk, { kind: 'cancel' | 'reverse' }> {
  const { reference, of, settlement, institution, person } = one
  const kind = one.purpose === 'cancel' ? 'cancel' : 'reverse'
  return { kind, reference, of, settlement, institution, person }
}

/**
/**
 * The advice that undoes a settlement whatever became of it. Its reference is its own, and the same at every repeat; what is
 * given up once more has another one, since the first is answered for good. No institution is called `reversal`, so that no
 * key that one chooses makes the same reference: what follows the code is theirs to choose.
 */
export function adviceOf(one: Crossing): Extract<RegionAsk, { kind: 'reverse' }> {
  const { reversals = 1, settlement, institution, person } = one
  const nth = reversals === 1 ? 'reversal' : `reversal-${reversals}`
  const reference = `${nth} ${one.reference}`
  return { kind: 'reverse', reference, of: settlement, settlement, institution, person }
}

/**
 * What is heard as done, and was refused to the institution long since, is undone once more: whoever said that it was
 * reversed may have said so before it came.
 */
export const isLate = (one: Crossing, outcome: Outcome): boolean =>
  one.purpose === 'settle' && outcome.kind === 'refused' && outcome.replayed

/**
 * Records what became of a request to another region. What the table does not allow was overtaken, say by another process:
 * that is told as a refusal that is not kept, so that it answers nobody's key.
 */
export function noteCrossing(
  found: Found,
  subject: Subject,
  { state, refusal }: Extract<Step, { kind: 'note' }>,
  of?: Pick<Crossing, 'reversals'>,
): Entered | Refusal {
  const one = readCrossing(subject, keptOf(found.dossiers, subject))
  // It was given up once more since: what was reversed before says nothing of that.
  const isOvertaken = of !== undefined && state === 'reversed' && one?.reversals !== of.reversals
  if (!one || isOvertaken || !crossingSteps[one.state].includes(state))
    return refuse('settlement-unknown', { settlement: subject.name })
  return { entries: [crossingEntry(one, state, found.now)], refusal }
}
