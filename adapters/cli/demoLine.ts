import net from 'node:net'
import { once } from 'node:events'

/** What a line that can be broken does: everything as it comes, or it loses answers to settlements, or nobody gets on it. */
type LineState = 'whole' | 'losing' | 'cut'

/** What the message of a settlement holds, as the protocol writes it. */
const settles = '"kind":"settle"'

/** A line between two regions (连线) on a loopback port of its own, for whoever wants to see it break. */
export class DemoLine {
  #state: LineState = 'whole'
  #target = 0
  #port = 0
  #server: net.Server | undefined
  readonly #sockets = new Set<net.Socket>()

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Opens it; where it leads is told by `leadTo`. */
  async open(): Promise<void> {
    const server = net.createServer((near) => this.#join(near))
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    this.#server = server
    this.#port = (server.address() as net.AddressInfo).port
  }

  leadTo(url: string): void {
    this.#target = Number(new URL(url).port)
  }

  async become(state: LineState): Promise<void> {
    if (state === 'cut') await this.close()
    else if (this.#state === 'cut') await this.open()
    this.#state = state
  }

  /** Ends every connection; whoever comes then is refused. */
  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    for (const socket of this.#sockets) socket.destroy()
    if (server) await new Promise((resolve) => server.close(resolve))
  }

  #join(near: net.Socket): void {
    const far = net.connect(this.#target, '127.0.0.1')
    let settling = false
    near.on('data', (sent: Buffer) => {
      settling ||= sent.includes(settles)
      far.write(sent)
    })
    far.on('data', (answer: Buffer) => {
      if (settling && this.#state === 'losing') near.destroy()
      else near.write(answer)
      settling = false
    })
    this.#pair(near, far)
    this.#pair(far, near)
  }

  /** Whatever ends one side ends the other. */
  #pair(one: net.Socket, other: net.Socket): void {
    this.#sockets.add(one)
    one.on('error', () => one.destroy())
    one.on('end', () => other.end())
    one.on('close', () => {
      this.#sockets.delete(one)
      other.destroy()
    })
  }
}
