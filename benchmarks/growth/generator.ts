// A thread that makes rows for whoever started it, a chunk at a time: the next one once the one before is written.
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { type Generating, generate } from './generation.ts'

/** Rows for one table, as bytes that change hands without being copied. */
export interface Chunk {
  readonly table: string
  readonly columns: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

const port = parentPort
if (port) {
  for await (const texts of generate(workerData as Generating)) {
    const chunks = joined(texts)
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
function joined(texts: readonly { table: string; columns: string; text: string }[]): Chunk[] {
  const tables = Map.groupBy(texts, ({ table }) => table)
  return [...tables].map(([table, some]) => ({
    table,
    columns: some[0]?.columns ?? '',
    bytes: new TextEncoder().encode(some.map(({ text }) => text).join('')),
  }))
}
