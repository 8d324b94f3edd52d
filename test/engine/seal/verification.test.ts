import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { digestParts, newSealKey, sandboxSealKey } from '../../../adapters/crypto/sealKeys.ts'
import { Edge } from '../../../engine/seal/edge.ts'
import type { ExportLine } from '../../../engine/seal/exportLine.ts'
import { leafHash } from '../../../engine/seal/hash.ts'
import { handingOver, writeNote } from '../../../engine/seal/head.ts'
import { leadTo } from '../../../engine/seal/keyChain.ts'
import {
  changing,
  checking,
  headOf,
  leafOf,
  makeExport,
  openingOf,
  signer,
  told,
  verify,
} from './exported.ts'

const heads = [3, 256, 280, 300]
const { lines, notes } = makeExport(300, heads)
const { change, without } = changing(lines)

describe('an export', () => {
  test('that nobody changed is proved, whatever the order of its lines', () => {
    expect(verify(lines)).toEqual({
      log: '510100 journal',
      from: 1,
      postings: 300,
      heads: 4,
      sealedUpTo: 300,
      sealedAt: '2026-03-02T01:30:00.000Z',
      unsealed: 0,
      keys: [{ name: signer.name, publicKey: signer.publicKey }],
      isKeyGiven: true,
      findings: [],
    })
    fc.assert(
      fc.property(fc.shuffledSubarray(lines, { minLength: lines.length }), (shuffled) => {
        expect(told(shuffled)).toEqual([])
      }),
      { numRuns: 5 },
    )
  })

  test('has any one row changed, taken away or put elsewhere, and the verification names it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 256 }), (position) => {
        expect(told(change(position, () => ({ owner: 'X' })))).toEqual([
          `changed ${position}`,
          `changed ${position}`,
        ])
        expect(told(without(position))).toContain(`removed ${position}`)
        expect(told(change(position, () => ({ at: '2026-03-02T01:00:01.000000Z' })))).toEqual([
          `changed ${position}`,
        ])
      }),
      { numRuns: 10 },
    )
  })

  test('is told between which heads something differs where no tile says where', () => {
    const later = change(290, () => ({ at: '2026-03-02T01:00:01.000000Z' }))
    expect(told(later)).toEqual(['changed 281 300'])
    const early = change(270, () => ({ at: '2026-03-02T01:00:01.000000Z' }))
    expect(told(early)).toEqual(['changed 257 280'])
  })

  test('tells rows that were taken away one after the other as one', () => {
    expect(told(without(10, 11, 12, 20))).toEqual(['removed 10 12', 'removed 20', 'incomplete'])
    expect(verify(without(10, 11)).findings[0]?.message).toEqual({
      en: 'Positions 10 to 11 were removed.',
      zh: '第 10 至 11 号被删除。',
    })
  })

  test('that begins in the middle is proved from what was before it', () => {
    const some = makeExport(300, heads, 200)
    expect(told(some.lines)).toEqual([])
    expect(verify(some.lines)).toMatchObject({ postings: 101, sealedUpTo: 300 })
    const [start, ...rest] = some.lines as [ExportLine & { kind: 'export' }, ...ExportLine[]]
    const other = openingOf(1)
    const edge = [leafOf(1, { ...other, owner: 'X' }).toBase64(), ...start.edge.slice(1)]
    expect(told([{ ...start, edge }, ...rest])).toEqual(['changed 200 256'])
    expect(told([{ ...start, edge: [] }, ...rest])).toContain('incomplete')
    expect(told([{ ...start, edge: ['?'] }, ...rest])).toContain('incomplete')
  })

  test('counts positions that no head has yet', () => {
    expect(verify(makeExport(300, [3]).lines)).toMatchObject({ findings: [], unsealed: 297 })
    expect(verify(makeExport(5, []).lines)).toMatchObject({
      findings: [],
      unsealed: 5,
      sealedAt: undefined,
    })
  })

  test('without its first or its last line is not whole', () => {
    expect(told(lines.slice(1))).toEqual(['incomplete'])
    expect(told(lines.slice(0, -1))).toEqual(['incomplete'])
    expect(told([])).toEqual(['incomplete'])
  })

  test('has lines that are none told', () => {
    const wrong = [
      '',
      'null',
      '{"kind":"__proto__"}',
      '{"kind":"tile","tile":0,"hashes":"AA=="}',
      '{"kind":"tile","tile":0,"hashes":"?"}',
      '{"kind":"posting","position":0}',
      '{"kind":"export","format":2}',
      JSON.stringify({ ...lines[1], transfers: [[1]] }),
      JSON.stringify({ ...lines[1], years: {} }),
    ]
    expect(told([...lines, ...wrong])).toEqual(wrong.map(() => 'unreadable'))
  })

  test('of which everything is wrong does not tell everything', () => {
    const { findings } = verify([...lines, ...Array.from({ length: 1_100 }, () => 'x')])
    expect(findings).toHaveLength(1_001)
    expect(findings.map(({ kind }) => kind)).toContain('incomplete')
    expect(findings.at(-1)?.message.en).toBe('100 more findings are not told.')
  })

  test('has columns that say otherwise than a document, or a document that is none', () => {
    const columns = { kind: 'opening' }
    expect(told(change(5, () => ({ columns })))).toEqual(['changed 5'])
    expect(told(change(5, () => ({ columns, document: '{' })))).toEqual(['changed 5', 'changed 5'])
  })

  test('has a digest that is no base64 told as changed', () => {
    expect(told(change(5, () => ({ digest: '?' })))).toEqual(['changed 5'])
  })
})

