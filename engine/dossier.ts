import type { Instant } from './day.ts'

/** Plain JSON: what an entry or the result of an ask may hold. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [member: string]: Json | undefined }

/**
 * Something that entries are kept of: a visit (就诊, mdtrt_id), a sign-in (签到, sign_no), a traced package (追溯码,
 * drug_trac_codg). The owner is an insured person's number, or a name such as `institution:H51010000001`.
 */
export interface Subject {
  readonly owner: string
  readonly name: string
  /** So many of its newest entries matter, where older ones never do again; absent means all. */
  readonly newest?: number | undefined
  /** Nobody waits for who else asks about it: of two who add to it at the same moment, its version lets one commit. */
  readonly unlocked?: boolean | undefined
}

/** One thing that happened to a subject (登记), written once and never changed. */
export interface Entry {
  readonly subject: Subject
  readonly kind: string
  readonly body: Json
  /** When its subject is to be looked at again, or that nothing of it is due any more; absent leaves it as it is. */
  readonly due?: Instant | 'never' | undefined
}

/** An entry as it is kept: its place among those of its subject, from 1, who made it and when. */
export interface Kept {
  readonly version: number
  readonly kind: string
  readonly body: Json
  readonly institution: string
  readonly at: Instant
}

/** All that is kept of some subjects (档案), by subject, in the order of versions. */
export type Dossiers = ReadonlyMap<string, readonly Kept[]>

/** What a subject is known by among dossiers. */
export const subjectKey = ({ owner, name }: Subject): string => `${owner} ${name}`

export const keptOf = (dossiers: Dossiers, subject: Subject): readonly Kept[] =>
  dossiers.get(subjectKey(subject)) ?? []

/** What an ask turned out to be about as well is not among its dossiers: it is to be asked again with these named. */
export class MoreNeeded extends Error {
  override name = 'MoreNeeded'
  readonly subjects: readonly Subject[]
  constructor(subjects: readonly Subject[]) {
    super(`not named: ${subjects.map(subjectKey).join(', ')}`)
    this.subjects = subjects
  }
}
