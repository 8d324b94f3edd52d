import type { Kept } from '../../engine/dossier.ts'
import type { Row } from '../../engine/ports.ts'
import { refuse } from '../../engine/refusal.ts'
import { type Details, readVisit, type Visit, visitSubject } from '../../engine/visit.ts'
import type { Field, Table, WrittenBy } from './field.ts'
import type { Insured } from './needs.ts'
import type { Call, Refused } from './transaction.ts'

/** An insured person by psn_no, for whoever asks about one. */
export async function findInsured(
  person: string,
  { world }: Pick<Call, 'world'>,
): Promise<Insured | Refused> {
  const insured = await world.people.byId(person)
  return insured ?? { refused: world.explain(refuse('person-unknown')) }
}

/** A stretch of time whose end comes before its beginning holds nothing, so that it is a slip. */
export const refuseTurned = (begntime: number, endtime: number): Refused | undefined =>
  begntime > endtime ? { refused: '开始时间（begntime）晚于结束时间（endtime）。' } : undefined

const visitUnknown = (visit: string, { world }: Pick<Call, 'world'>): Refused => ({
  refused: world.explain(refuse('visit-unknown', { visit })),
})

/** A visit of the asking institution; another's is not there. One that was cancelled is still told. */
export async function findOwnVisit(
  person: string,
  id: string,
  call: Pick<Call, 'world' | 'institution'>,
): Promise<Visit | Refused> {
  const subject = visitSubject(person, id)
  const visit = readVisit(subject, await call.world.dossiers.read(subject))
  return visit?.institution === call.institution.code ? visit : visitUnknown(id, call)
}

/** Every visit of a person with the asking institution that was not cancelled, the earliest first. */
export async function ownVisits(
  person: string,
  { world, institution }: Pick<Call, 'world' | 'institution'>,
): Promise<Visit[]> {
  const { owner, name } = visitSubject(person, '')
  const found = await world.dossiers.list(owner, name)
  return [...found]
    .map(([each, kept]: readonly [string, readonly Kept[]]) =>
      readVisit({ owner, name: each }, kept),
    )
    .filter((visit) => visit !== undefined)
    .filter((visit) => visit.institution === institution.code && !visit.cancelled)
    .toSorted((a, b) => a.began - b.began)
}

/** A settlement of the asking institution, whose person and visit are as asked for. */
export interface OwnSettlement {
  readonly first: Row
  readonly head: Row
}

export async function findOwnSettlement(
  asked: {
    readonly setl_id: string
    readonly psn_no: string
    readonly mdtrt_id?: string | undefined
  },
  { world, institution }: Pick<Call, 'world' | 'institution'>,
): Promise<OwnSettlement | Refused> {
  const { setl_id: settlement, psn_no, mdtrt_id } = asked
  const rows = (await world.settlements.chain(settlement)) ?? []
  const [first] = rows
  const head = rows.at(-1)
  const content = first?.content
  const isOwn = content?.institution === institution.code && content.person === psn_no
  const isMeant = mdtrt_id === undefined || content?.visit === mdtrt_id
  return first && head && isOwn && isMeant
    ? { first, head }
    : { refused: world.explain(refuse('settlement-unknown', { settlement })) }
}

/**
 * What was told of a visit or a line, by the fields of a table that all may be empty. It was read by a table when it
 * came, so whatever cannot be read now was another table's.
 */
export function toldBy<T extends Table>(table: T, details: Details): WrittenBy<T> {
  const read = ([name, { kind }]: [string, Field<unknown>]) => {
    const value = details[name]
    const isSimple = typeof value === 'string' || typeof value === 'number'
    const taken = isSimple ? kind.read(value) : undefined
    return [name, taken && 'value' in taken ? taken.value : null] as const
  }
  return Object.fromEntries(Object.entries(table).map(read)) as WrittenBy<T>
}

/** Rows that were told with a visit, such as its diagnoses (diseinfo). */
export const rowsTold = (details: Details, name: string): readonly Details[] => {
  const rows = details[name]
  return Array.isArray(rows) ? (rows as readonly Details[]) : []
}
