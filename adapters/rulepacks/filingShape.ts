import type { Static } from 'typebox'
import {
  type FilingKind,
  type FilingPolicy,
  type FilingTerms,
  filingDocuments,
  filingKinds,
  reaches,
  usualFilingPolicy,
} from '../../engine/filingPolicy.ts'
import {
  closed,
  count,
  division,
  emptyOrList,
  list,
  maybe,
  oneOf,
  oneOrMany,
  optional,
  sourceId,
  truth,
} from './shapes.ts'
import type { Say } from './tables.ts'

const terms = closed(
  {
    reach: maybe(oneOf(reaches, 'the widest that may be filed for')),
    holds_months: maybe(count),
    change_months: maybe(count),
    documents: maybe(
      emptyOrList(
        oneOrMany(
          oneOf(filingDocuments, 'a document 备案材料'),
          'a document, or any one of a list',
        ),
        'what must be shown',
        10,
      ),
    ),
    several: maybe(truth('may several for different places hold at the same time?')),
    source: maybe(sourceId),
  },
  'what holds for filings of one kind',
)

/** The part `filing` of a region's file: what it leaves out is as usual (engine/filingPolicy.ts). */
export const filingShape = closed(
  {
    source: sourceId,
    kinds: maybe(closed(optional(filingKinds, terms), 'by kind 备案类别')),
    retroactive_days: maybe(count),
    precedence: maybe(
      list(oneOf(usualFilingPolicy.precedence, 'why away'), 'which of several reasons is the one'),
    ),
    noFilingWithin: maybe(
      closed(
        {
          regions: list(division, 'regions, or provinces with all of theirs'),
          source: maybe(sourceId),
        },
        'where nobody needs to file 视同备案',
      ),
    ),
    returningHome: maybe(
      closed(
        {
          is: oneOf(['local', 'away'], 'what who filed long-term is at home 双向享受'),
          source: maybe(sourceId),
        },
        'care at home of who filed long-term',
      ),
    ),
  },
  'what the region has decided about filings of care away from home 异地就医备案',
)

type FilingFields = Static<typeof filingShape>
type TermsFields = Static<typeof terms>

export function decodeFiling(fields: FilingFields | undefined, say: Say): FilingPolicy {
  const usual = usualFilingPolicy
  if (!fields) return usual
  const { source, kinds = {}, retroactive_days, precedence, noFilingWithin, returningHome } = fields
  if (precedence && new Set(precedence).size !== usual.precedence.length)
    say(['filing', 'precedence'], `expected each of ${usual.precedence.join(', ')} once`)
  const named = Object.entries(kinds) as [FilingKind, TermsFields][]
  const own = named.map(([kind, given]) => [kind, decodeTerms(kind, given, source, say)])
  return {
    kinds: { ...usual.kinds, ...(Object.fromEntries(own) as Partial<FilingPolicy['kinds']>) },
    retroactive_days:
      retroactive_days === undefined ? usual.retroactive_days : Number(retroactive_days),
    precedence: precedence ?? usual.precedence,
    noFilingWithin: noFilingWithin?.regions ?? usual.noFilingWithin,
    returningHome: returningHome?.is ?? usual.returningHome,
    sources: {
      rest: source,
      noFilingWithin: noFilingWithin?.source,
      returningHome: returningHome?.source,
    },
  }
}

function decodeTerms(kind: FilingKind, fields: TermsFields, source: string, say: Say): FilingTerms {
  const usual = usualFilingPolicy.kinds[kind]
  const { reach, holds_months: holds, change_months: change, documents, several } = fields
  if (holds === '0') say(['filing', 'kinds', kind, 'holds_months'], 'found 0, expected at least 1')
  return {
    reach: reach ?? usual.reach,
    holds_months: holds === undefined ? usual.holds_months : Number(holds),
    change_months: change === undefined ? usual.change_months : Number(change),
    documents: documents?.map((group) => [group].flat()) ?? usual.documents,
    several: several === undefined ? usual.several : several === 'true',
    source: fields.source ?? source,
  }
}
