import { withCheckDigit } from '../../support/citizenNumber.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cardIdOf } from '../../../adapters/postgres/cards.ts'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { cardHash } from '../../../adapters/postgres/hashes.ts'
import type { Card } from '../../../engine/card.ts'
import type { CardAsked } from '../../../engine/cardAsked.ts'
import { cardSubject } from '../../../engine/cardHistory.ts'
import { usualCardPolicy } from '../../../engine/cardPolicy.ts'
import { serveCard } from '../../../engine/cardService.ts'
import { isLive } from '../../../engine/cardState.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask, EnterAsk, Found } from '../../../engine/ports.ts'
import { directory } from '../../../engine/route.ts'
import { type RealWorld, realWorld } from './real.ts'
import { claim, crypto, enrol, person, settleAsk } from './support.ts'

// Without locks: what holds here holds by keys alone.

const regions = directory(
  [{ division: '510100', name: '成都市', divisions: ['510100'], province: '510000' }],
  ['510100'],
)
const places = { regions, policyOf: () => usualCardPolicy }
let real: RealWorld
let count = 0

beforeAll(async () => {
  real = await realWorld({ max: 20, locks: false })
})
afterAll(() => real.close())

const tell = async (ask: Ask): Promise<Outcome> => (await real.process.settle([ask]))[0] as Outcome

function desk(owner: string, asked: Pick<CardAsked, 'service'> & Partial<CardAsked>): EnterAsk {
  const number = `F${String((count += 1)).padStart(8, '0')}`
  const id = cardIdOf(cardHash(crypto, number))
  const serial = `510100D156000005${number.slice(1).padStart(16, '0')}`
  const key = `desk ${count}`
  return {
    kind: 'enter',
    key: { institution: 'desk:510100', key, fingerprint: key, input: '{}' },
    institution: 'desk:510100',
    owner,
    subjects: [cardSubject(owner, id)],
    enter: (found) =>
      serveCard(
        found,
        {
          desk: { division: '510100', operator: 'op1', channel: 'desk' },
          documents: (['id-document', 'own-card', 'photo'] as const).map((kind) => ({ kind })),
          blank: { id, number, serial, version: '3.00' },
          ...asked,
        },
        places,
      ),
  }
}

const cardsOf = async (owner: string): Promise<readonly Card[]> =>
  real.books.register.cardsOf(owner)

test('of many desks that make the first card of a person at the same moment one does', async () => {
  for (let round = 0; round < 5; round++) {
    const owner = `first${round}`
    await enrol(real.books, owner)
    const told = await Promise.all(
      Array.from({ length: 8 }, () => tell(desk(owner, { service: 'application' }))),
    )
    expect(told.filter(({ kind }) => kind === 'entered')).toHaveLength(1)
    expect((await cardsOf(owner)).filter(isLive)).toHaveLength(1)
  }
})

test('of many desks that reissue one lost card at the same moment one does', async () => {
  const {
    person: { id: owner },
    card,
  } = real.person('X3')
  const id = cardIdOf(cardHash(crypto, card.number))
  const told = await Promise.all(
    Array.from({ length: 8 }, () => tell(desk(owner, { service: 'reissue', card: id }))),
  )
  expect(told.filter(({ kind }) => kind === 'entered')).toHaveLength(1)
  expect((await cardsOf(owner)).filter(isLive)).toHaveLength(2)
})

test('whoever gets back the citizen number of before is found by it again, and by no other', async () => {
  const owner = '510100000000000000002901'
  const [first, second] = [withCheckDigit('51019919860312291'), withCheckDigit('51019919860312293')]
  const enrolled = { person: person(owner), name: '演示', region: '510100' }
  await real.books.register.putPerson({ ...enrolled, citizenNumber: first })
  await real.books.register.putCredential(
    { type: 'citizen-number', number: first },
    owner,
    undefined,
  )
  const subject = { owner, name: 'names' }
  const rename = (citizenNumber: string): EnterAsk => ({
    ...desk(owner, { service: 'application' }),
    subjects: [subject],
    enter: ({ facts: { identity } }: Found) => ({
      entries: [{ subject, kind: 'renamed', body: {} }],
      identity: { ...identity, name: '演示', citizenNumber },
    }),
  })
  const kindBy = async (number: string): Promise<string> => {
    const bill = {
      ...claim(number, { amount: 1_000n + BigInt(count++) }),
      institution: 'H51010000001',
    }
    const told = await tell(settleAsk(`by ${count}`, bill))
    return told.kind === 'refused' ? told.refusal.code : told.kind
  }
  for (const [now, before] of [
    [second, first],
    [first, second],
    [second, first],
  ] as const) {
    expect((await tell(rename(now))).kind).toBe('entered')
    expect([await kindBy(now), await kindBy(before)]).toEqual(['settled', 'person-unknown'])
  }
})

test('the books hold together afterwards', async () => {
  expect(await checkBooks(real.books.pool)).toEqual([])
})
