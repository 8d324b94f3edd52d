import type { Day } from '../../engine/day.ts'
import { covers } from '../../engine/day.ts'
import { type Entry, type Json, type Kept, keptOf, type Subject } from '../../engine/dossier.ts'
import type { Found } from '../../engine/ports.ts'
import { isRefusal, type Refusal, refuse } from '../../engine/refusal.ts'
import { institutionOwner } from './files.ts'
import type { World } from './needs.ts'

/** What an institution's own code means in the national catalogue (目录对照). */
export interface Mapping {
  readonly listType: string
  readonly ownCode: string
  readonly ownName: string
  readonly item: string
  readonly from: Day
  readonly until?: Day | undefined
  /** What was told of the item beside: kept to be told again. */
  readonly details: Readonly<Record<string, string | undefined>>
}

/** A mapping as it is kept: withdrawn ones are told as not valid. */
export interface KeptMapping extends Mapping {
  readonly withdrawn: boolean
  readonly changed: Kept['at']
}

const prefix = 'mapping '

export const mappingSubject = (
  institution: string,
  listType: string,
  ownCode: string,
): Subject => ({
  owner: institutionOwner(institution),
  name: `${prefix}${listType} ${ownCode}`,
})

/** The mapping that a dossier tells: what was uploaded last, and whether it was withdrawn since. */
export function readMapping(kept: readonly Kept[]): KeptMapping | undefined {
  const uploaded = kept.findLast(({ kind }) => kind === 'uploaded')
  const last = kept.at(-1)
  if (!uploaded || !last) return undefined
  const mapping = uploaded.body as unknown as Mapping
  return { ...mapping, withdrawn: last.kind === 'withdrawn', changed: last.at }
}

export const isInForce = ({ withdrawn, ...span }: KeptMapping, on: Day): boolean =>
  !withdrawn && covers(span, on)

/** Every mapping of an institution, in order of list and code. */
export async function mappingsOf(
  { dossiers }: Pick<World, 'dossiers'>,
  institution: string,
): Promise<KeptMapping[]> {
  const all = await dossiers.list(institutionOwner(institution), prefix)
  return [...all.values()].flatMap((kept) => readMapping(kept) ?? [])
}

/**
 * Uploads mappings (目录对照上传): once more changes days and names. What is mapped to another item must be withdrawn first, so
 * that no line changes its meaning unnoticed.
 */
export function upload(
  institution: string,
  mappings: readonly Mapping[],
  { dossiers }: Pick<Found, 'dossiers'>,
): Entry[] | Refusal {
  const entries: Entry[] = []
  for (const mapping of mappings) {
    const subject = mappingSubject(institution, mapping.listType, mapping.ownCode)
    const before = readMapping(keptOf(dossiers, subject))
    if (before && !before.withdrawn && before.item !== mapping.item)
      return refuse('entry-already-there', { entry: `${mapping.ownCode} ${before.item}` })
    entries.push({ subject, kind: 'uploaded', body: mapping as unknown as Json })
  }
  return entries
}

/** Withdraws mappings (目录对照撤销), each of which must be there and be of the item named. */
export function withdraw(
  institution: string,
  mappings: readonly Pick<Mapping, 'listType' | 'ownCode' | 'item'>[],
  { dossiers }: Pick<Found, 'dossiers'>,
): Entry[] | Refusal {
  const entries = mappings.map(({ listType, ownCode, item }): Entry | Refusal => {
    const subject = mappingSubject(institution, listType, ownCode)
    const before = readMapping(keptOf(dossiers, subject))
    return before && !before.withdrawn && before.item === item
      ? { subject, kind: 'withdrawn', body: {} }
      : refuse('entry-unknown', { entry: `${ownCode} ${item}` })
  })
  return entries.find(isRefusal) ?? (entries as Entry[])
}
