import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import {
  type KeyFile,
  materialOf,
  openKeyFile,
  sealKeyFile,
} from '../../../adapters/crypto/keyFile.ts'
import { type KeyName, keyNames } from '../../../adapters/crypto/keyMaterial.ts'
import type { KeyStore } from '../../../adapters/crypto/keyStore.ts'
import { emulateKeyStore } from '../../../adapters/crypto/keyStoreEmulator.ts'
import { newKeyFile, retireKeys, rotateKeys } from '../../../adapters/crypto/newKeys.ts'
import type { Masters } from '../../../adapters/simulator/masters.ts'
import { simulateTerminal } from '../../../adapters/simulator/terminal.ts'
import { cardOf, entered, tapOf } from './support.ts'

const secret = Buffer.from('5e'.repeat(16), 'hex')
const first = newKeyFile(['510100', '510700'])
const storeOf = (file: KeyFile): KeyStore => emulateKeyStore(materialOf(file))

/** The masters that cards and terminals of one version are made from. */
const mastersOf =
  (file: KeyFile, version: number): Masters =>
  (name) => {
    const keys = file.regions.get('510100')?.get(version)
    if (!keys || keys === 'retired') throw new Error('no such version')
    return keys[name].toString('hex')
  }

function newKeysOf(file: KeyFile): Record<KeyName, Buffer> {
  const keys = file.regions.get('510100')?.get(1)
  if (!keys || keys === 'retired') throw new Error('no keys')
  return keys
}

describe('a second version', () => {
  const second = rotateKeys(first, ['510100'])
  const store = storeOf(second)
  const old = cardOf({ masters: mastersOf(second, 1) })
  const fresh = cardOf({ masters: mastersOf(second, 2) })
  const challenge = store.newChallenge()

  test('computes, and the first goes on verifying', () => {
    expect([store.currentVersion('510100'), store.currentVersion('510700')]).toEqual([2, 1])
    for (const [card, keyVersion] of [
      [old, 1],
      [fresh, 2],
    ] as const) {
      const right = { right: true, keyVersion }
      expect(store.verifyCardCryptogram(card, challenge, card.answer(challenge))).toEqual(right)
      const { tap, mac } = tapOf(card)
      expect(store.verifyTapCryptogram(card, tap, mac)).toEqual(right)
      const numbers = card.challenge()
      const value = store.externalValue({ ...card, keyVersion }, numbers)
      expect('value' in value && card.accepts(value.value)).toBe(true)
    }
  })

  test('is not that of a card whose record says the first', () => {
    const answer = fresh.answer(challenge)
    const check = (keyVersion: number) =>
      store.verifyCardCryptogram({ ...fresh, keyVersion }, challenge, answer)
    expect(check(1)).toEqual({ right: false, why: 'wrong' })
    expect(check(2)).toEqual({ right: true, keyVersion: 2 })
    expect(check(3)).toEqual({ right: false, why: 'no-key' })
  })

  test('takes PINs and records of terminals that have either, and PINs kept under either', () => {
    const before = storeOf(first)
    const at = (version: number) =>
      simulateTerminal({ division: '510100', id: 'POS-0001', masters: mastersOf(second, version) })
    const kept = before.pinVerifier(entered('739146', { at: at(1) }))
    const renewed = store.pinVerifier(entered('739146', { at: at(2) }))
    if ('refused' in kept || 'refused' in renewed) throw new Error('unreadable')
    expect([kept.keyVersion, renewed.keyVersion]).toEqual([1, 2])
    for (const version of [1, 2])
      for (const verifier of [kept, renewed]) {
        expect(store.checkPin(entered('739146', { at: at(version) }), verifier)).toBe('right')
        expect(store.checkPin(entered('739147', { at: at(version) }), verifier)).toBe('wrong')
      }
    const record = Buffer.from('record')
    for (const version of [1, 2])
      expect(store.verifyTerminalMac(at(version), record, at(version).mac(record))).toEqual({
        right: true,
        keyVersion: version,
      })
  })

  test('signs, and what the first signed still holds', () => {
    const message = Buffer.from('token')
    const before = storeOf(first).sign('e-credential', '510100', message)
    const after = store.sign('e-credential', '510100', message)
    expect([before.keyVersion, after.keyVersion]).toEqual([1, 2])
    const verify = (signature: Buffer, keyVersion?: number) =>
      store.verify('e-credential', '510100', message, { signature, keyVersion })
    expect(verify(before.signature)).toEqual({ right: true, keyVersion: 1 })
    expect(verify(after.signature, 2)).toEqual({ right: true, keyVersion: 2 })
    expect(verify(after.signature, 1)).toEqual({ right: false, why: 'wrong' })
    expect(store.verify('e-card', '510100', message, after)).toEqual({ right: false, why: 'wrong' })
    expect(store.verify('e-credential', '510700', message, after).right).toBe(false)
    expect(store.publicKey('e-credential', '510100', 1)).toBe(
      storeOf(first).publicKey('e-credential', '510100'),
    )
    expect(store.publicKey('e-credential', '440100')).toBeUndefined()
  })

  test('once the first is retired, leaves nothing that it made', () => {
    const retired = storeOf(
      openKeyFile(sealKeyFile(retireKeys(second, ['510100'], 1), secret), secret),
    )
    const answer = old.answer(challenge)
    const check = (keyVersion?: number) =>
      retired.verifyCardCryptogram({ ...old, keyVersion }, challenge, answer)
    expect(check()).toEqual({ right: false, why: 'wrong' })
    expect(check(1)).toEqual({ right: false, why: 'retired' })
    expect(retired.externalValue({ ...old, keyVersion: 1 }, Buffer.alloc(16))).toEqual({
      refused: 'retired',
    })
    const at = simulateTerminal({
      division: '510100',
      id: 'POS-0001',
      masters: mastersOf(second, 2),
    })
    const kept = { verifier: Buffer.alloc(32), keyVersion: 1 }
    expect(retired.checkPin(entered('739146', { at }), kept)).toBe('no-key')
    expect(retired.verifyCardCryptogram(fresh, challenge, fresh.answer(challenge))).toEqual({
      right: true,
      keyVersion: 2,
    })
    expect(() => retireKeys(first, ['510100'], 1)).toThrow('rotate before')
    expect(() => retireKeys(second, ['510100'], 3)).toThrow('no keys of 510100, version 3')
    // Its number is never given to other keys.
    expect(
      storeOf(rotateKeys(retireKeys(second, ['510100'], 1), ['510100'])).currentVersion('510100'),
    ).toBe(3)
  })
})

