import { type FilingKept, filingSubject, readFiling } from '../../engine/filing.ts'
import type { Call } from './transaction.ts'

/** Every filing of a person that was not withdrawn before a day, by the kind of what is filed (备案). */
export async function filingsOf<K extends FilingKept['filed']['kind']>(
  person: string,
  kind: K,
  { world, today }: Pick<Call, 'world' | 'today'>,
): Promise<(FilingKept & { readonly filed: Extract<FilingKept['filed'], { kind: K }> })[]> {
  const { owner, name } = filingSubject(person, '')
  const found = await world.dossiers.list(owner, name)
  return [...found]
    .map(([each, kept]) => readFiling({ owner, name: each }, kept))
    .filter((filing) => filing !== undefined)
    .filter(({ withdrawn }) => withdrawn === undefined || withdrawn > today)
    .flatMap((filing) => {
      const { filed } = filing
      type Wanted = Extract<FilingKept['filed'], { kind: K }>
      return filed.kind === kind ? [{ ...filing, filed: filed as Wanted }] : []
    })
}
