import { changeableFrom, type FilingShown } from './awayFiling.ts'
import { awayOf } from './awayFilingChanged.ts'
import type { Day, Instant } from './day.ts'
import type { Kept } from './dossier.ts'
import type { FiledAway } from './filed.ts'
import { readFiling } from './filing.ts'
import {
  type FilingDocument,
  type FilingKind,
  filingPolicyOf,
  type FilingReason,
  reasonOf,
} from './filingPolicy.ts'
import type { Filing, Person } from './person.ts'
import type { Rulebooks } from './rulebook.ts'

/** One thing that was done to a filing (备案办理记录): who did it when, and what it was from then on. */
export interface FilingStep {
  readonly what: 'filed' | 'changed' | 'withdrawn'
  readonly at: Instant
  readonly by: string
  readonly operator?: string | undefined
  readonly careRegion?: string | undefined
  readonly from?: Day | undefined
  readonly until?: Day | undefined
  /** What was shown; numbers of documents stay with the dossier. */
  readonly documents: readonly FilingDocument[]
  readonly override?: string | undefined
}

export const filingStates = ['to-come', 'in-force', 'over', 'withdrawn'] as const

/** A filing of care away from home as it is told (备案信息), with its history. */
export interface FilingTold {
  /** Absent for those that were entered with the person, and have no dossier. */
  readonly filing?: string | undefined
  readonly kind?: FilingKind | undefined
  readonly reason: FilingReason
  readonly careRegion: string
  readonly home?: string | undefined
  readonly from: Day
  readonly until?: Day | undefined
  readonly state: (typeof filingStates)[number]
  readonly filedOn?: Day | undefined
  readonly changeableFrom?: Day | undefined
  readonly history: readonly FilingStep[]
}

interface Looking {
  readonly today: Day
  readonly books: Pick<Rulebooks, 'of'>
}

/** Every filing of care away from home, the newest first, and then those of the person that no dossier tells of. */
export function tellFilings(
  person: Person,
  dossiers: ReadonlyMap<string, readonly Kept[]>,
  looking: Looking,
): FilingTold[] {
  const told = [...dossiers].flatMap(([name, kept]) => {
    const filing = readFiling({ owner: person.id, name }, kept)
    const filed = filing && awayOf(filing)
    return filed ? [{ filing, filed, history: kept.map(tellStep) }] : []
  })
  const items = told.map(({ filing, filed, history }): FilingTold => {
    const { number, filedOn, withdrawn } = filing
    const { kind, careRegion, home, from, until } = filed
    const terms = filingPolicyOf(looking.books, home ?? '').kinds[kind]
    const state = stateOf(filed, looking.today)
    const isOver = withdrawn !== undefined || state === 'over'
    return {
      filing: number,
      kind,
      reason: reasonOf(kind),
      careRegion,
      home,
      from,
      until,
      state: withdrawn === undefined ? state : 'withdrawn',
      filedOn,
      ...(!isOver && { changeableFrom: changeableFrom(filed, filedOn, terms) }),
      history,
    }
  })
  const unkept = person.filings.filter(
    (row) => row.number === undefined && !told.some(({ history }) => history.some(isOf(row))),
  )
  return [
    ...items.toSorted((a, b) => ((a.filing ?? '') < (b.filing ?? '') ? 1 : -1)),
    ...unkept.map(({ kind: reason, careRegion, from, until }) => {
      const state = stateOf({ from, until }, looking.today)
      return { reason, careRegion, from, until, state, history: [] }
    }),
  ]
}

/** Rows of before filings were numbered are of the filing that began that day for that place. */
const isOf =
  (row: Filing) =>
  ({ careRegion, from }: FilingStep): boolean =>
    row.careRegion === careRegion && row.from === from

function stateOf(
  { from, until }: Pick<FilingTold, 'from' | 'until'>,
  today: Day,
): 'to-come' | 'in-force' | 'over' {
  if (until !== undefined && until < today) return 'over'
  return from > today ? 'to-come' : 'in-force'
}

interface StepBody {
  readonly filed?: FiledAway
  readonly from?: Day
  readonly documents?: readonly FilingShown[]
  readonly operator?: string
  readonly override?: string
}

function tellStep({ kind, body, institution, at }: Kept): FilingStep {
  const { filed, from, documents = [], operator, override } = body as unknown as StepBody
  return {
    what: kind as FilingStep['what'],
    at,
    by: institution,
    operator,
    careRegion: filed?.careRegion,
    from: filed?.from ?? from,
    until: filed?.until,
    documents: documents.map(({ type }) => type),
    override,
  }
}
