import { once } from 'node:events'
import type { Socket } from 'node:net'
import type pg from 'pg'

/** What `pg` has and its types do not tell: the messages of COPY. */
interface Connection extends NodeJS.EventEmitter {
  readonly stream: Socket
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/** One `copy … from stdin` that stays open while rows come. */
export class CopyStream {
  readonly #text: string
  #connection: Connection | undefined
  readonly #opened = Promise.withResolvers<void>()
  readonly #ended = Promise.withResolvers<void>()

  private constructor(text: string) {
    this.#text = text
    // Whoever writes or ends hears of it; until then nobody waits.
    this.#opened.promise.catch(() => {})
    this.#ended.promise.catch(() => {})
  }

  static async open(client: pg.Client, text: string): Promise<CopyStream> {
    const stream = new CopyStream(text)
    client.query(stream as unknown as pg.Submittable)
    await stream.#opened.promise
    return stream
  }

  /** Waits while the server has more than it can take. */
  async write(chunk: Buffer): Promise<void> {
    const { stream } = this.#connection as Connection
    this.#connection?.sendCopyFromChunk(chunk)
    if (stream.writableNeedDrain) await Promise.race([once(stream, 'drain'), this.#ended.promise])
  }

  async end(): Promise<void> {
    this.#connection?.endCopyFrom()
    await this.#ended.promise
  }

  /** What `pg` calls when it is this query's turn, and with what the server says. */
  submit(connection: Connection): void {
    this.#connection = connection
    connection.query(this.#text)
  }

  handleCopyInResponse(): void {
    this.#opened.resolve()
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.#ended.resolve()
  }

  handleError(error: Error): void {
    this.#opened.reject(error)
    this.#ended.reject(error)
  }
}
