import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from './app.ts'

/** So long a connection may stand still while rows are sorted, or while whoever takes them is busy. */
const standstill_ms = 120_000

/** Long answers that are under way here (下载). Whoever stops the server waits neither for their end nor for one who takes nothing. */
export class Downloads {
  readonly #open = new Set<AbortController>()

  constructor(app: App) {
    app.addHook('preClose', async () => {
      for (const over of this.#open) over.abort()
    })
  }

  get count(): number {
    return this.#open.size
  }

  /** The signal tells that it has gone out, that whoever asked for it has gone, or that the server stops: be that before its first byte. */
  begin({ raw: { socket } }: FastifyRequest, { raw }: FastifyReply): AbortSignal {
    socket.setTimeout(standstill_ms)
    const over = new AbortController()
    this.#open.add(over)
    raw.once('close', () => {
      this.#open.delete(over)
      over.abort()
    })
    return over.signal
  }
}

/** The body of an answer, which is cut when the signal comes first. */
export const bodyOf = (chunks: AsyncIterable<string | Uint8Array>, signal: AbortSignal): Readable =>
  Readable.from(chunks, { objectMode: false, signal })
