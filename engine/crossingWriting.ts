import type { RegionAsk, RegionReply, ToldSplit } from './awayClaim.ts'
import type { Loaded, Writing } from './books.ts'
import {
  type Crossing,
  type Asking,
  askedEntry,
  crossingEntry,
  crossingSubject,
  isOpen,
  type Purpose,
  readCrossing,
  referenceOf,
  undoAskOf,
} from './crossing.ts'
import type { AskHome, World } from './decide.ts'
import { type Entry, keptOf, MoreNeeded, type Subject, subjectKey } from './dossier.ts'
import type { Row } from './ports.ts'
import type { Ports } from './process.ts'
import { assert, type Refusal, refuse } from './refusal.ts'
import type { Settlement } from './settlement.ts'
import { isEffective } from './undo.ts'
import { nothingMore } from './written.ts'

/** Another region was asked under this key already, and its answer is not here yet: nothing is written. */
export interface Open {
  readonly kind: 'open'
}

export const open: Open = { kind: 'open' }

export const isStillOpen = (value: unknown): value is Open => value === open

/**
 * Another region was asked under this key, and its answer decides: nothing that holds today may answer in its place. What
 * was not sent is asked anew.
 */
export function isAskedAlready(one: Loaded): boolean {
  const { ask, binding, owner } = one
  if (binding.kind !== 'fresh' || !binding.asked || owner === undefined) return false
  if (ask.kind === 'enter' || ask.kind === 'move' || ask.kind === 'moveBack') return false
  if (ask.told) return false
  const crossing = crossingNamed(one, owner, referenceOf(ask.key))
  return crossing !== undefined && crossing.state !== 'unsent'
}

/** Records that the home region is about to be asked to settle (异地结算); nothing is sent before this stands. */
export const beginSettling = (
  one: Loaded,
  { claim, home, person }: AskHome,
  world: World,
): Writing | Open => {
  const reference = referenceOf(one.ask.key)
  const { careRegion: from, institution } = claim.scoped
  const about = { from, to: home, of: reference, settlement: reference }
  return begin(
    one,
    { purpose: 'settle', person, institution: institution.code, ...about },
    world,
    () => ({
      kind: 'settle',
      reference,
      claim,
    }),
  )
}

/** Records that the home region is about to be asked to undo, or to undo an undoing; it has a say in both. */
export const beginUndoing = (
  one: Loaded,
  asked: { readonly purpose: Exclude<Purpose, 'settle'>; readonly head: Row; readonly of: string },
  world: World,
): Writing | Open => {
  const { purpose, head, of } = asked
  const { person, institution, careRegion: from, homeRegion: to } = head.content
  const settlement = referenceIn(head)
  return begin(one, { purpose, from, to, person, institution, of, settlement }, world, undoAskOf)
}

/** What both regions know a settlement by. */
export function referenceIn({ content: { reference } }: Row): string {
  assert(reference !== undefined, 'what crossed regions has a reference')
  return reference
}

function begin(
  one: Loaded,
  asked: Pick<Crossing, 'purpose' | 'from' | 'to' | 'person' | 'institution' | 'of' | 'settlement'>,
  { now }: World,
  messageOf: (crossing: Crossing) => Asking['ask'],
): Writing | Open {
  const { ask } = one
  const reference = referenceOf(ask.key)
  const before = crossingNamed(one, asked.person, reference)
  if (before && before.state !== 'unsent') return open
  const about = { ...asked, reference, key: ask.key }
  const crossing: Crossing = { ...about, state: 'asked', askedAt: now, at: now }
  return {
    ...nothingMore,
    ask,
    owner: asked.person,
    entries: [askedEntry(about, now)],
    asking: { kind: 'asking', crossing, ask: messageOf(crossing) satisfies RegionAsk },
  }
}

