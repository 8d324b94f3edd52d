import { describe, expect, test } from 'vitest'
import type { Movement } from '../../engine/movement.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Ask } from '../../engine/ports.ts'
import { cancel, desk, hospital, keyOf, reverse, settle, words } from './support/desk.ts'
import { day } from './support/packs.ts'
import { coverage, person, today, yuan } from './support/world.ts'

const agency = 'agency:510100'

const credit = (more: Partial<Movement> = {}): Movement => ({
  kind: 'credit',
  person: 'P1',
  region: '510100',
  scheme: 'employee',
  month: '2026-11',
  day: today,
  reference: 'RUN-1',
  total: yuan('80.00'),
  paid: [],
  funds: [{ fund: 'pool', amount: yuan('80.00') }],
  account: yuan('80.00'),
  ...more,
})
const moveAsk = (key: string, movement = credit(), institution = agency): Ask => ({
  kind: 'move',
  key: { ...keyOf(key), institution },
  institution,
  movement,
})
const backAsk = (key: string, movement: string, institution = agency): Ask => ({
  kind: 'moveBack',
  key: { ...keyOf(key), institution },
  institution,
  movement,
})
const codes = async (at: ReturnType<typeof desk>, ...asks: Ask[]): Promise<string[]> =>
  words(await at.settle(asks))
function movementOf(outcome: Outcome | undefined): string {
  if (outcome?.kind !== 'moved') throw new Error(`not moved: ${outcome?.kind}`)
  return outcome.movement.movement
}