describe('an export of the access log', () => {
  const edge = new Edge(digestParts)
  const texts = ['a', 'b', 'c']
  for (const text of texts) edge.add(leafHash(digestParts, new TextEncoder().encode(text)))
  const [start] = lines as [ExportLine & { kind: 'export' }]
  const entries: ExportLine[] = [
    { ...start, log: '510100 access', until: 3, last: 3 },
    ...texts.map((text, i): ExportLine => ({ kind: 'entry', position: i + 1, text })),
    { kind: 'head', note: headOf(edge, undefined, '510100 access') },
    { kind: 'end', postings: 3, heads: 1 },
  ]

  test('is proved as one of the journal is', () => {
    expect(told(entries)).toEqual([])
    const changed = JSON.stringify(entries).replace('"text":"b"', '"text":"x"')
    expect(told(JSON.parse(changed))).toEqual(['changed 1 3'])
    expect(told([...entries, entries[2] as ExportLine])).toEqual(['added 2'])
  })
})

describe('heads', () => {
  test('that were kept find out what was taken away since', () => {
    const { lines: short } = makeExport(256, [3, 256])
    const given = { publicKey: signer.publicKey, heads: notes }
    expect(told(short, given)).toEqual(['restored 257 280', 'restored 257 300'])
    expect(told(lines, given)).toEqual([])
  })

  test('that were kept find out another history', () => {
    const edge = new Edge(digestParts)
    for (let position = 1; position <= 5; position++) edge.add(leafOf(position + 1))
    const heads = [headOf(edge)]
    expect(told(lines, { publicKey: signer.publicKey, heads })).toEqual(['changed 4 5'])
  })

  test.each<[string, (note: string) => string, string]>([
    ['no signed text', () => 'x', 'signature'],
    ['signed by nobody', (note) => note.replace(/4/, '5'), 'signature'],
    ['of another key', (note) => note.replace(signer.name, 'other'), 'signature 300'],
  ])('are %s', (_, change, expected) => {
    const changed = lines.map((line) =>
      line.kind === 'head' && line.note === notes[3] ? { ...line, note: change(line.note) } : line,
    )
    expect(told(changed)[0]).toContain(expected.split(' ')[0])
  })

  test('of another log are told', () => {
    const [start, ...rest] = lines as [ExportLine & { kind: 'export' }, ...ExportLine[]]
    expect(told([{ ...start, log: '440100 journal' }, ...rest])).toEqual([
      'head 3',
      'head 256',
      'head 280',
      'head 300',
    ])
  })

  test('follow each other, so that one that was taken away is missed', () => {
    const less = lines.filter((line) => line.kind !== 'head' || line.note !== notes[1])
    expect(told(less)).toEqual(['head 280', 'incomplete'])
  })

  test('are right where a tile was changed, which is told', () => {
    const changed = lines.map((line) =>
      line.kind === 'tile'
        ? { ...line, hashes: Buffer.alloc(256 * 32, 1).toString('base64') }
        : line,
    )
    expect(told(changed)).toEqual(['head 3', 'head 256'])
  })
})

describe('keys', () => {
  const next = sandboxSealKey('510200')
  const vouched = (by: typeof signer) =>
    writeNote(digestParts, handingOver(next), by, (message) => by.sign(message))
  const [start, ...rest] = lines as [ExportLine & { kind: 'export' }, ...ExportLine[]]
  const first = { name: signer.name, publicKey: signer.publicKey, since: 0 }

  test('that hand over to each other are followed from the first', () => {
    const second = { name: next.name, publicKey: next.publicKey, since: 3, note: vouched(signer) }
    expect(verify([{ ...start, keys: [first, second] }, ...rest]).keys).toHaveLength(2)
  })

  test.each([
    ['nobody vouches for', undefined],
    ['vouches for itself', vouched(next)],
    ['has a note that is none', 'x'],
  ])('are not followed to one that %s', (_, note) => {
    const second = { name: next.name, publicKey: next.publicKey, since: 3, ...(note && { note }) }
    const own = makeExport(5, [5]).lines.slice(1)
    const keys = [second, first]
    expect(verify([{ ...start, keys: [first, second] }, ...rest]).keys).toHaveLength(1)
    // Without a key that was given the first is taken at its word, and signed nothing here.
    const taken = verify([{ ...start, until: 5, keys }, ...own], {})
    expect(taken.isKeyGiven).toBe(false)
    expect(taken.findings.map(({ kind }) => kind)).toContain('signature')
  })

  const ours = { ...next, line: [first] }
  test.each([
    ['that begin with its own line', [first, next], true],
    ['that begin with it', [next], true],
    ['that others follow', [first, next, sandboxSealKey('999999')], true],
    ['in which it is not', [first], false],
    ['of a log without any', [], false],
    ['with somebody before it whom it does not know', [sandboxSealKey('999999'), next], false],
    ['with one more before its line', [sandboxSealKey('999999'), first, next], false],
  ])('%s do or do not lead to it', (_, trusted, does) => {
    expect(leadTo(trusted, ours)).toBe(does)
  })

  test('that are not the given one prove nothing', () => {
    expect(told(lines, { publicKey: next.publicKey })).toEqual([
      'signature 3',
      'signature 256',
      'signature 280',
      'signature 300',
    ])
  })

  test('have files of one form', () => {
    expect(newSealKey('a')).toMatch(/^jiesuan seal key 1\nname a\nprivate [0-9a-f]{64}\n/)
    expect(() => newSealKey('a b')).toThrow('name of a key')
    expect(checking.digest(new Uint8Array())).toHaveLength(32)
  })
})
