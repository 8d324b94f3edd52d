import { describe, expect, test } from 'vitest'
import { readExportLine } from '../../../engine/seal/exportLine.ts'
import { postingText, type SealedPosting } from '../../../engine/seal/posting.ts'
import { makeExport, told } from './exported.ts'

const posting: SealedPosting = {
  owner: 'A',
  posting: 'p',
  transfers: [
    ['B', 1, 'family', 'personal:B', 'payable:H1:settled', '5'],
    ['A', 2, 'account', 'personal:A', 'payable:H1:settled', '7'],
    ['A', 1, 'fund', 'fund:510100:employee:pool', 'payable:H1:settled', '9'],
  ],
  balances: [
    ['B', 'personal:B', '2', '5'],
    ['A', 'personal:A', '3', '1'],
  ],
  years: [
    [
      'A',
      '2026',
      '4',
      [
        ['pool', '9'],
        ['deductible', '2'],
      ],
    ],
    ['A', '2025', '1', []],
  ],
  document: '{"id":"p"}',
}

describe('the text of a posting', () => {
  test('is the same in whatever order its parts were read', () => {
    const turned: SealedPosting = {
      ...posting,
      transfers: posting.transfers.toReversed(),
      balances: posting.balances.toReversed(),
      years: posting.years
        .map(
          ([owner, year, version, counters]) =>
            [owner, year, version, counters.toReversed()] as const,
        )
        .toReversed(),
    }
    expect(postingText(turned)).toBe(postingText(posting))
    expect(postingText(posting).split('\n')).toEqual([
      JSON.stringify([
        'A',
        'p',
        [posting.transfers[2], posting.transfers[0], posting.transfers[1]],
        [posting.balances[1], posting.balances[0]],
        [
          ['A', '2025', '1', []],
          [
            'A',
            '2026',
            '4',
            [
              ['deductible', '2'],
              ['pool', '9'],
            ],
          ],
        ],
      ]),
      '{"id":"p"}',
    ])
  })
})

describe('a line of an export', () => {
  const line = { kind: 'posting', position: 1, at: 'now', ...posting }

  test('is read with running sums as they are written, and with no others', () => {
    expect(readExportLine(JSON.stringify(line))).toEqual(line)
    const wrong = { ...line, years: [['A', '2026', '4', [['pool', 9]]]] }
    expect(readExportLine(JSON.stringify(wrong))).toBeUndefined()
  })

  test('of a row without a place is told as added', () => {
    const stray = { kind: 'stray', table: 'transfer', owner: 'A', row: 'x' } as const
    expect(told([...makeExport(3, [3]).lines, stray])).toEqual(['added'])
  })
})
