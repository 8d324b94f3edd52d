import type { AwayCredential, RegionReply, Visitor } from '../../engine/awayClaim.ts'
import type { Claim, Division } from '../../engine/claim.ts'
import {
  type Asking,
  type Crossing,
  crossingSubject,
  isLate,
  noteCrossing,
  readCrossing,
  referenceOf,
  type Step,
  stepAfterAsking,
} from '../../engine/crossing.ts'
import { keptOf } from '../../engine/dossier.ts'
import { regionAsker } from '../../engine/institution.ts'
import { type Ask, Fault, type Key, type Preview, type Previewed } from '../../engine/ports.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Taken } from '../../engine/process.ts'
import { assert, isRefusal, refuse, type Refusal } from '../../engine/refusal.ts'
import { hear, patience_ms } from './heard.ts'
import type { CrossingWorld, Lane } from './crossingNeeds.ts'
import { Guests } from './visitors.ts'

/** Asks of people who are insured elsewhere, answered as if their home region were here (异地结算). */
export interface Crossings {
  submit(ask: Ask, lane?: Lane): Promise<Outcome>
  preview(asked: Previewed): Promise<Preview>
  /** Who somebody is who says to be insured elsewhere; undefined where that is here, or nothing is said. */
  identify(
    insuredIn: Division | undefined,
    credential: AwayCredential,
  ): Promise<Visitor | Refusal | undefined>
  /** Writes what another region is known to have done, or gave up; for whoever finds it out later. */
  carryOut(
    crossing: Crossing,
    step: Step,
    ask: () => Promise<Ask | undefined>,
    lane?: Lane,
  ): Promise<Outcome>
}

/** Where it took longer to hear who somebody is, they come again: then that is known, and all of the time is left to settle. */
const slowWelcome_ms = 2_000

export function createCrossings(world: CrossingWorld): Crossings {
  const crossing = new Set<string>()
  const guests = new Guests(world)
  const submit = async (ask: Ask, lane?: Lane): Promise<Outcome> => {
    const name = `${ask.key.institution}\0${ask.key.key}`
    if (crossing.has(name)) return { kind: 'inProgress' }
    crossing.add(name)
    try {
      const began = performance.now()
      const welcomed = ask.kind === 'settle' ? await guests.welcome(...shown(ask.claim)) : undefined
      const waited_ms = performance.now() - began
      const met = { welcomed, waited_ms, guests }
      const taken = await take(ask, met, lane, world)
      if (taken.kind === 'unknown') return await knownElsewhere(name, world)
      if (taken.kind !== 'asking') return taken
      return await inTurn(name, world, () => cross(ask, taken, patience_ms - waited_ms))
    } finally {
      crossing.delete(name)
    }
  }
  const cross = async (
    ask: Ask,
    { crossing: one, ask: message }: Asking,
    left_ms: number,
  ): Promise<Outcome> => {
    const heard = await hear(world.lines.from(one.from), one.to, message, left_ms)
    return carryOut(one, stepAfterAsking(one, heard), async () => ask)
  }
  const carryOut: Crossings['carryOut'] = async (one, step, ask, lane) => {
    switch (step.kind) {
      case 'conclude':
        return conclude(one, step.reply, { ask: await madeAnew(one, ask, world), lane }, world)
      case 'note':
        return note(one, step, world)
      case 'wait':
      case 'send':
        return { kind: 'unknown' }
    }
  }
  return {
    submit,
    async preview(asked) {
      const welcomed = 'subjects' in asked ? undefined : await guests.welcome(...shown(asked))
      return isRefusal(welcomed) ? { kind: 'refused', refusal: welcomed } : preview(asked, world)
    },
    identify: (insuredIn, credential) => guests.welcome(insuredIn, credential, true),
    carryOut,
  }
}

/** While another region is asked, other processes of this server tell whoever repeats the request that it is under way. */
async function inTurn(
  name: string,
  { turns }: CrossingWorld,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  if (!(await turns?.take(name))) return work()
  try {
    return await work()
  } finally {
    await turns?.give(name)
  }
}

async function knownElsewhere(name: string, { turns }: CrossingWorld): Promise<Outcome> {
  if (!turns) return { kind: 'unknown' }
  if (!(await turns.take(name))) return { kind: 'inProgress' }
  await turns.give(name)
  return { kind: 'unknown' }
}

const shown = ({ insuredIn, credential }: Claim) => [insuredIn, credential] as const

/** A guest's bill will be asked about at home, so what is kept of that is read with everything else. */
function withCrossing(ask: Ask, guests: Guests, welcomed: Visitor | undefined): Ask {
  const person = ask.kind === 'bill' && guests.knows(ask.person) ? ask.person : welcomed?.person.id
  if (person === undefined || !mayCross(ask)) return ask
  return { ...ask, also: [...(ask.also ?? []), crossingSubject(person, referenceOf(ask.key))] }
}

/** What comes of dossiers crosses where these say so, and is refused only then. */
const unlessClosed = (ask: Ask, world: CrossingWorld): Ask =>
  ask.kind === 'bill' ? { ...ask, closed: (home) => refuseNow(home, world) } : ask

/** What was heard of whoever a request is about, and how long that took. */
interface Met {
  readonly welcomed: Visitor | Refusal | undefined
  readonly waited_ms: number
  readonly guests: Guests
}

