import { describe, expect, test } from 'vitest'
import { reviveAsk } from '../../../adapters/http/revival.ts'
import { claim, person } from './served.ts'

const desk = { fingerprint: (text: string) => text, evidence: undefined }
const key = (input: object) => ({
  institution: claim.institution,
  key: 'K1',
  fingerprint: 'F',
  input: JSON.stringify(input),
})

describe('a request is made anew from what its key keeps', () => {
  test('a claim', () => {
    expect(reviveAsk(desk, key(claim))).toMatchObject({ kind: 'settle', key: key(claim) })
  })

  test('a cancellation', () => {
    const { institution } = claim
    const kept = { institution, settlement: 'S1' }
    expect(reviveAsk(desk, key(kept))).toEqual({ kind: 'cancel', key: key(kept), ...kept })
  })

  test('a reversal', () => {
    const { institution } = claim
    const kept = { reverses: 'K0', person }
    const original = { institution, key: 'K0' }
    const asked = { kind: 'reverse', key: key(kept), institution, original, person }
    expect(reviveAsk(desk, key(kept))).toMatchObject(asked)
  })
})
