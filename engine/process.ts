import type { Day, Instant } from './day.ts'
import type { AskHome, World } from './decide.ts'
import { MoreNeeded, subjectKey } from './dossier.ts'
import type { ToldSplit } from './awayClaim.ts'
import type { Asking, AskingPreview } from './crossing.ts'
import { isStillOpen } from './crossingWriting.ts'
import { Fold } from './fold.ts'
import { outcomeOf, outcomeOfAnswer } from './outcome.ts'
import { sellBilled } from './packages.ts'
import type { MoveAsk, MoveBackAsk } from './movementAsks.ts'
import type { Books, Loaded, Looked, Session, Writing } from './books.ts'
import type { Outcome } from './outcome.ts'
import {
  type Answer,
  type Ask,
  type BillAsk,
  type Clock,
  type Entered,
  Fault,
  type Ids,
  type Preview,
  type Previewed,
} from './ports.ts'
import { Bug, isRefusal } from './refusal.ts'
import type { Directory } from './route.ts'
import type { Rulebooks } from './rulebook.ts'
import { decideBill, decideWhole, isAskHome } from './deciding.ts'
import { write } from './writing.ts'
import { foundBy } from './written.ts'

/** What the process asks of the world, and nothing more. */
export interface Ports {
  readonly books: Books
  readonly clock: Clock
  readonly ids: Ids
  readonly rulebooks: Rulebooks
  readonly regions: Directory
  readonly packHash: string
  /** The day in China of a moment. */
  readonly dayOf: (at: Instant) => Day
  /** Waits a little before the n-th new attempt, more each time. */
  readonly pause: (attempt: number) => Promise<void>
  /** Told of what an operator should count: a retry, a bug with its reference. */
  readonly tell: (event: ProcessEvent) => void
}

/** What an operator should count. */
export type ProcessEvent =
  | { readonly kind: 'retry'; readonly asks: number; readonly because: string }
  | { readonly kind: 'bug'; readonly reference: string; readonly error: unknown }
  | { readonly kind: 'unknown'; readonly asks: number }

/** What became of an ask, or what another region is to be asked before that can be told. */
export type Taken = Outcome | Asking

/** The engine as adapters see it. */
export interface Process {
  /** Settles or undoes many claims in one transaction; each gets its own outcome, in order. */
  readonly settle: (asks: readonly Ask[]) => Promise<Taken[]>
  /** `told` is what the home region computed, where it was asked. */
  readonly preview: (
    asked: readonly Previewed[],
    told?: ToldSplit,
  ) => Promise<(Preview | AskingPreview)[]>
}

const mostAttempts = 8

export function startProcess(ports: Ports): Process {
  return {
    settle: (asks) => settle(asks, ports, 1),
    preview: (asked, told) => preview(asked, told, ports),
  }
}

function worldNow({ clock, rulebooks, regions, packHash }: Ports): World {
  return { rulebooks, regions, packHash, now: clock.now(), today: clock.today() }
}

async function preview(
  asked: readonly Previewed[],
  told: ToldSplit | undefined,
  ports: Ports,
): Promise<(Preview | AskingPreview)[]> {
  const world = worldNow(ports)
  const looked = await ports.books.look(asked)
  const previews = asked.map((one, i) => previewOrMore(one, looked[i], world, told))
  const again = previews.flatMap((one) => ('again' in one ? [one.again] : []))
  const later = again.length > 0 ? await preview(again, told, ports) : []
  return previews.map((one) => ('again' in one ? (later.shift() as Preview) : one))
}

/** A preview, or the same to be asked again with what it turned out to be about as well. */
function previewOrMore(
  asked: Previewed,
  looked: Looked | undefined,
  world: World,
  told: ToldSplit | undefined,
): Preview | AskingPreview | { readonly again: Previewed } {
  try {
    return previewOne(asked, looked, world, told)
  } catch (error) {
    const more = 'subjects' in asked ? withMore(asked, error) : undefined
    if (!more) throw error
    return { again: more }
  }
}

function previewOne(
  asked: Previewed,
  looked: Looked | undefined,
  world: World,
  told: ToldSplit | undefined,
): Preview | AskingPreview {
  const known = looked ?? { dossiers: new Map(), facts: undefined }
  if (!('subjects' in asked)) {
    const decided = decideWhole(asked, known, world, told)
    if (isRefusal(decided)) return { kind: 'refused', refusal: decided }
    return isAskHome(decided) ? asking(decided) : { kind: 'preview', settlement: decided }
  }
  const found = foundBy(known, world)
  const billed = decideBill(asked, found, world, { told })
  if (isRefusal(billed)) return { kind: 'refused', refusal: billed }
  if ('kind' in billed) return asking(billed)
  const more = asked.enter(found, billed)
  const sold = sellBilled(found, billed, 'preview')
  const refusal = isRefusal(more) ? more : isRefusal(sold) ? sold : undefined
  return refusal
    ? { kind: 'refused', refusal }
    : { kind: 'preview', settlement: billed.settlement, result: (more as Entered).result }
}

const asking = ({ home: to, claim }: AskHome): AskingPreview => ({ kind: 'asking', to, claim })

/** One attempt: bind, lock and load; decide each; write all; commit. */
async function settle(asks: readonly Ask[], ports: Ports, attempt: number): Promise<Taken[]> {
  let session: Session | undefined
  try {
    session = await ports.books.open(asks)
    const round = decideAll(session.loaded, ports)
    if (round.writings.length > 0) await session.commit(round.writings)
    else await giveUp(session)
    return await settleDeferred(round, ports)
  } catch (error) {
    await giveUp(session)
    return afterFailure(error, { asks, ports, attempt })
  }
}

