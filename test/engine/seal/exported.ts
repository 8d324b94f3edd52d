import { sm2Verify } from '../../../adapters/crypto/sm2.ts'
import { digestParts, sandboxSealKey } from '../../../adapters/crypto/sealKeys.ts'
import { Edge } from '../../../engine/seal/edge.ts'
import type { ExportedPosting, ExportLine } from '../../../engine/seal/exportLine.ts'
import { leafHash } from '../../../engine/seal/hash.ts'
import { hashOfHead, writeHead, writeNote } from '../../../engine/seal/head.ts'
import type { Checking } from '../../../engine/seal/keyChain.ts'
import { placeText, postingText, type SealedPosting } from '../../../engine/seal/posting.ts'
import { type Given, type Verdict, Verification } from '../../../engine/seal/verification.ts'

export const checking: Checking = { digest: digestParts, verify: sm2Verify }
export const signer = sandboxSealKey('510100')
export const origin = '510100 journal'

const encoder = new TextEncoder()

/** An opening balance: the smallest posting there is. */
export const openingOf = (position: number): SealedPosting => ({
  owner: `P${position}`,
  posting: `01KJP0Y9MAE00A8QPA8W0H${String(position).padStart(8, '0')}`,
  transfers: [[`P${position}`, 1, 'opening', 'opening:510100', `personal:P${position}`, '100']],
  balances: [[`P${position}`, `personal:P${position}`, '1', '100']],
  years: [],
  document: '',
})

export const momentOf = (position: number): string =>
  `2026-03-02T01:00:00.${String(position).padStart(6, '0')}Z`

export const placeOf = (position: number, sealed: SealedPosting): string =>
  placeText({
    position,
    at: momentOf(position),
    owner: sealed.owner,
    posting: sealed.posting,
    digest: digestParts(encoder.encode(postingText(sealed))).toBase64(),
  })

export const leafOf = (position: number, sealed = openingOf(position)): Uint8Array =>
  leafHash(digestParts, encoder.encode(placeOf(position, sealed)))

export interface Made {
  readonly lines: ExportLine[]
  readonly notes: string[]
}

/** An export of so many positions, with a head at each of some sizes. */
export function makeExport(size: number, heads: readonly number[], from = 1): Made {
  const edge = new Edge(digestParts)
  const before: string[] = []
  const notes: string[] = []
  const lines: ExportLine[] = []
  const leaves: Uint8Array[] = []
  for (let position = 1; position <= size; position++) {
    const sealed = openingOf(position)
    if (position === from) before.push(...edge.hashes.map((hash) => hash.toBase64()))
    const leaf = leafOf(position)
    leaves.push(leaf)
    edge.add(leaf)
    const digest = digestParts(encoder.encode(postingText(sealed))).toBase64()
    if (position >= from)
      lines.push({ kind: 'posting', position, at: momentOf(position), ...sealed, digest })
    if (heads.includes(position)) notes.push(headOf(edge, notes.at(-1)))
  }
  for (let tile = 0; (tile + 1) * 256 <= size; tile++)
    lines.push({ kind: 'tile', tile, hashes: joined(leaves.slice(tile * 256, (tile + 1) * 256)) })
  const told = notes.filter((_, i) => (heads[i] ?? 0) >= from - 1)
  lines.push(...told.map((note): ExportLine => ({ kind: 'head', note })))
  lines.push({ kind: 'end', postings: size - from + 1, heads: told.length })
  lines.unshift({
    kind: 'export',
    format: 1,
    log: origin,
    from,
    until: size,
    last: size,
    edge: before,
    keys: [{ name: signer.name, publicKey: signer.publicKey, since: 0 }],
    at: '2026-03-02T02:00:00.000Z',
  })
  return { lines, notes }
}

export function headOf(edge: Edge, previous?: string, of = origin): string {
  const text = writeHead({
    origin: of,
    size: edge.size,
    root: edge.root,
    at: '2026-03-02T01:30:00.000Z',
    previous: previous === undefined ? undefined : hashOfHead(digestParts, previous),
  })
  return writeNote(digestParts, text, signer, (message) => signer.sign(message))
}

const joined = (hashes: readonly Uint8Array[]): string => Buffer.concat(hashes).toString('base64')

export function verify(
  lines: readonly (ExportLine | string)[],
  given: Given = { publicKey: signer.publicKey },
): Verdict {
  const verification = new Verification(checking, given)
  for (const line of lines)
    verification.take(typeof line === 'string' ? line : JSON.stringify(line))
  return verification.end()
}

/** The findings in short: kind and positions. */
export const told = (lines: readonly (ExportLine | string)[], given?: Given): string[] =>
  verify(lines, given).findings.map(({ kind, position, until }) =>
    [kind, position, until].filter((part) => part !== undefined).join(' '),
  )

export const isAt = (position: number) => (line: ExportLine) =>
  line.kind === 'posting' && line.position === position

/** What somebody makes of an export who changes a position of it, or takes some away. */
export const changing = (lines: readonly ExportLine[]) => ({
  change: (position: number, to: (line: ExportedPosting) => object): ExportLine[] =>
    lines.map((line) =>
      isAt(position)(line) ? { ...line, ...to(line as ExportedPosting) } : line,
    ),
  without: (...positions: number[]): ExportLine[] =>
    lines.filter((line) => !positions.some((position) => isAt(position)(line))),
})
