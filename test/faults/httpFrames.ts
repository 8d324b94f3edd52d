/** Cuts a stream of HTTP/1.1 messages that say how long they are, as both ends of a line between regions do. */
export class HttpFramer {
  #rest: Buffer = Buffer.alloc(0)

  push(chunk: Buffer): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const messages: Buffer[] = []
    for (let message = this.#cut(); message; message = this.#cut()) messages.push(message)
    return messages
  }

  #cut(): Buffer | undefined {
    const head = this.#rest.indexOf('\r\n\r\n')
    if (head < 0) return undefined
    const [, length = '0'] =
      /\r\ncontent-length: *(\d+)/i.exec(this.#rest.toString('latin1', 0, head)) ?? []
    const end = head + 4 + Number(length)
    if (this.#rest.length < end) return undefined
    const message = this.#rest.subarray(0, end)
    this.#rest = this.#rest.subarray(end)
    return message
  }
}

/** What a request asks, and of which reference: enough to choose which of them is struck. */
export interface Asked {
  readonly kind: string
  readonly reference: string | undefined
}

/** Of a request with several messages in it the first is told, and all. */
export interface Passing extends Asked {
  readonly asked: readonly Asked[]
  /** The first request since the plan was laid is 1. */
  readonly n: number
}

export function passingOf(message: Buffer, n: number): Passing {
  const asked = messagesIn(message.toString('utf8', message.indexOf('\r\n\r\n') + 4))
  return { kind: '', reference: undefined, ...asked[0], asked, n }
}

function messagesIn(body: string): readonly Asked[] {
  if (body === '') return []
  const json = JSON.parse(body) as Asked & { readonly messages?: readonly Asked[] }
  return (json.messages ?? [json]).map(({ kind, reference }) => ({ kind, reference }))
}
