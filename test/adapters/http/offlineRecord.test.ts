import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { recordBytes } from '../../../adapters/http/offlineRecord.ts'
import { readTap } from '../../../adapters/http/quickClaim.ts'
import { sm3 } from '../../../adapters/crypto/sm3.ts'
import { simulateCard } from '../../../adapters/simulator/card.ts'
import { painkiller, pharmacy, signed, till } from './taps.ts'

/** The example of the document: one card of the sandbox, one till, one sale of two packs. */
function example() {
  const number = 'D80000001'
  const cardSn = '510100D1560000050100000000000001'
  const card = simulateCard({
    number,
    serial: cardSn,
    algorithm: 'sm4',
    pin: '135790',
    counter: 41,
  })
  const moment = Date.parse('2026-03-01T18:30:00+08:00')
  const unpredictable = Buffer.from('0011223344556677', 'hex')
  const { counter, mac } = card.tap({ terminal: till, amount: 2_500n, moment, unpredictable })
  return signed({
    institution: pharmacy,
    terminal: { division: till.division, id: till.id },
    card: { number, cardSn },
    at: '2026-03-01T18:30:00+08:00',
    counter,
    unpredictable: '0011223344556677',
    cryptogram: mac.toString('hex'),
    total: '25.00',
    lines: [{ id: '1', item: painkiller, quantity: '2', unitPrice: '12.5', amount: '25.00' }],
    sequence: 1207,
    hotList: Date.parse('2026-03-01T08:00:00+08:00'),
    mac: '00'.repeat(16),
  })
}

test.each(['docs/quick-payments.md', 'docs/quick-payments.zh-CN.md'])(
  '%s has the bytes of a record as they are computed',
  (file) => {
    const text = readFileSync(file, 'utf8').replaceAll(/\s/g, '')
    const record = example()
    const bytes = recordBytes(readTap(record), (lines) => sm3(lines))
    expect(bytes).toHaveLength(187)
    expect(text).toContain(bytes.toString('hex'))
    expect(text).toContain(record.cryptogram)
    expect(text).toContain(record.mac)
    expect(text).toContain(JSON.stringify(record).replaceAll(/\s/g, ''))
  },
)

test('a record says in one way what it says: spelling does not matter, and every value does', () => {
  const record = example()
  const bytesOf = (one: typeof record) => recordBytes(readTap(one), (lines) => sm3(lines))
  const bytes = bytesOf(record)
  expect(bytesOf({ ...record, at: '2026-03-01T10:30:00Z' })).toEqual(bytes)
  expect(bytesOf({ ...record, cryptogram: record.cryptogram.toUpperCase() })).toEqual(bytes)
  expect(bytesOf({ ...record, familyAccount: false })).toEqual(bytes)
  expect(bytesOf({ ...record, familyAccount: true })).not.toEqual(bytes)
  const [line] = record.lines
  expect(bytesOf({ ...record, lines: [{ ...line!, quantity: '2.0' }] })).not.toEqual(bytes)
  expect(bytesOf({ ...record, lines: [{ ...line!, at: '2026-03-01' }] })).not.toEqual(bytes)
})
