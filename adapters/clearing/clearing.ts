import type { Division } from '../../engine/claim.ts'
import type { Compared } from '../../engine/clearingStatement.ts'
import type { Window } from '../../engine/clearingWindow.ts'
import type { Day } from '../../engine/day.ts'
import { agencyOf } from '../../engine/movement.ts'
import type { Pair } from '../../engine/pairRun.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Key } from '../../engine/ports.ts'
import type { PrepaidAsked } from '../../engine/prepaid.ts'
import { refused } from './asking.ts'
import * as institutions from './institutions.ts'
import * as money from './money.ts'
import type { World } from './needs.ts'
import { closeDue, closeWindow, compareWindow } from './windows.ts'

/** Clearing (清算) as agencies do it, each for its own region, and as a sweep does what is due. */
export interface Clearing {
  closeWindow(key: Key, pair: Pair, window: Window): Promise<Outcome>
  /** How the two statements of a window stand now; nothing is written. */
  compare(pair: Pair, window: Window): Promise<Compared>
  net(key: Key, until: Day): Promise<Outcome>
  stepOrder(key: Key, asked: Parameters<typeof money.stepOrder>[2]): Promise<Outcome>
  stepPrepaid(
    key: Key,
    step: money.PrepaidStep,
    asked: Omit<PrepaidAsked, 'posting'>,
  ): Promise<Outcome>
  stepAdvance(
    key: Key,
    step: money.AdvanceStep,
    asked: Parameters<typeof money.stepAdvance>[3],
  ): Promise<Outcome>
  accept(key: Key, asked: institutions.Deciding): Promise<Outcome>
  reject(key: Key, asked: Parameters<typeof institutions.reject>[2]): Promise<Outcome>
  step(key: Key, asked: Parameters<typeof institutions.step>[2]): Promise<Outcome>
  closeYear(key: Key, asked: Parameters<typeof institutions.closeYearOf>[2]): Promise<Outcome>
  /** Closes the windows that are due. */
  closeDue(signal: AbortSignal): Promise<number>
}

export function createClearing(world: World): Clearing {
  const { served } = world
  /** Only the agency of a region that is kept here is anybody. */
  const known = async (key: Key, work: () => Promise<Outcome>): Promise<Outcome> =>
    served.some((region) => agencyOf(region) === key.institution)
      ? work()
      : refused('institution-unknown', { institution: key.institution })
  /** And only another region is a partner. */
  const between = async (
    key: Key,
    { region, partner }: { readonly region: Division; readonly partner: Division },
    work: () => Promise<Outcome>,
  ): Promise<Outcome> =>
    known(key, async () =>
      partner !== region && world.regionOf(partner) === partner
        ? work()
        : refused('institution-unknown', { institution: agencyOf(partner) }),
    )
  return {
    closeWindow: async (key, pair, window) =>
      between(key, pair, async () => closeWindow(world, key, pair, window)),
    compare: async (pair, window) => compareWindow(world, pair, window),
    net: async (key, until) => known(key, async () => money.netUntil(world, key, until)),
    stepOrder: async (key, asked) => known(key, async () => money.stepOrder(world, key, asked)),
    stepPrepaid: async (key, step, asked) =>
      between(key, asked.of, async () => money.stepPrepaid(world, key, step, asked)),
    stepAdvance: async (key, step, asked) =>
      known(key, async () => money.stepAdvance(world, key, step, asked)),
    accept: async (key, asked) => known(key, async () => institutions.accept(world, key, asked)),
    reject: async (key, asked) => known(key, async () => institutions.reject(world, key, asked)),
    step: async (key, asked) => known(key, async () => institutions.step(world, key, asked)),
    closeYear: async (key, asked) =>
      known(key, async () => institutions.closeYearOf(world, key, asked)),
    closeDue: async (signal) => closeDue(world, signal),
  }
}
