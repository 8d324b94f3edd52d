import { schemes } from '../../engine/claim.ts'
import { type Day, parseDay } from '../../engine/day.ts'
import { type Fen, parseYuan, sum } from '../../engine/money.ts'
import { type Coverage, type FamilyShare, groups, type Person } from '../../engine/person.ts'
import { type Fields, maps, maybeMap, maybeText, text, texts, word } from './yaml.ts'

const coverageSchemes = [...schemes, 'civilServant', 'enterpriseSupplement'] as const
/** Rows of the human-resources side that are a benefit drawn as well as a coverage. */
const benefitSchemes = ['unemployment', 'pension']

/** A person of the world as the engine knows them. */
export function readPerson(fields: Fields, familyShares: readonly FamilyShare[]): Person {
  const insured = maps(fields, 'insured')
  const region = text(fields, 'region')
  const earliest = parseDay(insured.map((row) => text(row, 'since')).toSorted()[0] ?? '2000-01-01')
  const injury = maybeMap(fields, 'injury')
  const maternity = maybeMap(fields, 'maternity')
  return {
    id: text(fields, 'psn_no'),
    birth: parseDay(text(fields, 'brdy')),
    sex: word(fields, 'gend', ['1', '2']) === '1' ? 'male' : 'female',
    coverages: insured.map((row) => readCoverage(row, region, endOf(fields, row))),
    civilServant: maybeText(fields, 'civilServant') === 'true',
    identities: texts(fields, 'identities').map((kind) => ({ kind, from: earliest })),
    benefits: insured
      .filter((row) => benefitSchemes.includes(text(row, 'scheme')))
      .map((row) => ({ kind: text(row, 'scheme'), from: since(row), ...endOf(fields, row) })),
    diseases: maps(fields, 'diseases').map((disease) => ({
      code: text(disease, 'code'),
      name: text(disease, 'name'),
      ...span(disease),
      ...(disease['institutions'] !== undefined && {
        institutions: texts(disease, 'institutions'),
      }),
    })),
    filings: maps(fields, 'filings').map((filing) => ({
      kind: word(filing, 'kind', ['long-term', 'referral', 'emergency', 'other']),
      careRegion: text(filing, 'careRegion'),
      ...span(filing),
    })),
    injuries: injury
      ? [
          {
            certification: text(injury, 'certification'),
            employer: text(injury, 'employer'),
            diagnoses: texts(injury, 'diagnoses'),
            ...span(injury),
          },
        ]
      : [],
    maternity: maternity
      ? [{ registration: text(maternity, 'registration'), ...span(maternity) }]
      : [],
    familyShares,
  }
}

const since = (row: Fields): Day => parseDay(text(row, 'since'))

function span(fields: Fields): { from: Day; until?: Day } {
  const to = maybeText(fields, 'to')
  return { from: parseDay(text(fields, 'from')), ...(to !== undefined && { until: parseDay(to) }) }
}

/** A benefit may say itself until when it is drawn. */
function endOf(fields: Fields, row: Fields): { until?: Day } {
  const scheme = text(row, 'scheme')
  const drawn = benefitSchemes.includes(scheme) ? maybeMap(fields, scheme) : undefined
  const to = drawn && maybeText(drawn, 'to')
  return to === undefined ? {} : { until: parseDay(to) }
}

function readCoverage(row: Fields, region: string, end: { until?: Day }): Coverage {
  const paused = maybeText(row, 'paused')
  const premiumTier = maybeText(row, 'premiumTier')
  return {
    scheme: word(row, 'scheme', coverageSchemes),
    region,
    group: word(row, 'group', groups),
    from: since(row),
    ...end,
    ...(paused !== undefined && { paused: parseDay(paused) }),
    ...(premiumTier !== undefined && { premiumTier }),
  }
}

/** What the person's account holds when the books open. */
export const balanceOf = (fields: Fields): Fen =>
  sum(maps(fields, 'insured').map((row) => parseYuan(maybeText(row, 'balance') ?? '0.00')))
