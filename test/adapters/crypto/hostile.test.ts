import { describe, expect, test, vi } from 'vitest'
import { cardAlgorithm } from '../../../adapters/crypto/cardAlgorithm.ts'
import { openCardRoots } from '../../../adapters/crypto/cardRoots.ts'
import { type CardRoots, verifyChipSignature } from '../../../adapters/crypto/chip.ts'
import { readHsmLine } from '../../../adapters/crypto/hsmLine.ts'
import type { Tap } from '../../../adapters/crypto/keyStore.ts'
import {
  cardOf,
  entered,
  mutations,
  sandboxStore,
  serial,
  serialOf,
  tapOf,
  terminal,
} from './support.ts'

const many = 10_000
// Ten thousand checks of a chain take ten seconds of a processor that has nothing else to do.
vi.setConfig({ testTimeout: 120_000 })
const store = sandboxStore()

/** How many of the bad ones were taken for good. */
function accepted(bad: Iterable<Buffer>, takes: (bytes: Buffer) => boolean): number {
  let count = 0
  for (const bytes of bad) if (takes(bytes)) count++
  return count
}

describe('of ten thousand with one byte changed, none is accepted:', () => {
  test.each(['sm4', '3des'] as const)('cryptograms of a card with %s', (algorithm) => {
    const card = cardOf({ algorithm })
    const challenge = store.newChallenge()
    const good = card.answer(challenge)
    const takes = (bytes: Buffer) => store.verifyCardCryptogram(card, challenge, bytes).right
    expect(takes(good)).toBe(true)
    expect(accepted(mutations(good, many), takes)).toBe(0)
    const asked = (bytes: Buffer) => store.verifyCardCryptogram(card, bytes, good).right
    expect(accepted(mutations(challenge, many), asked)).toBe(0)
  })

  test('MACs of taps, and the numbers they are bound to', () => {
    const card = cardOf()
    const { tap, mac } = tapOf(card)
    const takes = (bytes: Buffer) => store.verifyTapCryptogram(card, tap, bytes).right
    expect(takes(mac)).toBe(true)
    expect(accepted(mutations(mac, many), takes)).toBe(0)
    const numbers = (bytes: Buffer) =>
      store.verifyTapCryptogram(card, { ...tap, unpredictable: bytes }, mac).right
    expect(accepted(mutations(tap.unpredictable, many), numbers)).toBe(0)
  })

  test('MACs of terminals, and records', () => {
    const record = Buffer.from('{"card":"D80000001","amount":"12.60","counter":17}')
    const mac = terminal.mac(record)
    const takes = (bytes: Buffer) => store.verifyTerminalMac(terminal, record, bytes).right
    expect(takes(mac)).toBe(true)
    expect(accepted(mutations(mac, many), takes)).toBe(0)
    const records = (bytes: Buffer) => store.verifyTerminalMac(terminal, bytes, mac).right
    expect(accepted(mutations(record, many), records)).toBe(0)
  })

  test('PIN blocks', () => {
    const entry = entered('739146')
    const kept = store.pinVerifier(entry)
    if ('refused' in kept) throw new Error(kept.refused)
    const takes = (block: Buffer) => store.checkPin({ ...entry, block }, kept) === 'right'
    expect(takes(entry.block as Buffer)).toBe(true)
    expect(accepted(mutations(entry.block, many), takes)).toBe(0)
  })

  test('signatures of the centre', () => {
    const message = Buffer.from('token')
    const { signature } = store.sign('e-card', '510100', message)
    const takes = (bytes: Buffer) =>
      store.verify('e-card', '510100', message, { signature: bytes }).right
    expect(takes(signature)).toBe(true)
    expect(accepted(mutations(signature, many), takes)).toBe(0)
  })

  const trusted = openCardRoots({
    file: undefined,
    revokedFile: undefined,
    mode: 'sandbox',
  }) as CardRoots
  const card = cardOf()
  const challenge = store.newChallenge()
  const [own, issuing] = card.certificates() as [Buffer, Buffer]
  const signature = card.sign(challenge)
  const now = Date.parse('2026-03-02T09:00:00+08:00')
  const check = (change: object) =>
    verifyChipSignature(
      { chain: [own, issuing], challenge, signature, serial, now, ...change },
      trusted,
    ) === 'genuine'

  test('signatures of a chip', () => {
    expect(check({})).toBe(true)
    expect(accepted(mutations(signature, many), (bytes) => check({ signature: bytes }))).toBe(0)
  })

  test('certificates of a card', () => {
    expect(accepted(mutations(own, many), (bytes) => check({ chain: [bytes, issuing] }))).toBe(0)
  })

  test('certificates of an authority', () => {
    expect(accepted(mutations(issuing, many), (bytes) => check({ chain: [own, bytes] }))).toBe(0)
  })
})