describe('a movement', () => {
  test('is booked on the balance, replayed, taken back and booked again', async () => {
    const at = desk()
    at.books.balances.set('P1', yuan('20.00'))
    const [booked] = await at.settle([moveAsk('a')])
    expect(at.books.balances.get('P1')).toBe(yuan('100.00'))
    expect(booked).toMatchObject({ movement: { content: { accountBalance: yuan('100.00') } } })
    expect(await codes(at, moveAsk('a'))).toEqual(['moved movement again'])
    expect(await codes(at, moveAsk('b'))).toEqual(['movement-already-booked'])
    const movement = movementOf(booked)
    expect(await codes(at, backAsk('c', movement))).toEqual(['moved cancellation'])
    expect(at.books.balances.get('P1')).toBe(yuan('20.00'))
    expect(await codes(at, backAsk('d', movement))).toEqual(['already-undone'])
    // The refusal stays what its key was answered with.
    expect(await codes(at, moveAsk('b'), moveAsk('e'))).toEqual([
      'movement-already-booked again',
      'moved movement',
    ])
    expect(at.books.movements.rows.map(({ booking }) => booking)).toEqual([1, 1, 2])
  })

  test('folds with others of its person in a batch, and waits for one of its own source', async () => {
    const at = desk()
    const outcomes = await at.settle([
      moveAsk('a'),
      moveAsk('b', credit({ reference: 'RUN-2' })),
      moveAsk('c'),
      settle('d', 0, { useAccount: true, care: 'outpatient', stay: undefined }),
    ])
    expect(words(outcomes)).toEqual([
      'moved movement',
      'moved movement',
      'movement-already-booked',
      '72000',
    ])
    // 280.00 are the person's, and 160.00 were in the account by then.
    expect(at.books.balances.get('P1')).toBe(yuan('0.00'))
    const [first] = outcomes
    const backs = [backAsk('e', movementOf(first)), backAsk('f', movementOf(first))]
    expect(await codes(at, ...backs)).toEqual(['account-short', 'account-short'])
    at.books.balances.set('P1', yuan('80.00'))
    const again = [backAsk('g', movementOf(first)), backAsk('h', movementOf(first)), moveAsk('i')]
    expect(await codes(at, ...again)).toEqual([
      'moved cancellation',
      'already-undone',
      'moved movement',
    ])
  })

  test('is looked up after a commit without a reply, and tried again after a lost race', async () => {
    const at = desk()
    at.books.atCommit.push('unknown-but-committed')
    expect(await codes(at, moveAsk('a'))).toEqual(['moved movement'])
    at.books.atCommit.push('conflict')
    expect(await codes(at, moveAsk('b', credit({ reference: 'RUN-2' })))).toEqual([
      'moved movement',
    ])
    expect([at.books.movements.rows.length, at.books.commits]).toEqual([2, 2])
    expect(at.books.balances.get('P1')).toBe(yuan('160.00'))
  })

  test('is for the agency of a region that is served', async () => {
    const at = desk()
    expect(
      await codes(
        at,
        moveAsk('a', credit({ region: '510700' }), 'agency:510700'),
        moveAsk('b', credit(), 'agency:510700'),
        moveAsk('c', credit(), hospital.code),
      ),
    ).toEqual(['institution-unknown', 'institution-unknown', 'institution-unknown'])
    const [booked] = await at.settle([moveAsk('d')])
    expect(
      await codes(
        at,
        backAsk('e', movementOf(booked), 'agency:510700'),
        backAsk('f', 'nothing'),
        backAsk('f', movementOf(booked)),
      ),
    ).toEqual(['movement-unknown', 'movement-unknown', 'moved cancellation'])
  })

  test('that is not possible is refused; a slip of the sender leaves its key free', async () => {
    const at = desk()
    at.books.people.set('x', person({ id: 'P4', coverages: [coverage({ region: '500100' })] }))
    expect(
      await codes(
        at,
        moveAsk('a', credit({ person: 'nobody' })),
        moveAsk('b', credit({ day: day('2026-11-24') })),
        moveAsk('c', credit({ total: yuan('81.00') })),
        moveAsk('d', credit({ funds: [{ fund: 'poool', amount: yuan('80.00') }] })),
        moveAsk('e', credit({ funds: [{ fund: 'employer', amount: yuan('80.00') }] })),
      ),
    ).toEqual([
      'person-unknown',
      'day-in-future',
      'movement-amounts-wrong',
      'fund-unknown',
      'fund-unknown',
    ])
    expect(at.books.answers.size).toBe(0)
    expect(
      await codes(
        at,
        moveAsk('a', credit({ person: 'P4' })),
        moveAsk('b', credit({ scheme: 'resident' })),
      ),
    ).toEqual(['not-insured', 'not-insured'])
    expect(at.books.answers.size).toBe(2)
  })

  test('that pays wages out asks for no scheme', async () => {
    const at = desk()
    const wage = credit({
      kind: 'benefit',
      benefit: 'wage',
      scheme: undefined,
      funds: [],
      account: yuan('0.00'),
    })
    expect(await codes(at, moveAsk('a', wage))).toEqual(['moved movement'])
  })

  test('is no request that an institution reverses', async () => {
    const at = desk()
    const [settled] = await at.settle([settle('s', 0)])
    if (settled?.kind !== 'settled') throw new Error('settles')
    const ask = moveAsk('a', collection(settled.row.id), hospital.code)
    expect(await codes(at, ask, reverse('r', 'a'))).toEqual(['moved movement', 'original-differs'])
  })
})

const collection = (settlement: string, amount = '280.00'): Movement => ({
  kind: 'collection',
  person: 'P1',
  region: '510100',
  month: '2026-11',
  day: today,
  reference: settlement,
  total: yuan(amount),
  paid: [],
  funds: [],
  account: yuan('0.00'),
  settlement,
  institution: hospital.code,
})

describe('a collection', () => {
  test('is of the cash of a settlement in force, once, and no more than it left', async () => {
    const at = desk()
    const [settled] = await at.settle([settle('s', 0)])
    if (settled?.kind !== 'settled') throw new Error('settles')
    const { id } = settled.row
    const ask = (key: string, movement: Movement) => moveAsk(key, movement, hospital.code)
    expect(
      await codes(
        at,
        ask('a', collection('nothing')),
        ask('b', { ...collection(id), person: 'P2' }),
        ask('c', collection(id, '280.01')),
        ask('d', collection(id)),
        ask('e', collection(id)),
      ),
    ).toEqual([
      'settlement-unknown',
      'settlement-unknown',
      'movement-amounts-wrong',
      'moved movement',
      'movement-already-booked',
    ])
    const elsewhere = { ...collection(id), institution: 'H2' }
    expect(await codes(at, moveAsk('f', elsewhere))).toEqual(['settlement-unknown'])
    await at.settle([cancel('g', id)])
    expect(await codes(at, ask('h', { ...collection(id), reference: 'late' }))).toEqual([
      'already-undone',
    ])
  })
})
