import type { Division } from './claim.ts'
import type { Day, Instant } from './day.ts'
import { type Kept, keptOf, type Subject } from './dossier.ts'
import type { Entered, Found } from './ports.ts'
import { type Refusal, refuse } from './refusal.ts'

/** What a certificate is of (电子证照类型). */
export const certificateKinds = [
  'identity-card',
  'household-register',
  'birth',
  'marriage',
  'disability',
  'work-injury',
  'retirement',
  'low-income',
  'other',
] as const
export type CertificateKind = (typeof certificateKinds)[number]

/** A copy of an e-certificate (电子证照副本), as a desk was shown it. */
export interface Certificate {
  readonly kind: CertificateKind
  readonly number: string
  readonly issuer: string
  readonly from: Day
  readonly until?: Day | undefined
  /** SM3 of the copy, in hexadecimal: what it is called, and what tells whether it was changed. */
  readonly digest: string
  readonly mediaType: string
  /** The copy itself, in base64. */
  readonly copy: string
}

/** Who keeps it (经办窗口). */
export interface KeptBy {
  readonly division: Division
  readonly operator: string
}

/** Which certificates a person has; the copies stand apart, so that a list of them is short. */
export const certificatesSubject = (person: string): Subject => ({
  owner: person,
  name: 'certificates',
})

export const copySubject = (person: string, digest: string): Subject => ({
  owner: person,
  name: `certificate ${digest}`,
})

/** Keeps a copy, once: the very same one is there already. */
export function keepCertificate(
  { dossiers, facts: { person } }: Pick<Found, 'dossiers' | 'facts'>,
  { mediaType, copy, ...certificate }: Certificate,
  { division, operator }: KeptBy,
): Entered | Refusal {
  if (!person) return refuse('person-unknown')
  const subject = copySubject(person.id, certificate.digest)
  if (keptOf(dossiers, subject).length > 0)
    return refuse('entry-already-there', { entry: certificate.digest })
  const told = { ...certificate, division, operator }
  return {
    entries: [
      { subject: certificatesSubject(person.id), kind: 'kept', body: told },
      { subject, kind: 'copy', body: { mediaType, copy } },
    ],
    result: { certificate: certificate.digest },
  }
}

/** A certificate as it is listed, with who kept it and when. */
export type CertificateListed = Omit<Certificate, 'mediaType' | 'copy'> &
  KeptBy & { readonly at: Instant }

export const certificatesIn = (kept: readonly Kept[]): CertificateListed[] =>
  kept.map(({ body, at }) => ({ ...(body as unknown as Omit<CertificateListed, 'at'>), at }))

/** The copy itself, where it is kept. */
export const copyIn = (
  kept: readonly Kept[],
): Pick<Certificate, 'mediaType' | 'copy'> | undefined =>
  kept[0]?.body as Pick<Certificate, 'mediaType' | 'copy'> | undefined
