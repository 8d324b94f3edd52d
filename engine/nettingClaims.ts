import type { Division } from './claim.ts'
import type { ClearingRun, PairSide } from './clearingRun.ts'
import type { Day } from './day.ts'

/** The run of a pair, as far as a netting has to know it. */
export type PairRun = Pick<
  ClearingRun,
  'id' | 'owner' | 'region' | 'window' | 'until' | 'due' | 'sequence'
> & { readonly side: PairSide; readonly partner: Division }

/** What one home region owes one care region until a day, by the runs of each side that is kept here. */
export interface Claimed {
  readonly home: Division
  readonly care: Division
  readonly until: Day
  readonly due: bigint
  readonly runs: readonly PairRun[]
}

const homeOf = ({ side, region, partner }: PairRun): Division =>
  side === 'home' ? region : partner
const careOf = ({ side, region, partner }: PairRun): Division =>
  side === 'care' ? region : partner

/** What can be netted, the earliest first, and how many windows wait for the other side. */
export interface Claims {
  readonly claims: readonly Claimed[]
  readonly waiting: number
}

/**
 * What can be netted of the runs that are in no netting yet. Where only one side is kept here, all; where both are, up to each
 * day on which both have closed and come to the same. One side may close by days and the other by months, let a month pass by,
 * or have in a later window what came to it late: what is alike in the end is netted in the end.
 */
export function claimsOf(runs: readonly PairRun[], serves: (region: Division) => boolean): Claims {
  const pairs = [...Map.groupBy(runs, (run) => `${homeOf(run)} ${careOf(run)}`).values()]
  const all = pairs.map((pair) => claimsOfPair(pair.toSorted(inOrder), serves))
  return {
    claims: all.flatMap(({ claims }) => claims).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    waiting: all.reduce((sum, { waiting }) => sum + waiting, 0),
  }
}

const keyOf = ({ until, home, care }: Claimed): string => `${until} ${home} ${care}`

const inOrder = (a: PairRun, b: PairRun): number =>
  a.until === b.until ? (a.side < b.side ? -1 : 1) : a.until < b.until ? -1 : 1

function claimsOfPair(runs: readonly PairRun[], serves: (region: Division) => boolean): Claims {
  const [first] = runs as [PairRun]
  const [home, care] = [homeOf(first), careOf(first)]
  const sides = [home, care].filter(serves).length
  const claims: Claimed[] = []
  let open: PairRun[] = []
  for (const [until, closed] of Map.groupBy(runs, (run) => run.until)) {
    open.push(...closed)
    const dues = (['home', 'care'] as const)
      .map((side) => open.filter((run) => run.side === side))
      .filter((own) => own.length > 0)
      .map((own) => own.reduce((sum, { due }) => sum + due, 0n))
    const [due = 0n] = dues
    const agree = closed.length === sides && dues.every((one) => one === due)
    if (!agree) continue
    claims.push({ home, care, until, due, runs: open })
    open = []
  }
  return { claims, waiting: new Set(open.map(({ until }) => until)).size }
}
