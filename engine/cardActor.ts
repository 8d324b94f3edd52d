import {
  type Acting,
  actingShows,
  type Channel,
  type DocumentKind,
  type ShownDocument,
  shownBy,
} from './cardDocuments.ts'
import type { ServiceRow } from './cardLife.ts'
import { ageOn, type Day } from './day.ts'
import type { Person } from './person.ts'
import { type Refusal, refuse } from './refusal.ts'

/** Of age at eighteen (成年人, 民法典 17); an elderly person from sixty (老年人权益保障法 2). */
const ofAge_years = 18
const elderly_years = 60
/** A photo is due at seven. */
export const photoDue_years = 7

/** What a service is asked with, as far as it tells who may come and what must be shown. */
export interface Shown {
  readonly channel: Channel
  readonly documents: readonly ShownDocument[]
  readonly acting?: Acting | undefined
  readonly reason?: string | undefined
}

/** May this one come for the holder? */
export function refuseActing(
  { comer, reasons }: ServiceRow,
  { acting, reason = '' }: Shown,
  { birth }: Person,
  today: Day,
): Refusal | undefined {
  if (!acting || comer === 'anybody') return undefined
  const { ground } = acting
  const no = (because: string): Refusal => refuse('proxy-not-allowed', { because })
  if (comer === 'holder' || comer === 'nobody') return no('holder-alone')
  if (comer === 'guardian' && ground !== 'guardian') return no('guardian-alone')
  if (ground === 'family' && reasons?.[reason]?.family !== true) return no('holder-can-come')
  if (ground === 'elderly' && ageOn(birth, today) < elderly_years) return no('not-elderly')
  return undefined
}

/** All that a service needs to be shown, in the order in which what is missing is told. */
export function documentsNeeded(
  { documents, reasons, does, comer }: ServiceRow,
  { acting, reason = '' }: Pick<Shown, 'acting' | 'reason'>,
  { birth }: Pick<Person, 'birth'>,
  today: Day,
  hasPhoto: boolean,
): DocumentKind[] {
  const age = ageOn(birth, today)
  const ofReason = reasons?.[reason]?.documents ?? []
  const photoDue = does.includes('makes-card') && !hasPhoto && age >= photoDue_years
  const ofActing = acting && comer !== 'anybody' ? actingShows[acting.ground] : []
  const incapable = comer !== 'anybody' && acting?.ground === 'guardian' && age >= ofAge_years
  return [
    ...documents,
    ...ofReason,
    ...(photoDue ? (['photo'] as const) : []),
    ...ofActing,
    ...(incapable ? (['incapacity-proof'] as const) : []),
  ]
}

export function refuseDocuments(
  needed: readonly DocumentKind[],
  { channel, documents }: Shown,
): Refusal | undefined {
  const shown = new Set(
    documents.map(({ kind }) => kind).filter((kind) => shownBy[channel].includes(kind)),
  )
  const missing = needed.find((kind) => !shown.has(kind))
  return missing === undefined ? undefined : refuse('document-missing', { needed: missing })
}
