import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { toYuan } from '../../engine/money.ts'
import { type FormatName, formats } from './formats.ts'
import type { Signer } from './needs.ts'
import type { Column, Row, Table } from './table.ts'

/** What is known of an export before its first row. */
export interface ManifestHead {
  readonly id: string
  readonly name: 'settlements' | 'transfers' | 'totals'
  readonly format: FormatName
  readonly filters: Readonly<Record<string, string>>
  /** The last place in the journal that is in it. */
  readonly position: string
  /** When the books looked so, as REST writes it. */
  readonly at: string
  readonly caller: string
}

/** What an export held (导出清单): whoever has the file and this can tell that it is whole and what it is. */
export interface Manifest extends ManifestHead {
  readonly rows: number
  /** The sum of each column of amounts, in yuan. */
  readonly sums: Readonly<Record<string, string>>
  readonly bytes: number
  readonly sm3: string
  readonly sha256: string
}

export interface SignedManifest {
  readonly manifest: Manifest
  /** Its RFC 8785 JSON, which is what is signed. */
  readonly canonical: string
  readonly signature: string | undefined
}

export interface Exporting {
  readonly head: ManifestHead
  readonly table: Table
  readonly signer: Signer
  /** Keeps the manifest of what went out whole. */
  readonly keep: (signed: SignedManifest) => Promise<void>
}

/**
 * The bytes of an export. Everything is counted as it goes by, and the manifest kept before the last of it goes: whoever
 * has the end of the file finds its manifest, and a file that was cut has none.
 */
export async function* writeExport({
  head,
  table,
  signer,
  keep,
}: Exporting): AsyncGenerator<Uint8Array, void, void> {
  const count = { rows: 0, sums: table.columns.map(() => 0n) }
  const [sm3, sha256] = [createHash('sm3'), createHash('sha256')]
  let bytes = 0
  let last: Uint8Array = Buffer.alloc(0)
  for await (const chunk of formats[head.format].write({
    ...table,
    rows: counting(table, count),
  })) {
    if (last.length > 0) yield last
    sm3.update(chunk)
    sha256.update(chunk)
    bytes += chunk.length
    last = chunk
  }
  const manifest: Manifest = {
    ...head,
    rows: count.rows,
    sums: sumsOf(table.columns, count.sums),
    bytes,
    sm3: sm3.digest('hex'),
    sha256: sha256.digest('hex'),
  }
  const canonical = canonicalize(manifest) as string
  await keep({ manifest, canonical, signature: signer.sign(canonical) })
  if (last.length > 0) yield last
}

async function* counting(
  { columns, rows }: Table,
  count: { rows: number; readonly sums: bigint[] },
): AsyncGenerator<readonly Row[], void, void> {
  const amounts = columns.flatMap(({ kind }, i) => (kind === 'amount' ? [i] : []))
  for await (const some of rows) {
    count.rows += some.length
    for (const row of some)
      for (const i of amounts) count.sums[i] = (count.sums[i] ?? 0n) + ((row[i] as bigint) ?? 0n)
    yield some
  }
}

const sumsOf = (columns: readonly Column[], sums: readonly bigint[]): Record<string, string> =>
  Object.fromEntries(
    columns.flatMap(({ name, kind }, i) =>
      kind === 'amount' ? [[name, toYuan(sums[i] ?? 0n)] as const] : [],
    ),
  )
