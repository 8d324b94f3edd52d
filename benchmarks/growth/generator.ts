// A thread that makes rows for whoever started it, a chunk at a time: the next one once the one before is written.
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import type { CopyRows } from './copyRows.ts'
import { type Generating, generate } from './generation.ts'

/** Rows for one table, as bytes that change hands without being copied. */
export interface Chunk {
  readonly table: string
  readonly columns: string
  readonly rows: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

const port = parentPort
if (port) {
  for await (const some of generate(workerData as Generating)) {
    const chunks = joined(some)
    port.postMessage(
      chunks,
      chunks.map(({ bytes }) => bytes.buffer),
    )
    await once(port, 'message')
  }
  port.postMessage([])
  port.unref()
}

/** One chunk a table. */
function joined(some: readonly CopyRows[]): Chunk[] {
  const tables = Map.groupBy(some, ({ table }) => table)
  return [...tables].map(([table, parts]) => ({
    table,
    columns: parts[0]?.columns ?? '',
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    // A copy, whose memory is nobody else's.
    bytes: new Uint8Array(Buffer.concat(parts.map(({ bytes }) => bytes))),
  }))
}
