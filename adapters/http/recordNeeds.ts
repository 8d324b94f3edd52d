import type { CertificateListed } from '../../engine/certificate.ts'
import type { Division } from '../../engine/claim.ts'
import type { Instant } from '../../engine/day.ts'
import type { Certificate } from '../../engine/certificate.ts'
import type { Coverage } from '../../engine/person.ts'

/** A person as they were recorded once (参保信息变更): where they belonged, and how they were insured. */
export interface RecordedPerson {
  readonly version: bigint
  readonly at: Instant
  readonly region: Division
  readonly coverages: readonly Coverage[]
}

/** What is recorded of people (信息记录, F2). */
export interface RecordDesk {
  /** SM3 of bytes, in hexadecimal. */
  digest(bytes: Uint8Array): string
  /** The newest states of a person, the newest first. */
  versions(person: string): Promise<readonly RecordedPerson[]>
  certificates(person: string): Promise<readonly CertificateListed[]>
  copy(person: string, digest: string): Promise<Pick<Certificate, 'mediaType' | 'copy'> | undefined>
}