describe('bytes that are cut off, too long or of another kind', () => {
  const card = cardOf()
  const challenge = store.newChallenge()
  const cryptogram = card.answer(challenge)

  test('are malformed and throw nothing', () => {
    const { tap, mac } = tapOf(card)
    const lengths = [0, 1, 8, 15, 17, 32, 5000]
    for (const length of lengths) {
      const bytes = Buffer.alloc(length, 7)
      const malformed = { right: false, why: 'malformed' }
      expect(store.verifyCardCryptogram(card, challenge, bytes)).toEqual(malformed)
      expect(store.verifyTapCryptogram(card, tap, bytes)).toEqual(malformed)
      expect(store.verifyTerminalMac(terminal, Buffer.from('x'), bytes)).toEqual(malformed)
      expect(store.internalValue(card, bytes)).toEqual({ refused: 'malformed' })
      expect(store.externalValue(card, bytes)).toEqual({ refused: 'malformed' })
      expect(store.verifyCardCryptogram(card, bytes, cryptogram).right).toBe(false)
      expect(store.pinVerifier({ ...entered('135790'), block: bytes })).toEqual({
        refused: 'unreadable',
      })
    }
    expect(
      store.verifyTapCryptogram(card, { ...tap, unpredictable: Buffer.alloc(7) }, mac),
    ).toEqual({ right: false, why: 'malformed' })
  })

  test.each<[string, Partial<Record<keyof Tap, unknown>>]>([
    ['an amount below zero', { amount: -1n }],
    ['an amount beyond 63 bits', { amount: 1n << 63n }],
    ['a counter beyond 32 bits', { counter: 2 ** 32 }],
    ['a counter that is no whole number', { counter: 1.5 }],
    ['a moment before 1970', { moment: -1 }],
    ['a moment that is no number', { moment: Number.NaN }],
    ['a terminal without a number', { terminal: { division: '510100', id: '' } }],
    ['a terminal with a number too long', { terminal: { division: '510100', id: 'x'.repeat(33) } }],
    ['a terminal of no division', { terminal: { division: '51010', id: 'POS-0001' } }],
    ['a terminal in Chinese', { terminal: { division: '510100', id: '终端' } }],
  ])('a tap with %s is malformed', (_name, change) => {
    const { tap, mac } = tapOf(card)
    const wrong = { ...tap, ...change } as Tap
    expect(store.verifyTapCryptogram(card, wrong, mac)).toEqual({ right: false, why: 'malformed' })
  })

  test.each([
    '',
    '510100',
    serial.toLowerCase(),
    serial.replace('D156', 'D157'),
    `${serial}00`,
    `x${serial}`,
  ])('the serial %j is malformed', (wrong) => {
    expect(store.verifyCardCryptogram({ ...card, serial: wrong }, challenge, cryptogram)).toEqual({
      right: false,
      why: 'malformed',
    })
  })
})

describe('the two-step flow', () => {
  test('computes no answer to a challenge of the centre, which would then need no card', () => {
    const card = cardOf()
    const challenge = store.newChallenge()
    expect(store.internalValue(card, challenge)).toEqual({ refused: 'challenge' })
    // Triple DES encrypts each half by itself, so that one half of ours is one too many.
    const half = Buffer.concat([challenge.subarray(8), Buffer.alloc(8, 1)])
    expect(store.internalValue(card, half)).toEqual({ refused: 'challenge' })
    expect(
      store.internalValue(card, Buffer.concat([half.subarray(8), half.subarray(0, 8)])),
    ).toEqual({ refused: 'challenge' })
    expect(store.externalValue(card, challenge)).toHaveProperty('value')
  })

  test('an external value is no internal one', () => {
    const card = cardOf()
    const numbers = Buffer.alloc(16, 1)
    expect(store.internalValue(card, numbers)).not.toEqual(store.externalValue(card, numbers))
  })

  const { line } = terminal.hsmStep(cardOf())
  const parts = line.split('|')
  const put = (at: number, part: string): string => parts.with(at, part).join('|')

  test.each([
    ['nothing', '', 'form'],
    ['without its last stroke', line.slice(0, -1), 'form'],
    ['with a part too many', `${line}|`, 'form'],
    ['with a part too few', parts.slice(1).join('|'), 'form'],
    ['with a number too short', put(4, '00'), 'form'],
    ['in lower case', line.toLowerCase(), 'form'],
    ['with a line after it', `${line}\n`, 'form'],
    ['of a card with SSF33', put(2, '02'), 'algorithm'],
    ['of an unknown algorithm', put(2, '04'), 'algorithm'],
    ['with a serial of another form', put(3, '0'.repeat(32)), 'serial'],
    ['of another division than the card', put(3, serialOf(1, '510700')), 'division'],
  ])('a line %s is refused', (_name, text, problem) => {
    expect(readHsmLine(text)).toEqual({ problem })
  })

  test('a line that is cut off anywhere is refused', () => {
    for (let length = 0; length < line.length; length++)
      expect(readHsmLine(line.slice(0, length))).toEqual({ problem: 'form' })
  })
})

describe('the algorithm of a card', () => {
  const version = '2.00'
  test.each(['sm4', '3des'] as const)('is told by its FCI: %s', (algorithm) => {
    const { fci } = cardOf({ algorithm })
    expect(cardAlgorithm({ fci, version, serial })).toBe(algorithm)
    for (let length = 1; length < fci.length; length++)
      expect(cardAlgorithm({ fci: fci.subarray(0, length), version, serial })).toBeUndefined()
  })

  test('is told by its version where the FCI has no such tag', () => {
    const fci = Buffer.from('6f0484020102', 'hex')
    expect(cardAlgorithm({ fci, version: '2.00', serial })).toBe('3des')
    expect(cardAlgorithm({ version: '3.00', serial })).toBe('sm4')
    expect(cardAlgorithm({ version: '1.00', serial: serialOf(1, '110000') })).toBeUndefined()
    expect(cardAlgorithm({ version: '9.00', serial })).toBeUndefined()
  })

  test('is none that we have for SSF33 and for what is not known', () => {
    for (const value of ['8602', '8604', '8703', '86', ''])
      expect(
        cardAlgorithm({
          fci: Buffer.from(`9f0c${(value.length / 2).toString().padStart(2, '0')}${value}`, 'hex'),
          version,
          serial,
        }),
      ).toBeUndefined()
  })
})
