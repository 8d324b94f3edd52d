import { drawBytes } from '../crypto/drawnBytes.ts'
import { sm3 } from '../crypto/sm3.ts'
import { formats } from '../exports/formats.ts'
import { type SignedManifest, writeExport } from '../exports/manifest.ts'
import type { Signer } from '../exports/needs.ts'
import type { Row, Table } from '../exports/table.ts'
import { type Shape, settlementsShape, totalsShape, transfersShape } from '../exports/tables.ts'
import { writeInstant } from '../http/instant.ts'
import type { ExportAsked, ExportDesk } from '../http/totalsNeeds.ts'
import { pagesOf, streamTransfers } from '../postgres/exportRows.ts'
import { createIds } from '../postgres/ids.ts'
import { createManifests } from '../postgres/manifests.ts'
import { createQueries } from '../postgres/queries.ts'
import { poolOf, type Reader, type Readers } from '../postgres/readers.ts'
import { readReach } from '../postgres/sql/sums.ts'
import { readTotals } from '../postgres/totals.ts'
import { sealKeyOf } from './sealing.ts'
import type { World } from './serve.ts'
import { withFault } from './withFault.ts'

/** What leaves the house as a file, from readers of its own. */
export function exportDeskOf(
  world: World,
  readers: Readers,
  signer: Signer = signerOf(world),
): ExportDesk {
  const { pool, clock } = world
  const manifests = createManifests(pool)
  const ids = createIds({ sm3, drawBytes })
  const keep = async ({ manifest, canonical, signature }: SignedManifest): Promise<void> =>
    manifests.keep({ ...manifest, canonical, signature })
  return {
    open: withFault(async (asked: ExportAsked, over: AbortSignal) => {
      const reader = await readers.open()
      if (!reader) return undefined
      over.addEventListener('abort', () => void reader.end())
      try {
        over.throwIfAborted()
        const at = clock.now()
        const [reach] = await reader.read<{ summed: bigint; placed: bigint }>(readReach)
        const table = await tableOf(world, reader, asked)
        const { name, format, filters, caller } = asked
        const position = String(reach?.placed ?? 0n)
        const id = ids.next('export', at)
        const head = { id, name, format, filters, position, at: writeInstant(at), caller }
        const body = writeExport({ head, table, signer, keep })
        return { id, type: formats[format].type, body }
      } catch (error) {
        await reader.end()
        throw error
      }
    }),
    manifest: withFault(async (id: string) => manifests.find(id)),
  }
}

/** What is wrong with a question shows before the first byte, since its first rows are waited for. */
async function tableOf(world: World, reader: Reader, asked: ExportAsked): Promise<Table> {
  if (asked.name === 'settlements') {
    const queries = createQueries({ pool: poolOf(reader), crypto: world.crypto })
    const pages = pagesOf(async (page) => queries.list({ ...asked.filter, ...page }))
    return shaped(asked.name, settlementsShape, pages)
  }
  if (asked.name === 'transfers')
    return shaped(asked.name, transfersShape, streamTransfers(reader, asked.filter))
  const [reach] = await reader.read<{ summed: bigint; placed: bigint }>(readReach)
  const read = async <R>(text: string, values?: readonly unknown[]) =>
    reader.read(text, values) as Promise<R[]>
  const { items } = await readTotals(read, reach ?? { summed: 0n, placed: 0n }, asked.filter)
  return shaped(asked.name, totalsShape(asked.filter.by), [items].values())
}

async function shaped<L>(
  name: string,
  { columns, rowOf }: Shape<L>,
  lines: AsyncIterator<readonly L[]> | Iterator<readonly L[]>,
): Promise<Table> {
  const first = await lines.next()
  async function* rows(): AsyncGenerator<readonly Row[], void, void> {
    for (let next = first; !next.done; next = await lines.next()) yield next.value.map(rowOf)
  }
  return { name, columns, rows: rows() }
}

/** Whoever has the public key of the log can check a manifest as well. */
function signerOf({ config }: World): Signer {
  const key = sealKeyOf(config)
  return { sign: (text) => key?.sign(Buffer.from(text)) }
}
