import { readFileSync } from 'node:fs'
import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { parse } from 'yaml'
import { careKinds, schemes } from '../../engine/claim.ts'
import { filingDocuments, filingKinds } from '../../engine/filingPolicy.ts'
import { type RegionSettings, type Settings, slotFields } from './settings.ts'

const closed = { additionalProperties: false } as const
/** Text here, and a number to an editor: `editor` is for the JSON schema that editors check the file by. */
const Codes = (digits: string) => Type.String({ pattern: `^\\d{${digits}}$`, editor: 'number' })
const source = Type.String({ minLength: 1 })
const truth = Type.Unsafe<'true' | 'false'>({
  type: 'string',
  enum: ['true', 'false'],
  editor: 'boolean',
})
const PayType = {
  type: Codes('6'),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  source,
}
const word = (words: readonly string[]) => Type.Union(words.map((each) => Type.Literal(each)))
/** Some of the words, each with what is said of it. */
const Some = <V extends TSchema>(words: readonly string[], value: V) =>
  Type.Record(Type.String({ pattern: `^(${words.join('|')})$` }), value, closed)

/** Every value of the file is text, as the failsafe schema of YAML gives it. */
const PartShape = Type.Object(
  {
    slots: Type.Record(Type.String(), Type.Object({ field: word(slotFields), ...PayType }, closed)),
    account: Type.Object(PayType, closed),
    familyAccount: Type.Object(PayType, closed),
    hospital: Type.Object(PayType, closed),
    accountHoldsFamily: Type.Object({ value: truth, source }, closed),
    insutypes: Some(schemes, Type.Object({ code: Codes('3,6'), source }, closed)),
    care: Type.Record(
      Codes('2,6'),
      Type.Object(
        {
          care: word(careKinds),
          emergency: Type.Optional(truth),
          externalInjury: Type.Optional(truth),
          source,
        },
        closed,
      ),
      closed,
    ),
    clearing: Type.Object(
      {
        types: Some(careKinds, Codes('2,6')),
        way: Codes('1,6'),
        ways: Type.Optional(Some(careKinds, Codes('1,6'))),
        agency: Type.Optional(Codes('6')),
        source,
      },
      closed,
    ),
    referralTypes: Type.Record(
      Type.String({ pattern: '^[0-9A-Za-z]{1,3}$' }),
      Type.Object({ kind: word(filingKinds), document: word(filingDocuments), source }, closed),
      closed,
    ),
    stayElsewhere: Type.Object({ value: word(['refuse', 'warn']), source }, closed),
    statementResults: Type.Object(
      {
        level: Codes('1,6'),
        centreMore: Codes('1,6'),
        institutionMore: Codes('1,6'),
        different: Codes('1,6'),
        source,
      },
      closed,
    ),
  },
  closed,
)

/** What the file may hold. */
export const settingsShape = Type.Object(
  {
    sources: Type.Record(
      Type.String(),
      Type.Object(
        {
          title: Type.String(),
          grade: word(['A', 'B', 'C', 'D', 'own', 'illustrative']),
          confirmed: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
          note: Type.Optional(Type.String()),
        },
        closed,
      ),
    ),
    default: PartShape,
    regions: Type.Record(Codes('6'), Type.Partial(PartShape, closed), closed),
  },
  closed,
)

type Part = Static<typeof PartShape>

/** What is wrong with the file of the national interface's settings: the server does not start with it. */
export class WrongSettings extends Error {
  override name = 'WrongSettings'
}

/** Reads rules/national-interface.yaml; anything wrong is told with the file and the path in it. */
export const readSettings = (file: string): Settings =>
  settingsOf(parseFile(readFileSync(file, 'utf8'), file), file)

function parseFile(text: string, file: string): unknown {
  try {
    return parse(text, { schema: 'failsafe' })
  } catch (error) {
    throw new WrongSettings(`${file} is no YAML: ${(error as Error).message}`)
  }
}

/** The settings that the parsed file holds. */
export function settingsOf(parsed: unknown, file: string): Settings {
  if (!Value.Check(settingsShape, parsed)) {
    const [first] = Value.Errors(settingsShape, parsed)
    const place = first?.instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/')
    throw new WrongSettings(`${file}, at ${place || 'its top'}: ${first?.message ?? 'is wrong'}`)
  }
  const { sources, default: usual, regions } = parsed
  checkSources(parsed, Object.keys(sources), file)
  const made = new Map(
    Object.entries(regions).map(([division, part]) => [division, regionOf(division, usual, part)]),
  )
  const all = [regionOf('default', usual, {}), ...made.values()]
  return {
    all,
    of(region) {
      const settings = made.get(region) ?? regionOf(region, usual, {})
      made.set(region, settings)
      return settings
    },
  }
}

/** Every value names where it is from, and every place it names is told of. */
function checkSources(value: unknown, known: readonly string[], file: string, path = ''): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) {
    const here = path === '' ? name : `${path}.${name}`
    if (name === 'source' && !known.includes(String(inner)))
      throw new WrongSettings(
        `${file}, at ${here}: no source "${String(inner)}" stands under sources`,
      )
    checkSources(inner, known, file, here)
  }
}

function regionOf(division: string, usual: Part, own: Partial<Part>): RegionSettings {
  const part = { ...usual, ...own }
  const clearing = part.clearing
  return {
    division,
    slots: new Map(Object.entries({ ...usual.slots, ...own.slots })),
    accountType: part.account,
    familyAccountType: part.familyAccount,
    hospitalType: part.hospital,
    accountHoldsFamily: part.accountHoldsFamily.value === 'true',
    insutypes: new Map(
      Object.entries({ ...usual.insutypes, ...own.insutypes }).map(([s, { code }]) => [s, code]),
    ) as RegionSettings['insutypes'],
    care: careByPrefix({ ...usual.care, ...own.care }),
    clearing: {
      types: new Map(Object.entries(clearing.types)) as RegionSettings['clearing']['types'],
      way: clearing.way,
      ways: new Map(Object.entries(clearing.ways ?? {})) as RegionSettings['clearing']['ways'],
      agency: clearing.agency ?? division,
    },
    referralTypes: new Map(Object.entries({ ...usual.referralTypes, ...own.referralTypes })),
    stayElsewhere: part.stayElsewhere.value,
    statementResults: part.statementResults,
  }
}

const careByPrefix = (care: Part['care']): RegionSettings['care'] =>
  Object.entries(care)
    .map(([prefix, of]) => ({
      prefix,
      care: of.care as RegionSettings['care'][number]['care'],
      emergency: of.emergency === 'true',
      externalInjury: of.externalInjury === 'true',
    }))
    .toSorted((a, b) => b.prefix.length - a.prefix.length)
