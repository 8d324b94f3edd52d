import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type CardSerial, readCardSerial } from '../../../adapters/crypto/cardSerial.ts'
import { cardKey, usualLayers } from '../../../adapters/crypto/diversify.ts'
import { sandboxKeysOf } from '../../../adapters/crypto/sandboxKeys.ts'
import type { Fen } from '../../../engine/money.ts'
import { entered, sandboxStore, serial, terminal } from './support.ts'

const store = sandboxStore()
const challenge = Buffer.from('4A534300010203044A53430506070809', 'hex')
const right = { right: true, keyVersion: 1 }

test.each(['docs/card-cryptography.md', 'docs/card-cryptography.zh-CN.md'])(
  'the vectors of %s are those of the sandbox',
  (file) => {
    const [, table = ''] = readFileSync(file, 'utf8').split(/## (?:Vectors|沙箱测试向量)/)
    const values = [...table.matchAll(/`([0-9a-f]{32})` \|$/gm)].map(([, digits]) =>
      Buffer.from(digits as string, 'hex'),
    )
    expect(values).toHaveLength(7)
    const [sm4Key, desKey, sm4Answer, desAnswer, tapMac, recordMac, block] = values as Buffer[]
    const keys = sandboxKeysOf('510100')
    const card = readCardSerial(serial) as CardSerial
    expect(cardKey('sm4', keys['card-internal-sm4'], usualLayers, card)).toEqual(sm4Key)
    expect(cardKey('3des', keys['card-internal-3des'], usualLayers, card)).toEqual(desKey)
    for (const [algorithm, answer] of [
      ['sm4', sm4Answer],
      ['3des', desAnswer],
    ] as const)
      expect(
        store.verifyCardCryptogram({ serial, algorithm }, challenge, answer as Buffer),
      ).toEqual(right)
    const tap = {
      terminal: { division: '510100', id: 'POS-0001' },
      amount: 1260n as Fen,
      counter: 7,
      moment: 1_772_413_200_000,
      unpredictable: Buffer.from('0001020304050607', 'hex'),
    }
    expect(store.verifyTapCryptogram({ serial }, tap, tapMac as Buffer)).toEqual(right)
    const record = Buffer.from('record')
    expect(store.verifyTerminalMac(terminal, record, recordMac as Buffer)).toEqual(right)
    const kept = store.pinVerifier(entered('135790'))
    if ('refused' in kept) throw new Error('unreadable')
    expect(store.checkPin({ ...entered('135790'), block: block as Buffer }, kept)).toBe('right')
  },
)
