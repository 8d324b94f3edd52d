import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inWords } from '../../../adapters/nhsa/inWords.ts'

test.each([
  [0n, '零元整'],
  [1n, '壹分'],
  [10n, '壹角整'],
  [105n, '壹元零伍分'],
  [150n, '壹元伍角整'],
  [1_000n, '壹拾元整'],
  [137_815n, '壹仟叁佰柒拾捌元壹角伍分'],
  [100_500n, '壹仟零伍元整'],
  [1_000_000n, '壹万元整'],
  [10_000_100n, '壹拾万零壹元整'],
  [10_050_000_000n, '壹亿零伍拾万元整'],
  [-2_510n, '负贰拾伍元壹角整'],
])('%s fen are %s', (fen, words) => expect(inWords(fen)).toBe(words))

test('two amounts never have the same words', () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 13n })
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      expect(inWords(a) === inWords(b)).toBe(a === b)
    }),
  )
})
