import { regionOwner } from '../../engine/clearing.ts'
import { chainOf } from '../../engine/clearingRun.ts'
import { compareStatements, type Compared } from '../../engine/clearingStatement.ts'
import { type Window, windowOf } from '../../engine/clearingWindow.ts'
import { type Day, dayAfter, type Instant } from '../../engine/day.ts'
import { agencyOf } from '../../engine/movement.ts'
import {
  closePair,
  nextFrom,
  openPair,
  type Pair,
  pairChain,
  pairOf,
} from '../../engine/pairRun.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Key } from '../../engine/ports.ts'
import { askOf, ownKey, untilNotOvertaken } from './asking.ts'
import type { DueSubject, World } from './needs.ts'

/** Closes a window of a pair: reads both statements, compares them row by row, and writes what both have alike. */
export async function closeWindow(
  world: World,
  key: Key,
  pair: Pair,
  window: Window,
): Promise<Outcome> {
  const chain = pairChain(pair)
  const id = world.newId(chain.owner)
  return untilNotOvertaken(async () => {
    const seen = chainOf(await world.kept(chain)).version
    const compared = await compareWindow(world, pair, window)
    const nextDue = dueOf(world, pair, ownWindow(world, pair, dayAfter(window.until)))
    return world.submit(
      askOf(key, chain.owner, [chain], (found) =>
        closePair(found, { pair, chain, window, seen, run: id, nextDue, ...compared }),
      ),
    )
  })
}

/** The window of a day as the region of a pair has them, whatever was closed by hand before. */
const ownWindow = (world: World, { region }: Pair, on: Day): Window =>
  windowOf(world.policyOf(region).window, on)

/** When a window is closed by itself: some days after its last one. */
function dueOf(world: World, { region }: Pair, { until }: Window): Instant {
  let day = dayAfter(until)
  for (let left = world.policyOf(region).closesAfter_days; left > 0; left--) day = dayAfter(day)
  return world.startOf(day)
}

/**
 * What both sides have until the end of a window and in no earlier one. The other side's statement reaches back to the
 * oldest row that is still open or was held out; what it lists that was cleared here before is no difference.
 */
export async function compareWindow(
  world: World,
  pair: Pair,
  { from, until }: Window,
): Promise<Compared> {
  const nothing = { agreed: [], disputes: [] }
  if (until >= world.today()) return nothing
  const chain = pairChain(pair)
  const [open, held, kept] = await Promise.all([
    world.rows.open(pair, until),
    world.runs.oldestDispute(chain.owner, chain.name),
    world.kept(chain),
  ])
  const first = [from, nextFrom(kept), held, open[0]?.postedOn]
    .filter((day) => day !== undefined)
    .reduce((least, day) => (day < least ? day : least))
  if (first > until) return nothing
  const theirs = await world.statements.statementOf({
    of: pair.partner,
    side: pair.side === 'home' ? 'care' : 'home',
    by: pair.region,
    from: first,
    until,
  })
  return withoutCleared(world, pair, compareStatements(open, theirs))
}

async function withoutCleared(
  world: World,
  { region }: Pair,
  { agreed, disputes }: Compared,
): Promise<Compared> {
  const missing = disputes.filter(({ kind }) => kind === 'missingHere')
  if (missing.length === 0) return { agreed, disputes }
  const cleared = await world.rows.cleared(
    region,
    missing.map(({ reference }) => reference),
  )
  const known = new Set(cleared.map(({ reference, undo }) => `${reference} ${undo}`))
  return {
    agreed,
    disputes: disputes.filter(
      ({ kind, reference, undo }) => kind !== 'missingHere' || !known.has(`${reference} ${undo}`),
    ),
  }
}

/** So many pairs are closed in one run of the sweep. */
const mostInRun = 20
const minute_ms = 60_000

/** Closes what is due by our clock, and gives the number of windows that were closed. */
export async function closeDue(world: World, signal: AbortSignal): Promise<number> {
  await openPairs(world)
  const failures: unknown[] = []
  let closed = 0
  for (const due of await world.due.list(world.now(), mostInRun)) {
    if (signal.aborted) break
    closed += await closeOne(world, due).catch((error: unknown) => (failures.push(error), 0))
  }
  // One region that is not heard keeps no other from being cleared.
  if (failures.length > 0) throw failures[0]
  return closed
}

/** Two regions that have something between them for the first time are cleared from then on. */
async function openPairs(world: World): Promise<void> {
  const { served } = world
  for (const { home, care, first } of await world.rows.pairs()) {
    const sides: Pair[] = [
      { region: home, side: 'home', partner: care },
      { region: care, side: 'care', partner: home },
    ]
    for (const pair of sides.filter(({ region }) => served.includes(region))) {
      const chain = pairChain(pair)
      if ((await world.kept(chain)).length > 0) continue
      const on = world.dayOf(first)
      const due = dueOf(world, pair, ownWindow(world, pair, on))
      const key = keyOf(world, pair, 'opened')
      await world.submit(
        askOf(key, chain.owner, [chain], (found) => openPair(found, pair, on, due)),
      )
    }
  }
}

/** Whoever claims one puts it off first: where that process dies, the next one comes after the pause. */
async function closeOne(world: World, due: DueSubject): Promise<number> {
  const now = world.now()
  const pause_ms = minute_ms * Math.min(60, 2 ** due.attempts)
  if (!(await world.due.claim(due, now, now + pause_ms))) return 0
  const pair = pairOf(due.subject)
  const from = nextFrom(await world.kept(due.subject))
  if (from === undefined) return 0
  const window = ownWindow(world, pair, from)
  const outcome = await closeWindow(world, keyOf(world, pair, window.name), pair, window)
  return outcome.kind === 'entered' && !outcome.replayed ? 1 : 0
}

/** A key for one window of one pair: closed again, it is answered as it was. */
function keyOf(world: World, { region, side, partner }: Pair, window: Day | string): Key {
  const input = JSON.stringify({ side, partner, window })
  const institution = agencyOf(region)
  const key = `${ownKey} ${regionOwner(region)} ${side} ${partner} ${window}`
  return { institution, key, fingerprint: world.fingerprint(input), input }
}
