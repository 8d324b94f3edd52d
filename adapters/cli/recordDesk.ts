import {
  certificatesIn,
  certificatesSubject,
  copyIn,
  copySubject,
} from '../../engine/certificate.ts'
import type { Person } from '../../engine/person.ts'
import { sm3 } from '../crypto/sm3.ts'
import type { RecordDesk } from '../http/recordNeeds.ts'
import { createDossiers } from '../postgres/dossiers.ts'
import { readPersonVersions, type StoredVersion } from '../postgres/sql/people.ts'
import type { World } from './serve.ts'
import { withFault } from './withFault.ts'

/** What is recorded of people, joined from their versions and dossiers. */
export function recordDeskOf({ pool, crypto }: World): RecordDesk {
  const dossiers = createDossiers({ pool, crypto })
  return {
    digest: (bytes) => sm3(bytes).toString('hex'),
    versions: withFault(async (person) => {
      const { values, ...statement } = readPersonVersions(person)
      const { rows } = await pool.query<StoredVersion>({ ...statement, values: [...values] })
      return rows.map(({ version, region, document, recorded_at_ms }) => ({
        version,
        region,
        at: Number(recorded_at_ms),
        coverages: (document as Person).coverages,
      }))
    }),
    certificates: withFault(async (person) =>
      certificatesIn(await dossiers.read(certificatesSubject(person))),
    ),
    copy: withFault(async (person, digest) =>
      copyIn(await dossiers.read(copySubject(person, digest))),
    ),
  }
}
