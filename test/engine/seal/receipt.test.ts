import { describe, expect, test } from 'vitest'
import { digestParts, sandboxSealKey } from '../../../adapters/crypto/sealKeys.ts'
import { Edge } from '../../../engine/seal/edge.ts'
import { foldHashes } from '../../../engine/seal/hash.ts'
import { besideLeaf, nodesOf } from '../../../engine/seal/leaves.ts'
import { postingText } from '../../../engine/seal/posting.ts'
import { type ReceiptText, verifyReceipt } from '../../../engine/seal/receipt.ts'
import { checking, headOf, leafOf, openingOf, placeOf, signer } from './exported.ts'

const size = 21
const settlement = 'S'
/** Rows of one settlement. */
const billOf = (position: number) => ({
  ...openingOf(position),
  document: JSON.stringify({ settlement }),
})
const edge = new Edge(digestParts)
const nodes = new Map<string, Uint8Array>()
for (let position = 1; position <= size; position++)
  edge.add(leafOf(position, billOf(position)), ({ level, index }, hash) =>
    nodes.set(`${level}/${index}`, hash),
  )

function rowOf(position: number): ReceiptText['rows'][number] {
  const sealed = billOf(position)
  const hashes = besideLeaf(position - 1, size).map((leaves) =>
    foldHashes(
      digestParts,
      nodesOf(leaves).map(({ level, index }) => nodes.get(`${level}/${index}`) as Uint8Array),
    ).toBase64(),
  )
  return {
    row: sealed.posting,
    position,
    leaf: placeOf(position, sealed),
    text: postingText(sealed),
    hashes,
  }
}

const receipt: ReceiptText = {
  settlement,
  head: { note: headOf(edge) },
  keys: [{ name: signer.name, publicKey: signer.publicKey, since: 0 }],
  rows: [rowOf(7), rowOf(21)],
}
const [row] = receipt.rows as [ReceiptText['rows'][number]]
const withRow = (to: object): ReceiptText => ({ ...receipt, rows: [{ ...row, ...to }] })
const verify = (one: ReceiptText, key = signer.publicKey) => verifyReceipt(checking, one, key)

describe('a receipt', () => {
  test('proves that every row is in the log of the head', () => {
    expect(verify(receipt)).toEqual({
      holds: true,
      signedBy: signer.name,
      size,
      at: '2026-03-02T01:30:00.000Z',
    })
  })

  test.each<[string, ReceiptText, string]>([
    ['is no receipt', {} as ReceiptText, 'form'],
    ['has no rows', { ...receipt, rows: [] }, 'form'],
    ['has a head that is none', { ...receipt, head: { note: 'x' } }, 'form'],
    ['has a text that was changed', withRow({ text: row.text.replace('100', '900') }), 'digest'],
    ['says another position', withRow({ position: 8 }), 'leaf'],
    ['says another row', withRow({ row: 'other' }), 'leaf'],
    ['has the text of another posting', withRow({ ...rowOf(8), row: row.row }), 'leaf'],
    ['is said to be of another settlement', { ...receipt, settlement: 'T' }, 'settlement'],
    [
      'has a head of another log that the same key signs',
      { ...receipt, head: { note: headOf(edge, undefined, '510100 access') } },
      'form',
    ],
    ['lacks a hash', withRow({ hashes: row.hashes.slice(1) }), 'inclusion'],
    ['has a hash that is none', withRow({ hashes: ['?'] }), 'form'],
    ['has a leaf that is no JSON', withRow({ leaf: '{' }), 'form'],
  ])('that %s proves nothing', (_, one, step) => {
    expect(verify(one)).toMatchObject({ holds: false, failed: { step } })
  })

  test('signed by another key than the given one proves nothing', () => {
    const other = sandboxSealKey('440100').publicKey
    expect(verify(receipt, other)).toMatchObject({ holds: false, failed: { step: 'signature' } })
  })
})
