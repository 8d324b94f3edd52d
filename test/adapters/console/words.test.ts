import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { differences } from '../../../adapters/console/web/parts/diff.ts'
import { layOut } from '../../../adapters/console/web/parts/flow.ts'
import { linesOf } from '../../../adapters/console/web/proof/lines.ts'
import { sm3 } from '../../../adapters/console/web/proof/sm3.ts'
import { capital } from '../../../adapters/console/web/words/capital.ts'

describe('amounts in capital numerals', () => {
  test.each([
    ['0.00', '零元整'],
    ['0.05', '伍分'],
    ['0.50', '伍角整'],
    ['1.00', '壹元整'],
    ['10.00', '壹拾元整'],
    ['105.07', '壹佰零伍元零柒分'],
    ['1005.60', '壹仟零伍元陆角整'],
    ['24910.46', '贰万肆仟玖佰壹拾元肆角陆分'],
    ['100000.00', '壹拾万元整'],
    ['100001.00', '壹拾万零壹元整'],
    ['100000000.10', '壹亿元壹角整'],
    ['100010000.00', '壹亿零壹万元整'],
    ['-12.30', '负壹拾贰元叁角整'],
  ])('%s is %s', (yuan, words) => {
    expect(capital(yuan)).toBe(words)
  })
})

describe('what differs between two documents of rules', () => {
  test('nothing, where nothing does', () => {
    expect(differences({ a: [1, { b: '2' }] }, { a: [1, { b: '2' }] })).toEqual([])
  })

  test('is told by the names of rules and layers, wherever they stand', () => {
    const before = {
      rules: [
        { id: 'x', rate: '0.8' },
        { id: 'y', rate: '0.5' },
      ],
    }
    const after = {
      rules: [
        { id: 'new', rate: '1' },
        { id: 'x', rate: '0.9' },
        { id: 'y', rate: '0.5' },
      ],
    }
    expect(differences(before, after)).toEqual([
      { path: ['rules', 'x', 'rate'], before: '0.8', after: '0.9' },
      { path: ['rules', 'new'], before: undefined, after: { id: 'new', rate: '1' } },
    ])
  })

  test('lists of plain values are told as a whole', () => {
    expect(differences({ care: ['a'] }, { care: ['a', 'b'] })).toEqual([
      { path: ['care'], before: ['a'], after: ['a', 'b'] },
    ])
  })
})

test('SM3 in the browser is SM3, in however many parts it comes', () => {
  for (let size = 0; size < 200; size++) {
    const bytes = randomBytes(size)
    const parts = [bytes.subarray(0, size / 3), bytes.subarray(size / 3)]
    expect(Buffer.from(sm3(...parts)).toString('hex')).toBe(
      createHash('sm3').update(bytes).digest('hex'),
    )
  }
})

test('a picture of money keeps the same sum as wide everywhere', () => {
  const flow = fc.record({
    from: fc.constantFrom('a', 'b'),
    to: fc.constantFrom('x', 'y', 'z'),
    amount: fc.integer({ min: 1, max: 1e9 }),
  })
  fc.assert(
    fc.property(fc.array(flow, { minLength: 1, maxLength: 6 }), (flows) => {
      const columns = [
        [...new Set(flows.map(({ from }) => from))],
        [...new Set(flows.map(({ to }) => to))],
      ]
      const { nodes, links } = layOut(flows, { columns, height: 400, gap: 10 })
      const scale = (links[0]?.wide ?? 0) / (links[0]?.amount ?? 1)
      for (const { wide, amount } of links) expect(wide).toBeCloseTo(amount * scale, 6)
      for (const { y, tall } of nodes) expect(y + tall).toBeLessThan(440)
    }),
  )
})

test('the lines of a file are those of its text, however it is cut', async () => {
  const text = '一\n{"a":1}\n\n最后一行'
  const read: string[] = []
  for await (const line of linesOf(new Blob([text]), () => {})) read.push(line)
  expect(read).toEqual(text.split('\n'))
})
