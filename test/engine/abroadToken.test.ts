import { expect, test } from 'vitest'
import { subjectKey } from '../../engine/dossier.ts'
import { eCredentialSubject, type Token, tokenSubject } from '../../engine/eCard.ts'
import type { Person } from '../../engine/person.ts'
import { Abroad, asAsking, settle, words } from './support/abroad.ts'
import { now } from './support/world.ts'

const token: Token = {
  id: '0123456789abcdef0123456789abcdef',
  owner: 'P1',
  kind: 'medical-insurance',
  purpose: 'settlement',
  from: now - 60_000,
  until: now + 60_000,
}
const shown = (key: string) =>
  settle(key, { credential: { type: 'e-card', number: 'TOKEN', token } })

/** Whoever shows the token is known by it on both sides. */
function world(): Abroad {
  const at = new Abroad()
  for (const { books } of [at.care, at.home])
    books.people.set('TOKEN', [...books.people.values()][0] as Person)
  const opened = { version: 1, kind: 'opened', body: {}, institution: 'desk:510100', at: 1 }
  at.care.books.dossiers.set(subjectKey(eCredentialSubject('P1')), [opened])
  return at
}

test('a token that ends while home is asked is good all the same, and is used up once', async () => {
  const at = world()
  const asking = asAsking(await at.care.take(shown('K1')))
  const used = () => at.care.books.dossiers.get(subjectKey(tokenSubject(token))) ?? []
  expect(used()).toEqual([])
  const reply = await at.answer(asking)
  at.at += 600_000
  expect(words(await at.care.take(shown('K2')))).toBe('token-expired')
  expect(words(await at.tell(shown('K1'), asking, reply))).toBe('settled 72000')
  expect(used().map(({ kind }) => kind)).toEqual(['used'])
})

test('a token that two bills show is good for the one that home answers first', async () => {
  const at = world()
  const first = asAsking(await at.care.take(shown('K1')))
  const second = asAsking(await at.care.take(shown('K2')))
  const replies = [await at.answer(first), await at.answer(second)] as const
  expect(words(await at.tell(shown('K1'), first, replies[0]))).toMatch(/^settled/)
  expect(words(await at.tell(shown('K2'), second, replies[1]))).toBe('token-used')
  expect(at.crossing('K2')?.state).toBe('reversing')
})
