import { describe, expect, test } from 'vitest'
import { digestParts } from '../../../adapters/crypto/sealKeys.ts'
import { Edge } from '../../../engine/seal/edge.ts'
import type { ExportLine } from '../../../engine/seal/exportLine.ts'
import {
  changing,
  headOf,
  isAt,
  leafOf,
  makeExport,
  openingOf,
  placeOf,
  signer,
  told,
} from './exported.ts'

const heads = [3, 256, 280, 300]
const { lines, notes } = makeExport(300, heads)
const { change, without } = changing(lines)

describe('whoever makes a file up', () => {
  const [start, ...rest] = lines as [ExportLine & { kind: 'export' }, ...ExportLine[]]
  const posting = lines.find(isAt(7)) as ExportLine

  test('cannot begin it after a head with an edge that is not of it', () => {
    const some = makeExport(300, heads, 257)
    const [first, ...others] = some.lines as [ExportLine & { kind: 'export' }, ...ExportLine[]]
    const edge = first.edge.map(() => leafOf(1).toBase64())
    const forged = others.filter(({ kind }) => kind !== 'tile')
    expect(told([{ ...first, edge }, ...forged])).toContain('head 256')
    const changed = forged.map((line) => (isAt(290)(line) ? { ...line, owner: 'X' } : line))
    expect(told([{ ...first, edge }, ...(changed as ExportLine[])])).toContain('head 256')
  })

  test('cannot have another history under a head of the same size', () => {
    const edge = new Edge(digestParts)
    for (let position = 1; position <= 300; position++) edge.add(leafOf(position + 1))
    const given = { publicKey: signer.publicKey, heads: [headOf(edge)] }
    expect(told(lines, given)).toEqual(['head 300', 'head 300'])
  })

  test('cannot have positions that it does not say it has', () => {
    expect(told([...lines, { ...posting, position: 301 } as ExportLine])).toContain('incomplete')
    expect(told([{ ...start, from: 400 }, ...rest])).toContain('incomplete')
    expect(told([...lines, start])).toEqual(['incomplete'])
    expect(told([...lines, { kind: 'end', postings: 0, heads: 0 }])).toEqual(['incomplete'])
  })

  test('cannot put an entry of another log in the place of a posting', () => {
    const text = placeOf(7, openingOf(7))
    const entry: ExportLine = { kind: 'entry', position: 7, text }
    expect(told([...without(7), entry])).toEqual(['incomplete'])
  })

  test('cannot have it counted to no end', () => {
    const endless = { ...start, until: 9e15, last: 9e15 }
    expect(told([endless, ...rest])).toEqual(['removed 301 9000000000000000'])
  })

  test('cannot have an innocent position blamed for one that was changed with its tile', () => {
    const hashes = Buffer.from(
      (lines.find(({ kind }) => kind === 'tile') as { hashes: string }).hashes,
      'base64',
    )
    hashes[4 * 32] = (hashes[4 * 32] ?? 0) ^ 1
    leafOf(9, { ...openingOf(9), owner: 'X' }).forEach((byte, i) => (hashes[8 * 32 + i] = byte))
    const changed = change(9, () => ({ owner: 'X', digest: undefined })).map((line) =>
      line.kind === 'tile' ? { ...line, hashes: hashes.toString('base64') } : line,
    )
    expect(told(changed)).toEqual(['changed 4 256'])
  })

  test('cannot nest columns to the end of the stack', () => {
    const columns = JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`)
    expect(told(change(5, () => ({ document: '{}', columns })))).toContain('changed 5')
  })
})

describe('heads that are given', () => {
  test('and that the file does not reach are not taken for missing positions', () => {
    const some = makeExport(256, [3, 256]).lines
    const [first, ...others] = some as [ExportLine & { kind: 'export' }, ...ExportLine[]]
    const given = { publicKey: signer.publicKey, heads: [notes[3] as string] }
    expect(told([{ ...first, last: 300 }, ...others], given)).toEqual(['incomplete'])
  })

  test('of other logs say nothing, and none of this log is told', () => {
    const other = headOf(new Edge(digestParts), undefined, '440100 journal')
    const publicKey = signer.publicKey
    expect(told(lines, { publicKey, heads: [other, notes[0] as string] })).toEqual([])
    expect(told(lines, { publicKey, heads: [other] })).toEqual(['incomplete'])
  })
})
