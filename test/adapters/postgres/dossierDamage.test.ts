import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEntry } from '../../../adapters/postgres/entries.ts'
import { readEntries, type StoredEntry } from '../../../adapters/postgres/sql/entries.ts'
import { visitSubject } from '../../../engine/visit.ts'
import { register } from '../../../engine/visiting.ts'
import { type RealWorld, realWorld } from './real.ts'
import { crypto, day } from './support.ts'

// Whoever may do everything changes a visit that was registered.

const institution = 'H51010000001'
let real: RealWorld
let owner: pg.Client
let stored: StoredEntry

beforeAll(async () => {
  real = await realWorld()
  owner = new pg.Client({ connectionString: real.books.database.ownerUrl })
  await owner.connect()
  const { person, citizenNumber } = real.person('E1')
  const subject = visitSubject(person.id, 'V1')
  await real.process.settle([
    {
      kind: 'enter',
      key: { institution, key: 'k', fingerprint: 'k', input: '{}' },
      institution,
      owner: person.id,
      subjects: [subject],
      enter: () => ({
        entries: [
          register(subject, {
            kind: 'outpatient',
            institution,
            began: 0,
            day,
            credential: { type: 'citizen-number', number: citizenNumber },
            about: {},
            details: {},
          }),
        ],
      }),
    },
  ])
  const { text, values } = readEntries([subject])
  stored = (await owner.query<StoredEntry>(text, [...values])).rows[0] as StoredEntry
})
afterAll(async () => {
  await owner.end()
  await real.close()
})

describe('a change behind our back', () => {
  it.each([
    ['deletes a visit', 'delete from dossier_entry'],
    ['moves a visit', `update dossier_entry set subject = 'visit elsewhere'`],
    ['gives a visit to somebody', `update dossier_entry set owner_id = 'nobody'`],
    ['makes its beginning something later', 'update dossier_entry set version = 2'],
  ])('that %s is found', async (_, change) => {
    await owner.query('begin')
    await owner.query(change)
    const { rows } = await owner.query('select * from check_dossier_answers')
    await owner.query('rollback')
    expect(rows).toHaveLength(1)
  })

  it.each([{ kind: 'cancelled' }, { institution: 'H51010000002' }, { version: 2 }])(
    'leaves an entry unreadable: %o',
    (change) => {
      expect(openEntry(crypto, stored)).toMatchObject({ kind: 'registered', institution })
      expect(() => openEntry(crypto, { ...stored, ...change })).toThrow()
    },
  )
})