/** A session that cannot even be told to give up has ended by itself; what failed before it is what counts. */
async function giveUp(session: Session | undefined): Promise<void> {
  try {
    await session?.abandon()
  } catch {}
}

interface Round {
  /** A deferred ask stands for its outcome, with what it turned out to be about. */
  readonly outcomes: (Taken | Deferred)[]
  readonly writings: readonly Writing[]
}

/**
 * Asks that had to wait for another of the same person in this batch, or turned out to be about more than they named,
 * are settled in a batch of their own.
 */
async function settleDeferred({ outcomes }: Round, ports: Ports): Promise<Taken[]> {
  const waiting = outcomes.filter((outcome) => 'deferred' in outcome).map((one) => one.deferred)
  const later = waiting.length > 0 ? await settle(waiting, ports, 1) : []
  return outcomes.map((one) => ('deferred' in one ? (later.shift() as Taken) : one))
}

interface Deferred {
  readonly deferred: Ask
}

/** The same ask about more, unless it names that already: then the books cannot tell it. */
function withMore<A extends Pick<BillAsk, 'also'>>(asked: A, error: unknown): A | undefined {
  if (!(error instanceof MoreNeeded)) return undefined
  const named = new Set(asked.also?.map(subjectKey))
  if (error.subjects.some((subject) => named.has(subjectKey(subject)))) return undefined
  return { ...asked, also: [...(asked.also ?? []), ...error.subjects] }
}

function decideAll(loaded: readonly Loaded[], ports: Ports): Round {
  const world = worldNow(ports)
  const fold = new Fold()
  const writings: Writing[] = []
  const outcomes = loaded.map((one): Taken | Deferred => {
    const known = outcomeOf(one.binding)
    if (known) return known
    if (fold.mustWait(one)) return { deferred: one.ask }
    try {
      const writing = write(one, fold, world, ports)
      if (isRefusal(writing)) return { kind: 'refused', refusal: writing, replayed: false }
      if (isStillOpen(writing)) return { kind: 'unknown' }
      writings.push(writing)
      fold.note(one, writing)
      return writing.asking ?? { ...outcomeOfAnswer(writing.answer as Answer), replayed: false }
    } catch (error) {
      return deferredOrBug(error, one, ports)
    }
  })
  return { outcomes, writings }
}

/** What is all that it is about, and cannot turn out to be about more. */
const isWhole = (ask: Ask): ask is MoveAsk | MoveBackAsk =>
  ask.kind === 'move' || ask.kind === 'moveBack'

function deferredOrBug(error: unknown, { ask }: Loaded, ports: Ports): Outcome | Deferred {
  const more = isWhole(ask) ? undefined : withMore(ask, error)
  return more ? { deferred: more } : bug(error, ask, ports)
}

interface Failed {
  readonly asks: readonly Ask[]
  readonly ports: Ports
  readonly attempt: number
}

/**
 * A conflict re-runs everything from the beginning, bounded. A commit without a reply is looked up before anything is
 * answered. Anything else, or a conflict that never ends, is one claim's poison: the batch is halved until it stands
 * alone, and its neighbours settle.
 */
async function afterFailure(error: unknown, failed: Failed): Promise<Taken[]> {
  const { asks, ports, attempt } = failed
  if (!(error instanceof Fault)) return halve(error, failed)
  if (error.kind === 'unavailable') return asks.map(() => ({ kind: 'busy' }))
  if (error.kind === 'unknown') return lookUpAll(failed)
  ports.tell({ kind: 'retry', asks: asks.length, because: error.message })
  if (attempt >= mostAttempts) return asks.length > 1 ? halve(error, failed) : [{ kind: 'busy' }]
  await ports.pause(attempt)
  return settle(asks, ports, attempt + 1)
}

async function halve(error: unknown, { asks, ports }: Failed): Promise<Taken[]> {
  const [first] = asks
  if (asks.length <= 1) return first ? [bug(error, first, ports)] : []
  const middle = Math.ceil(asks.length / 2)
  return [
    ...(await settle(asks.slice(0, middle), ports, 1)),
    ...(await settle(asks.slice(middle), ports, 1)),
  ]
}

async function lookUpAll({ asks, ports, attempt }: Failed): Promise<Taken[]> {
  ports.tell({ kind: 'unknown', asks: asks.length })
  const found = await lookUp(asks, ports)
  const again = asks.filter((_, i) => found[i] === 'nothing')
  const retried =
    again.length === 0
      ? []
      : attempt >= mostAttempts
        ? again.map((): Outcome => ({ kind: 'busy' }))
        : await settle(again, ports, attempt + 1)
  return found.map((outcome) => (outcome === 'nothing' ? (retried.shift() as Taken) : outcome))
}

/** `nothing` only where the books, read anew, prove that nothing was committed under the key. */
async function lookUp(asks: readonly Ask[], { books }: Ports): Promise<(Outcome | 'nothing')[]> {
  try {
    const bindings = await books.lookUp(asks.map((ask) => ask.key))
    return bindings.map((binding) => {
      if (!binding) return { kind: 'unknown' }
      const known = outcomeOf(binding)
      if (!known) return 'nothing'
      return 'replayed' in known ? { ...known, replayed: false } : known
    })
  } catch {
    return asks.map(() => ({ kind: 'unknown' }))
  }
}

function bug(error: unknown, ask: Ask, { ids, clock, tell }: Ports): Outcome {
  const reference = ids.next(ask.key.institution, clock.now())
  tell({ kind: 'bug', reference, error: error instanceof Bug ? error : new Bug(String(error)) })
  return { kind: 'bug', reference }
}
