import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readCardSerial } from '../../../adapters/crypto/cardSerial.ts'
import { diversify } from '../../../adapters/crypto/diversify.ts'
import { readHsmLine } from '../../../adapters/crypto/hsmLine.ts'
import type { KeyStore, Tap } from '../../../adapters/crypto/keyStore.ts'
import { openKeyStore } from '../../../adapters/crypto/openKeyStore.ts'
import { simulateCard } from '../../../adapters/simulator/card.ts'
import { simulateTerminal } from '../../../adapters/simulator/terminal.ts'
import type { Fen } from '../../../engine/money.ts'

const store = openKeyStore({
  file: undefined,
  secretFile: undefined,
  mode: 'sandbox',
  regions: ['510100'],
}) as KeyStore

const serial = '510100D1560000050100000000000001'
const cardOf = (algorithm: 'sm4' | '3des', number = '01') =>
  simulateCard({
    serial: `${serial.slice(0, -2)}${number}`,
    number: 'D80000001',
    algorithm,
    pin: '135790',
  })
const terminal = simulateTerminal({ division: '510100', id: 'POS-0001' })

describe.each(['sm4', '3des'] as const)('a card with %s', (algorithm) => {
  const card = cardOf(algorithm)

  test('is genuine by its answer to a challenge of the centre', () => {
    const challenge = store.newChallenge()
    expect(store.verifyCardCryptogram(card, challenge, card.answer(challenge))).toEqual({
      right: true,
      keyVersion: 1,
    })
  })

  test('is not genuine by the answer of another card, to another challenge or with another algorithm', () => {
    const challenge = store.newChallenge()
    const other = cardOf(algorithm === 'sm4' ? '3des' : 'sm4')
    for (const wrong of [
      cardOf(algorithm, '02').answer(challenge),
      card.answer(store.newChallenge()),
      other.answer(challenge),
    ])
      expect(store.verifyCardCryptogram(card, challenge, wrong)).toEqual({
        right: false,
        why: 'wrong',
      })
  })

  test('is read in two steps: the reader believes the card, and the card the centre', () => {
    const step = terminal.hsmStep(card)
    const line = readHsmLine(step.line)
    if ('problem' in line) throw new Error(line.problem)
    const values = [
      store.internalValue(line, line.readerChallenge),
      store.externalValue(line, line.cardChallenge),
    ].map((one) => ('value' in one ? one.value.toString('hex').toUpperCase() : one.refused))
    expect(values[0]).toMatch(/^[0-9A-F]{32}$/)
    expect(step.finish({ internal: values[0] ?? '', external: values[1] ?? '' })).toBe('genuine')
  })
})

describe('a tap', () => {
  const card = cardOf('sm4')
  const request = () => ({
    terminal: { division: terminal.division, id: terminal.id },
    amount: 1260n as Fen,
    moment: 1_772_413_200_000,
    unpredictable: terminal.unpredictable(),
  })

  test('holds for the card, the terminal, the amount, the counter, the moment and the number it was made for', () => {
    const asked = request()
    const { counter, mac } = card.tap(asked)
    const tap: Tap = { ...asked, counter }
    expect(store.verifyTapCryptogram(card, tap, mac)).toEqual({ right: true, keyVersion: 1 })
    for (const other of [
      { amount: 1261n as Fen },
      { counter: counter + 1 },
      { moment: asked.moment + 1 },
      { unpredictable: terminal.unpredictable() },
      { terminal: { division: '510700', id: terminal.id } },
      { terminal: { division: '510100', id: 'POS-00011' } },
    ])
      expect(store.verifyTapCryptogram(card, { ...tap, ...other }, mac)).toMatchObject({
        right: false,
      })
    expect(store.verifyTapCryptogram(cardOf('sm4', '02'), tap, mac)).toMatchObject({ right: false })
  })
})

describe('a record of a terminal', () => {
  test('holds for that terminal and those bytes', () => {
    const record = Buffer.from('{"amount":"12.60"}')
    const mac = terminal.mac(record)
    expect(store.verifyTerminalMac(terminal, record, mac).right).toBe(true)
    expect(store.verifyTerminalMac(terminal, Buffer.from('{}'), mac).right).toBe(false)
    expect(store.verifyTerminalMac({ ...terminal, id: 'POS-0002' }, record, mac).right).toBe(false)
  })
})

describe('a PIN', () => {
  const card = { division: '510100', number: 'D80000001' }
  const entered = (pin: string, number = card.number) => ({
    block: terminal.pinBlock(pin, number),
    terminal,
    card,
  })

  test('is right or wrong against what was kept of it', () => {
    const kept = store.pinVerifier(entered('135790'))
    if ('refused' in kept) throw new Error('unreadable')
    expect(store.checkPin(entered('135790'), kept)).toBe('right')
    expect(store.checkPin(entered('135791'), kept)).toBe('wrong')
    expect(store.checkPin(entered('135790', 'D80000002'), kept)).toBe('unreadable')
  })

  test.each([
    ['123456', 'initial'],
    ['111111', 'all-the-same'],
    ['012345', 'run'],
    ['987654', 'run'],
    ['890123', 'run'],
    ['12345', 'not-six-digits'],
    ['1234567', 'not-six-digits'],
  ])('%s may not be chosen: %s', (pin, why) => {
    expect(store.acceptNewPin(entered(pin))).toEqual({ refused: why })
  })

  test('of six digits that are no run may be chosen, and is then right', () => {
    const made = store.acceptNewPin(entered('739146'))
    if ('refused' in made) throw new Error(made.refused)
    expect(store.checkPin(entered('739146'), made)).toBe('right')
    expect(store.isInitialPin(entered('739146'))).toBe('no')
    expect(store.isInitialPin(entered('123456'))).toBe('yes')
  })
})

describe('worked examples', () => {
  const examples = JSON.parse(readFileSync('test/adapters/crypto/worked-examples.json', 'utf8'))

  test.each(['KAT-DIV-SM4', 'KAT-DIV-3DES'])('%s', (id) => {
    const { inputs, expected } = examples[id]
    const algorithm = id === 'KAT-DIV-SM4' ? 'sm4' : '3des'
    const made = diversify(
      algorithm,
      Buffer.from(inputs.mk, 'hex'),
      Buffer.from(inputs.factor8, 'hex'),
    )
    expect(made.toString('hex')).toBe(expected.dk)
  })

  test('KAT-CARDSN', () => {
    const { inputs, expected } = examples['KAT-CARDSN']
    const read = readCardSerial(inputs.card_sn)
    expect(read?.division).toBe(expected.division)
    expect(inputs.card_sn.slice(6, 16)).toBe(expected.middle)
    expect(read?.number).toBe(expected.serial)
    expect(read?.bytes).toHaveLength(expected.bytes)
  })

  test('KAT-AID', () => {
    const { inputs, expected } = examples['KAT-AID']
    const apdu = Buffer.from(inputs.apdu, 'hex')
    const [length] = apdu.subarray(4)
    expect(new TextDecoder('gbk').decode(apdu.subarray(5, 5 + (length as number)))).toBe(
      expected.gbk,
    )
  })
})
