import { expect, test } from 'vitest'
import { sm3Hex } from '../../../adapters/crypto/sm3.ts'
import { reviveAsk } from '../../../adapters/http/revival.ts'
import { askToReverse } from '../../../adapters/http/reversals.ts'
import { askToSettle, keyOf } from '../../../adapters/http/settlements.ts'
import { claim } from './served.ts'

// Another region may answer after the process that asked it is gone: then the ask is made anew from what its key keeps.

const desk = { fingerprint: sm3Hex, evidence: undefined }
const institution = 'H51010000001'

test('a bill is revived as it was asked', () => {
  const ask = askToSettle(desk, 'K1', claim as never)
  expect(reviveAsk(desk, ask.key)).toEqual(ask)
})

test('a cancellation is revived with its settlement', () => {
  const key = keyOf(desk, institution, 'K2', { settlement: 'S1', institution })
  expect(reviveAsk(desk, key)).toEqual({
    kind: 'cancel',
    key,
    settlement: 'S1',
    institution,
  })
})

test('a reversal is revived as one of its original, and not as a cancellation', () => {
  const reversed = { reverses: 'K2', person: '440100000000000000001016' }
  const key = keyOf(desk, institution, 'K3', reversed)
  const ask = reviveAsk(desk, key)
  expect(ask).toMatchObject({
    kind: 'reverse',
    original: { institution, key: 'K2' },
    person: reversed.person,
  })
  expect(JSON.stringify(ask)).toEqual(JSON.stringify(askToReverse(key, reversed)))
})
