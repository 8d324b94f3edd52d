import { expect, test } from 'vitest'
import { subjectKey } from '../../engine/dossier.ts'
import type { EnterAsk } from '../../engine/ports.ts'
import { visitSubject } from '../../engine/visit.ts'
import { register } from '../../engine/visiting.ts'
import { desk, hospital, keyOf, settle, words } from './support/desk.ts'
import { registration } from './support/story.ts'

const visit = visitSubject('P1', 'V1')
const registered: EnterAsk = {
  kind: 'enter',
  key: keyOf('2201'),
  institution: hospital.code,
  owner: 'P1',
  subjects: [visit],
  enter: () => ({ entries: [register(visit, registration())], result: { mdtrt_id: 'V1' } }),
}

test('a visit that is kept is settled of its own lines and no other way', async () => {
  const at = desk()
  await at.settle([registered])
  const whole = settle('k1', 0, { visit: 'V1' })
  const asks = [whole, settle('k2', 0, { visit: 'V2' }), settle('k3', 1, { visit: 'V1' })]
  expect(words(await at.settle(asks))).toEqual(['visit-kept', '72000', '72000'])
  expect(words(await at.settle([whole]))).toEqual(['visit-kept again'])
  const asked = whole.kind === 'settle' ? [whole.claim] : []
  expect(await at.preview(asked)).toMatchObject([{ refusal: { code: 'visit-kept' } }])
})

test('a visit whose commit had no reply is entered once, and told as it was', async () => {
  const at = desk()
  at.books.atCommit.push('unknown-but-committed')
  const told = { subject: visit.name, result: { mdtrt_id: 'V1' } }
  expect(await at.settle([registered])).toEqual([{ kind: 'entered', ...told, replayed: false }])
  at.books.atCommit.push('unknown')
  const second = { ...registered, key: keyOf('again') }
  expect(words(await at.settle([second]))).toEqual(['entered visit V1'])
  expect(at.books.dossiers.get(subjectKey(visit))).toHaveLength(2)
})
