import { describe, expect, test } from 'vitest'
import { digestParts } from '../../../adapters/crypto/sealKeys.ts'
import { columnsOf, columnsThatDiffer } from '../../../engine/seal/columns.ts'
import { openingOf } from './exported.ts'

const of = (document: object) =>
  columnsOf(digestParts, { ...openingOf(1), document: JSON.stringify(document) })

const settlement = {
  id: 'r',
  settlement: 's',
  sequence: 1,
  kind: 'settlement',
  postedAt: 5,
  content: {
    person: 'A',
    institution: 'H1',
    day: '2026-03-02',
    account: 70,
    familyAccount: 20,
    accountBalance: 150,
    shares: [{ fund: 'pool', amount: 9 }],
    lines: [{ id: '1', item: 'X1', amount: 100 }],
  },
}

// That they are right of every kind of row, the tests of exports from a database show.
describe('the columns of a row', () => {
  test('repeat its document', () => {
    expect(of(settlement)).toMatchObject({
      owner_id: 'A',
      participants: ['P1'],
      side: 'whole',
      benefit_year: '2026',
      share_funds: ['pool'],
      share_fen: [9],
      line_ids: ['1'],
      receivable_fen: 0,
      visit: null,
      account_before_fen: 200,
      replaces: null,
    })
  })

  test('of a row that undoes have what was there before it gave back', () => {
    expect(of({ ...settlement, kind: 'cancellation' })).toMatchObject({ account_before_fen: 100 })
  })

  test('have the benefit year of its running sums, and what a desk put it in place of', () => {
    const content = {
      ...settlement.content,
      counters: [{ year: 'visit:1' }, { year: '2025' }],
      desk: { kind: 'resettlement', replaces: { row: 'before' } },
    }
    const told = { benefit_year: '2025', desk: 'resettlement', replaces: 'before' }
    expect(of({ ...settlement, content })).toMatchObject(told)
    expect(of({ ...settlement, content, kind: 'restoration' })).toMatchObject({ replaces: null })
  })

  test('of money that moved without a bill, or in clearing, are those of such rows', () => {
    const content = { person: 'A', kind: 'credit', month: '2026-03', reference: '1', paid: [] }
    expect(of({ id: 'm', movement: 'm', booking: 1, content })).toMatchObject({
      movement_id: 'm',
      source: 'credit   2026-03 1',
      payers: [],
      funds: [],
      party: null,
    })
    expect(of({ id: 'c', owner: 'region:510100', subject: 's', version: 2 })).toMatchObject({
      subject: 's',
      participants: ['P1'],
    })
    expect(columnsOf(digestParts, openingOf(1))).toBeUndefined()
  })

  test('that say otherwise are named, missing ones and others among them', () => {
    expect(columnsThatDiffer({ a: 1, b: [2], d: null }, { a: 1, b: [3], c: 0 })).toEqual([
      'b',
      'c',
      'd',
    ])
  })
})
