import { expect, test } from 'vitest'
import {
  type Certificate,
  certificatesIn,
  certificatesSubject,
  copyIn,
  copySubject,
  keepCertificate,
} from '../../engine/certificate.ts'
import { type Kept, subjectKey } from '../../engine/dossier.ts'
import { noFacts } from '../../engine/ports.ts'
import { isRefusal } from '../../engine/refusal.ts'
import { day } from './support/packs.ts'
import { now, person } from './support/world.ts'

const certificate: Certificate = {
  kind: 'birth',
  number: 'B-1',
  issuer: '演示机关',
  from: day('2020-01-01'),
  digest: 'ab'.repeat(32),
  mediaType: 'image/png',
  copy: 'AAAA',
}
const by = { division: '510100', operator: 'op1' }
const found = (...kept: Kept[]) => ({
  dossiers: new Map([[subjectKey(copySubject('P1', certificate.digest)), kept]]),
  facts: { ...noFacts, person: person() },
})
const keptAs = (body: unknown): Kept => ({
  version: 1,
  kind: 'kept',
  body: body as Kept['body'],
  institution: 'desk:510100',
  at: now,
})

test('a copy is listed without its bytes, and kept apart with them', () => {
  const kept = keepCertificate(found(), certificate, by)
  if (isRefusal(kept)) throw new Error(kept.code)
  const [listed, copy] = kept.entries
  expect(listed?.subject).toEqual(certificatesSubject('P1'))
  expect(JSON.stringify(listed)).not.toContain('AAAA')
  expect(certificatesIn([keptAs(listed?.body)])).toMatchObject([
    { kind: 'birth', digest: certificate.digest, operator: 'op1', at: now },
  ])
  expect(copyIn([keptAs(copy?.body)])).toEqual({ mediaType: 'image/png', copy: 'AAAA' })
  expect(copyIn([])).toBeUndefined()
})

test('the very same copy is kept once, and of nobody who is not known', () => {
  const again = keepCertificate(found(keptAs({})), certificate, by)
  expect(isRefusal(again) && again.code).toBe('entry-already-there')
  const nobody = { ...found(), facts: noFacts }
  const told = keepCertificate(nobody, certificate, by)
  expect(isRefusal(told) && told.code).toBe('person-unknown')
})
