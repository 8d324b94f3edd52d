import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { HttpFramer, type Passing, passingOf } from './httpFrames.ts'

/** What may befall one request between two regions; `bytes` are how many still pass before the line breaks. */
export type Mishap =
  /** It arrives later, or its reply does. */
  | { readonly kind: 'delay' | 'hold'; readonly delay_ms: number }
  /** It never arrives, and nobody is told so. */
  | { readonly kind: 'swallow' }
  /** It arrives, and its reply never comes back. */
  | { readonly kind: 'halfOpen' }
  | { readonly kind: 'cutRequest' | 'cutReply'; readonly bytes: number }
  /** It arrives twice; which reply comes back. */
  | { readonly kind: 'twice'; readonly told: 'first' | 'second' }
  /** It arrives after the next one. */
  | { readonly kind: 'afterNext' }

/** Asked of each request; undefined lets it pass. */
export type Mischief = (passing: Passing) => Mishap | undefined

/** How long one that waits for the next is kept at most. */
const longestTurn_ms = 1_000

/** A line between regions that breaks where it is told to. Both ends are told of every break but of a silent one. */
export class HttpProxy {
  port = 0
  /** Requests seen, and those struck, since the plan was laid. */
  passed = 0
  struck = 0
  readonly #upstream: number
  readonly #sockets = new Set<net.Socket>()
  #server = net.createServer()
  #mischief: Mischief = () => undefined
  #waitsForNext: (() => void) | undefined

  constructor(upstream: number) {
    this.#upstream = upstream
  }

  /** Listens; after `goAway` on the same port as before. */
  async listen(): Promise<number> {
    this.#server = net.createServer((socket) => void this.#serve(this.#keep(socket)))
    this.#server.listen(this.port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.port = (this.#server.address() as net.AddressInfo).port
    return this.port
  }

  /** Nobody can connect any more, and every connection is reset. */
  async goAway(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.resetAndDestroy()
    await closed
  }

  lay(mischief: Mischief = () => undefined): void {
    this.#mischief = mischief
    this.passed = 0
    this.struck = 0
  }

  #keep(socket: net.Socket): net.Socket {
    this.#sockets.add(socket)
    socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket))
    return socket.setNoDelay(true)
  }

  async #serve(client: net.Socket): Promise<void> {
    const framer = new HttpFramer()
    try {
      for await (const chunk of client)
        for (const request of framer.push(chunk as Buffer)) await this.#pass(client, request)
    } catch {
      // A reset is an end like any other.
    }
    client.destroy()
  }

  async #pass(client: net.Socket, request: Buffer): Promise<void> {
    const mishap = this.#mischief(passingOf(request, ++this.passed))
    if (mishap) this.struck++
    if (mishap?.kind === 'afterNext') await this.#nextPassed()
    if (mishap?.kind === 'delay') await sleep(mishap.delay_ms)
    if (mishap?.kind === 'swallow') return
    if (mishap?.kind === 'cutRequest') return this.#cut(client, request.subarray(0, mishap.bytes))
    if (mishap?.kind === 'halfOpen') return void this.#ask(request).catch(() => {})
    const first = await this.#ask(request)
    const second = mishap?.kind === 'twice' ? await this.#ask(request) : first
    const reply = mishap?.kind === 'twice' && mishap.told === 'second' ? second : first
    this.#waitsForNext?.()
    if (mishap?.kind === 'hold') await sleep(mishap.delay_ms)
    if (mishap?.kind !== 'cutReply') return void client.write(reply)
    client.write(reply.subarray(0, mishap.bytes), () => client.resetAndDestroy())
  }

  async #nextPassed(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waitsForNext = resolve
      setTimeout(resolve, longestTurn_ms)
    })
    this.#waitsForNext = undefined
  }

  /** Sends so much of a request on, and then breaks on both sides. */
  async #cut(client: net.Socket, part: Buffer): Promise<void> {
    const server = this.#keep(net.connect(this.#upstream, '127.0.0.1'))
    await new Promise<void>((resolve) => server.write(part, () => resolve()))
    server.resetAndDestroy()
    client.resetAndDestroy()
  }

  /** The whole reply to a request, over a connection of its own. Where the other end breaks, so does ours. */
  async #ask(request: Buffer): Promise<Buffer> {
    const server = this.#keep(net.connect(this.#upstream, '127.0.0.1'))
    server.write(request)
    const framer = new HttpFramer()
    try {
      for await (const chunk of server) {
        const [reply] = framer.push(chunk as Buffer)
        if (reply) return reply
      }
    } finally {
      server.destroy()
    }
    throw new Error('the other end is gone')
  }
}
