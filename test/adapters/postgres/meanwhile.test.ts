import { withCheckDigit } from '../../support/citizenNumber.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cardIdOf } from '../../../adapters/postgres/cards.ts'
import { cardHash } from '../../../adapters/postgres/hashes.ts'
import type { Card } from '../../../engine/card.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask, EnterAsk, Entered, Found } from '../../../engine/ports.ts'
import { type RealWorld, realWorld } from './real.ts'
import { claim, crypto, settleAsk } from './support.ts'

// A claim finds whose its credential is before it waits for its person: what changes meanwhile counts all the same.

let real: RealWorld
let holder: pg.Client
let keys = 0

beforeAll(async () => {
  real = await realWorld()
  holder = new pg.Client({ connectionString: real.books.database.ownerUrl })
  await holder.connect()
})
afterAll(async () => {
  await holder.end()
  await real.close()
})

const tell = async (ask: Ask): Promise<string> => {
  const [outcome] = (await real.process.settle([ask])) as [Outcome]
  return outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind
}

const waiting = async (): Promise<number> =>
  (
    await holder.query(
      `select from pg_locks where locktype = 'advisory' and not granted
       and database = (select oid from pg_database where datname = current_database())`,
    )
  ).rowCount ?? 0

/** What is told to asks that all wait for one person, and get them one after the other. */
async function told(owner: string, asks: readonly Ask[]): Promise<string[]> {
  await holder.query('begin')
  await holder.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`person ${owner}`])
  const running: Promise<string>[] = []
  for (const ask of asks) {
    running.push(tell(ask))
    while ((await waiting()) < running.length) await sleep(5)
  }
  await holder.query('commit')
  return Promise.all(running)
}

function change(owner: string, make: (found: Found) => Partial<Entered>): EnterAsk {
  const subject = { owner, name: 'meanwhile' }
  const key = `m${keys++}`
  return {
    kind: 'enter',
    key: { institution: 'desk:510100', key, fingerprint: key, input: '{}' },
    institution: 'desk:510100',
    owner,
    subjects: [subject],
    enter: (found) => ({ entries: [{ subject, kind: 'done', body: {} }], ...make(found) }),
  }
}

const by = (type: 'citizen-number' | 'e-card', number: string): Ask => {
  const asked = claim('', { institution: 'H51010000001', line: `L${keys}` })
  return settleAsk(`s${keys++}`, { ...asked, credential: { type, number } })
}

test('an e-card derives from the card that was activated while its claim waited', async () => {
  const { id: owner } = real.person('A1').person
  const number = 'K00000009'
  const id = cardIdOf(cardHash(crypto, number))
  const renewed = change(owner, ({ facts }) => {
    const [old] = facts.cards as [Card]
    const fresh = { ...old, id, number, serial: '510100D15600000500000000000000A9' }
    const pin = { initial: false, tries: 3 }
    return {
      cards: [{ card: { ...old, life: 'superseded' } }, { card: fresh, pin, bearsECard: true }],
    }
  })
  expect(await told(owner, [renewed, by('e-card', `E${owner}`)])).toEqual(['entered', 'settled'])
})

test('a citizen number that ended while its claim waited finds nobody', async () => {
  const { person, citizenNumber: before } = real.person('M1')
  const citizenNumber = withCheckDigit('51019919860312377')
  const renamed = change(person.id, ({ facts: { identity } }) => ({
    identity: { ...identity, name: '演示', citizenNumber },
  }))
  expect(await told(person.id, [renamed, by('citizen-number', before)])).toEqual([
    'entered',
    'person-unknown',
  ])
})