/** What stands under the key already is told also while the home region is silent. */
async function take(
  ask: Ask,
  { welcomed, waited_ms, guests }: Met,
  lane: Lane | undefined,
  world: CrossingWorld,
): Promise<Taken> {
  if (!welcomed && !guests.isAbout(ask)) return world.take(unlessClosed(ask, world), lane)
  const unwelcome = isRefusal(welcomed)
    ? welcomed
    : welcomed && refuseNow(areaOf(welcomed, world), world, waited_ms)
  if (unwelcome && ask.kind === 'settle') {
    // Of a region that is down hundreds are refused a second: what is new needs no transaction for that.
    if (!(await world.stands(ask.key)))
      return { kind: 'refused', refusal: unwelcome, replayed: false }
    return world.take({ ...ask, unwelcome }, 'away')
  }
  const crossing = withCrossing(ask, guests, isRefusal(welcomed) ? undefined : welcomed)
  return world.take(unlessClosed(crossing, world), 'away')
}

const areaOf = ({ region }: Visitor, { visitors }: CrossingWorld): Division =>
  visitors.isAway(region)?.area ?? region

/** What could not be sent now is not begun either: it would be written only to be told so. */
function refuseNow(to: Division, { lines }: CrossingWorld, waited_ms = 0): Refusal | undefined {
  const isAsked = waited_ms <= slowWelcome_ms && lines.hasRoom?.(to) !== false
  return isAsked ? undefined : refuse('home-region-unreachable', { region: to })
}

/** The institution's request again, now that the other region has done its part. */
async function conclude(
  one: Crossing,
  told: RegionReply,
  { ask, lane }: { readonly ask: Ask | undefined; readonly lane: Lane | undefined },
  world: CrossingWorld,
): Promise<Outcome> {
  // Whose request cannot be made again, or cannot be written here, is not to be charged there.
  if (!ask || !mayCross(ask)) return giveUp(one, world)
  const also = [...(ask.also ?? []), crossingSubject(one.person, one.reference)]
  const taken = await world.take({ ...ask, told, also }, lane)
  assert(taken.kind !== 'asking', 'what was told is not asked again')
  if (taken.kind === 'bug') await giveUp(one, world)
  if (isLate(one, taken)) await undoLate(one, world)
  // Nothing is known of a commit here while the other half stands there: it is found out later.
  return taken.kind === 'busy' ? { kind: 'unknown' } : taken
}

/** What fails for a moment is tried again; whatever else keeps a request from being made anew will keep it so for ever. */
async function madeAnew(
  one: Crossing,
  ask: () => Promise<Ask | undefined>,
  world: CrossingWorld,
): Promise<Ask | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof Fault)) await giveUp(one, world)
    throw error
  }
}

/** A request as it stands now. */
export async function crossingNow(
  { person, reference }: Pick<Crossing, 'person' | 'reference'>,
  world: Pick<CrossingWorld, 'kept'>,
): Promise<Crossing | undefined> {
  const subject = crossingSubject(person, reference)
  return readCrossing(subject, keptOf(await world.kept([subject]), subject))
}

/** What was refused or given up, and is heard as settled after that, is reversed once more. */
async function undoLate({ person, reference }: Crossing, world: CrossingWorld): Promise<void> {
  const one = await crossingNow({ person, reference }, world)
  if (one) await note(one, { kind: 'note', state: 'reversing' }, world)
}

async function giveUp(one: Crossing, world: CrossingWorld): Promise<Outcome> {
  if (one.purpose !== 'settle') return { kind: 'unknown' }
  const refusal = refuse('home-region-silent', { region: one.to })
  return note(one, { kind: 'note', state: 'reversing', refusal }, world)
}

type MayCross = Extract<Ask, { kind: 'settle' | 'bill' | 'cancel' | 'reverse' }>

const mayCross = (ask: Ask): ask is MayCross =>
  ask.kind !== 'enter' && ask.kind !== 'move' && ask.kind !== 'moveBack'

/**
 * Records what became of it. Where that ends the institution's request in a refusal, it is recorded under the very key of
 * that request, so that whoever repeats it is told so.
 */
async function note(
  one: Crossing,
  step: Extract<Step, { kind: 'note' }>,
  world: CrossingWorld,
): Promise<Outcome> {
  const { to, person, reference, key, institution } = one
  const { state, refusal } = step
  const subject = crossingSubject(person, reference)
  const ends = refusal !== undefined && state !== 'unsent'
  const asker = regionAsker(to)
  // Of a region that falls silent hundreds are noted at once, and nobody at a window of ours is to stand behind them.
  const taken = await world.take(
    {
      kind: 'enter',
      key: ends ? key : ownKey(one, asker, state),
      institution: ends ? institution : asker,
      owner: person,
      subjects: [subject],
      enter: (found) => noteCrossing(found, subject, ends ? step : { kind: 'note', state }, one),
    },
    'away',
  )
  if (state === 'unsent' && taken.kind === 'entered' && refusal)
    return { kind: 'refused', refusal, replayed: false }
  return taken.kind === 'refused' && ends && taken.refusal.code !== 'settlement-unknown'
    ? taken
    : { kind: 'unknown' }
}

/** What changes nothing for the institution has a key of our own: one for each time it stands where it stands. */
function ownKey({ reference, at }: Crossing, institution: string, state: string): Key {
  const key = `${reference} ${state} ${at}`
  return { institution, key, fingerprint: key, input: '' }
}

/** A preview goes the same way, and binds nothing on either side. */
async function preview(asked: Previewed, world: CrossingWorld): Promise<Preview> {
  const looked = await world.preview(asked)
  if (looked.kind !== 'asking') return looked
  const { to, claim } = looked
  const line = world.lines.from(claim.scoped.careRegion)
  const heard = await hear(line, to, { kind: 'preview', claim })
  if (heard.kind === 'refused') return { kind: 'refused', refusal: heard.refusal }
  if (heard.kind !== 'previewed')
    return { kind: 'refused', refusal: refuse('home-region-unreachable', { region: to }) }
  const told = await world.preview(asked, heard.split)
  assert(told.kind !== 'asking', 'what was told is not asked again')
  return told
}