describe('layers', () => {
  test('are what the key file says, so that cards made with others are not genuine', () => {
    const store = storeOf(first)
    const other = storeOf({ ...first, layers: ['serial-last8'] })
    const card = cardOf({ masters: mastersOf(first, 1) })
    const challenge = store.newChallenge()
    expect(store.verifyCardCryptogram(card, challenge, card.answer(challenge)).right).toBe(true)
    expect(other.verifyCardCryptogram(card, challenge, card.answer(challenge)).right).toBe(false)
    const all = ['division-ascii', 'division-bcd', 'serial-first8', 'serial-last8'] as const
    const values = all.map((layer) =>
      storeOf({ ...first, layers: [layer] }).externalValue(card, Buffer.alloc(16)),
    )
    expect(new Set(values.map((value) => inspect(value))).size).toBe(all.length)
  })
})

describe('the keys', () => {
  test('never leave the store: not by any method, nor by printing it', () => {
    const keys = newKeysOf(first)
    const store = storeOf(first)
    const masters = mastersOf(first, 1)
    const card = cardOf({ masters })
    const at = simulateTerminal({ division: '510100', id: 'POS-0001', masters })
    const { tap, mac } = tapOf(card)
    const challenge = store.newChallenge()
    const message = Buffer.from('m')
    const entry = entered('739146', { at })
    const outcomes: Record<keyof KeyStore, unknown> = {
      random: store.random(16),
      currentVersion: store.currentVersion('510100'),
      newChallenge: challenge,
      verifyCardCryptogram: store.verifyCardCryptogram(card, challenge, card.answer(challenge)),
      internalValue: store.internalValue(card, Buffer.alloc(16)),
      externalValue: store.externalValue(card, Buffer.alloc(16)),
      verifyTapCryptogram: store.verifyTapCryptogram(card, tap, mac),
      verifyTerminalMac: store.verifyTerminalMac(at, message, at.mac(message)),
      pinVerifier: store.pinVerifier(entry),
      checkPin: store.checkPin(entry, { verifier: Buffer.alloc(32), keyVersion: 1 }),
      isInitialPin: store.isInitialPin(entry),
      acceptNewPin: store.acceptNewPin(entry),
      sign: store.sign('e-card', '510100', message),
      verify: store.verify('e-card', '510100', message, store.sign('e-card', '510100', message)),
      publicKey: store.publicKey('e-card', '510100'),
    }
    expect(Object.keys(outcomes).toSorted()).toEqual(Object.keys(store).toSorted())
    const options = { depth: 20, showHidden: true, maxStringLength: null } as const
    const text = inspect(outcomes, options) + inspect(store, options) + JSON.stringify(outcomes)
    const shown = text.replaceAll(/[\s,]/g, '')
    for (const name of keyNames) {
      const digits = keys[name].toString('hex')
      expect(shown).not.toContain(digits)
      expect(shown).not.toContain(
        JSON.stringify([...keys[name]])
          .slice(1, -1)
          .replaceAll(',', ''),
      )
    }
    expect(JSON.stringify(store)).toBe('{}')
    expect(Object.isFrozen(store)).toBe(true)
  })
})
