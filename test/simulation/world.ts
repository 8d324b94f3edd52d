import type { Ask, Key } from '../../engine/ports.ts'
import type { RegionDesk } from '../../adapters/region/needs.ts'
import type { Random } from '../faults/random.ts'
import type { Counts } from './counts.ts'
import type { Region } from './region.ts'
import type { Strike, Timeline } from './timeline.ts'
import type { Trace } from './trace.ts'
import type { Work } from './work.ts'

/** Mistakes that a run can plant, to see that it finds them. */
export const plants = ['no-fence', 'forgets-reversing', 'lost-as-unsent', 'settles-twice'] as const
export type PlantName = (typeof plants)[number]

/** What all parts of one run share. */
export interface World {
  readonly timeline: Timeline
  readonly work: Work
  readonly random: Random
  readonly counts: Counts
  readonly trace: Trace
  readonly regions: readonly Region[]
  readonly plants: ReadonlySet<PlantName>
  /** What a planted mistake makes of the desk of a home region. */
  readonly plantedDesk?: ((desk: RegionDesk) => RegionDesk) | undefined
  /** Whether anything goes wrong at all: at the end nothing does. */
  faulty: boolean
  readonly violation: (what: string) => void
  /** Who must not be in two things at once: a family, by anything that names one of them. */
  readonly groupOf: (alias: string) => string
  readonly alias: (alias: string, group: string) => void
  readonly ask: (key: Key) => Ask | undefined
  readonly keep: (ask: Ask) => void
}

/** Of a thousand happenings so many have something go wrong in one of their steps of the database. */
const struck = 12
const mostSteps = 8

export function strikeFor({ random, faulty }: World, name: string): Strike | undefined {
  if (!faulty) return undefined
  const own = random.fork(`strike ${name}`)
  if (!own.chance(struck / 1000)) return undefined
  const kind = own.pick([
    'kill-before',
    'kill-after',
    'kill-after',
    'unavailable',
    'reply-lost',
    'unsent',
  ] as const)
  return { kind, step: own.between(1, mostSteps) }
}