/** A crossing by its reference; where it was not read, the ask is asked again with it named. */
function crossingNamed(
  { dossiers }: Pick<Loaded, 'dossiers'>,
  person: string,
  reference: string,
): Crossing | undefined {
  const subject: Subject = crossingSubject(person, reference)
  if (!dossiers.has(subjectKey(subject))) throw new MoreNeeded([subject])
  return readCrossing(subject, keptOf(dossiers, subject))
}

/** A request that waits for what its home region said, and the world as it was when that was asked. */
export interface Awaited {
  readonly crossing: Crossing
  readonly world: World
}

/**
 * What was allowed when the other region was asked is allowed still: a token that ended meanwhile, or a month, must not
 * part two books that agree.
 */
export function awaitedBy(one: Loaded, world: World, { dayOf }: Ports): Awaited | undefined {
  const { ask, owner } = one
  if (owner === undefined) return undefined
  const crossing = crossingNamed(one, owner, referenceOf(ask.key))
  if (!crossing || !isOpen(crossing) || crossing.state === 'reversing') return undefined
  const { askedAt } = crossing
  return { crossing, world: { ...world, now: askedAt, today: dayOf(askedAt) } }
}

/**
 * What a region was asked is settled with it or not at all: who became another region's meanwhile, or ours, is not to be
 * charged there and elsewhere too.
 */
export const refuseElsewhere = (
  awaited: Awaited | undefined,
  { side, homeRegion }: Settlement,
): Refusal | undefined =>
  !awaited || (side === 'care' && homeRegion === awaited.crossing.to)
    ? undefined
    : refuse('home-answer-wrong', { region: awaited.crossing.to })

/** What was told of a settlement; other replies have none. */
export const splitTold = (told: RegionReply | undefined): ToldSplit | undefined =>
  told?.kind === 'settled' ? told.split : undefined

/** The home region did its part, and here it cannot be done: it is to undo that, and the institution is refused. */
export const giveBack = (
  one: Loaded,
  awaited: Awaited,
  refusal: Refusal,
  { now }: World,
): Writing => endRefused(one, awaited, refusal, crossingEntry(awaited.crossing, 'reversing', now))

/** What the home region was asked to undo was undone here another way meanwhile: nothing is left to be done. */
export const leaveBe = (one: Loaded, awaited: Awaited, refusal: Refusal, { now }: World): Writing =>
  endRefused(one, awaited, refusal, crossingEntry(awaited.crossing, 'done', now))

const endRefused = (
  { ask }: Loaded,
  { crossing }: Awaited,
  refusal: Refusal,
  entry: Entry,
): Writing => ({
  ...nothingMore,
  ask,
  owner: crossing.person,
  entries: [entry],
  answer: { kind: 'refused', refusal },
})

/** A reversal of what another region was asked and has not answered: it is told to undo whatever became of it. */
export function reverseOpen(
  one: Loaded,
  original: { readonly institution: string; readonly key: string },
  person: string,
  { now }: World,
): Omit<Writing, 'ask' | 'owner'> | Open {
  const crossing = crossingNamed(one, person, referenceOf(original))
  const neverSent = crossing?.state === 'unsent'
  // Whether a cancellation was made is for the other region to say first, unless it never heard of it.
  if (!crossing || (crossing.purpose !== 'settle' && !neverSent)) return open
  const refusal = refuse('undone-before-arrival', { key: original.key })
  const entries = neverSent ? [] : [crossingEntry(crossing, 'reversing', now)]
  const blocks = { ...original, refusal, bound: true }
  return { ...nothingMore, entries, answer: { kind: 'reversed' }, blocks }
}

/** What is reversed here is to be reversed at home, which has no say in it. */
export function advised(one: Loaded, head: Row, { now }: World): Writing['entries'] {
  if (head.content.side !== 'care' || !isEffective(head)) return []
  const crossing = crossingNamed(one, head.content.person, referenceIn(head))
  return crossing ? [crossingEntry(crossing, 'reversing', now)] : []
}
