import { awayOf } from '../../engine/awayFilingChanged.ts'
import type { FiledAway } from '../../engine/filed.ts'
import { type FilingKept, filingSubject, readFiling } from '../../engine/filing.ts'
import type { Call } from './transaction.ts'

type Asked = Pick<Call, 'world' | 'today'>
type Kept<F> = FilingKept & { readonly filed: F }

/** Every designation of a person that was not withdrawn (人员定点备案). */
export async function designationsOf(person: string, asked: Asked) {
  type Designation = Extract<FilingKept['filed'], { kind: 'designation' }>
  const standing = await standingOf(person, asked)
  return standing.filter(
    (filing): filing is Kept<Designation> => filing.filed.kind === 'designation',
  )
}

/** Every filing of care away from home that was not withdrawn (异地就医备案). */
export async function awayFilingsOf(person: string, asked: Asked): Promise<Kept<FiledAway>[]> {
  const standing = await standingOf(person, asked)
  return standing.filter((filing): filing is Kept<FiledAway> => awayOf(filing) !== undefined)
}

async function standingOf(person: string, { world, today }: Asked): Promise<FilingKept[]> {
  const { owner, name } = filingSubject(person, '')
  const found = await world.dossiers.list(owner, name)
  return [...found]
    .map(([each, kept]) => readFiling({ owner, name: each }, kept))
    .filter((filing) => filing !== undefined)
    .filter(({ withdrawn }) => withdrawn === undefined || withdrawn > today)
}
