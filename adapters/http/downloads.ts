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
    const end = (): void => {
      this.#open.delete(over)
      over.abort()
    }
    // Whoever went while their key was looked up has gone already, which is not told again.
    if (raw.closed) end()
    else raw.once('close', end)
    return over.signal
  }
}

/** The body of an answer, which is cut when the signal comes first. */
export function bodyOf(chunks: AsyncIterable<string | Uint8Array>, over: AbortSignal): Readable {
  const body = Readable.from(chunks, { objectMode: false })
  // Without an error, which would be nobody's as long as no answer has the body.
  const cut = (): unknown => body.destroy()
  if (over.aborted) cut()
  else over.addEventListener('abort', cut)
  return body
}
