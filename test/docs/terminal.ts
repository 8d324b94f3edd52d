import { createServer, request as open } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Caller, createCaller, type Exchange, type Words } from '../../adapters/nhsa/client.ts'
import { pair } from '../adapters/nhsa/envelopes.ts'
import type { Said, Step } from './sequences.ts'

/** A line to the server that can be cut: what goes over it arrives, but no answer comes back. */
export async function openLine(url: string) {
  let cut = false
  const server = createServer((incoming, outgoing) => {
    const onward = open(`${url}${incoming.url}`, { method: 'POST', headers: incoming.headers })
    onward.on('response', (answer) => {
      if (!cut) {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
        return
      }
      answer.resume().on('end', () => outgoing.destroy())
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: (whether: boolean): void => {
      cut = whether
    },
    close: async (): Promise<void> => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Line = Awaited<ReturnType<typeof openLine>>

// oxlint-disable-next-line typescript/no-explicit-any
type Output = any

interface Told extends Words {
  /** Whether the answer is lost on its way. */
  readonly lost?: boolean
  /** Sent so that the sequence goes on, and not shown. */
  readonly unseen?: boolean
  readonly file?: string
  /** What is expected to be refused. */
  readonly refused?: boolean
}

/** The clock of those who send: it goes by the messages alone, so that every run has the same times. */
export class MessageClock {
  #now = Date.parse('2026-03-02T09:00:00+08:00')

  readonly now = (): number => this.#now

  tick(): void {
    this.#now += 20_000
  }
}

/** Who sends the messages of a sequence and keeps them. */
export class Terminal {
  readonly steps: Step[] = []
  readonly #line: Line
  readonly #caller: Caller
  readonly #clock: MessageClock
  #last: Exchange | undefined

  constructor(
    line: Line,
    institution: { readonly code: string; readonly name: string },
    clock: MessageClock,
  ) {
    this.#line = line
    this.#clock = clock
    this.#caller = createCaller({
      url: line.url,
      ...pair,
      institution: { ...institution, division: institution.code.slice(1, 7) },
      now: clock.now,
      onMessage: (exchange) => {
        this.#last = exchange
      },
    })
  }

  signIn = (says: Said): Promise<void> => this.#keep(says, () => this.#caller.signIn())
  signOut = (says: Said): Promise<void> => this.#keep(says, () => this.#caller.signOut())

  /** The name of the message that was sent last, for whoever sends it again. */
  get msgid(): string {
    return String(this.#last?.request['msgid'])
  }

  /** Sends a message, keeps it with what came back, and gives the output. */
  async send(infno: string, input: unknown, says: Said, told: Told = {}): Promise<Output> {
    const { lost = false, unseen = false, refused = false, file, ...words } = told
    this.#line.cut(lost)
    this.#clock.tick()
    const sent = await this.#caller.send(infno, input, { homeRegion: '510100', ...words })
    const expected = lost ? 'unknown' : refused ? 'refused' : 'done'
    if (sent.kind !== expected) throw new Error(`${infno}: ${JSON.stringify(sent)}`)
    if (!unseen) this.#push(says, file)
    return sent.kind === 'done' ? sent.output : undefined
  }

  async #keep(says: Said, act: () => Promise<unknown>): Promise<void> {
    this.#line.cut(false)
    this.#clock.tick()
    await act()
    this.#push(says)
  }

  #push(says: Said, file?: string): void {
    const { request, response } = this.#last as Exchange
    this.steps.push({ says, request, response, file })
  }

  /** The steps kept so far, for one sequence. */
  take(): Step[] {
    return this.steps.splice(0)
  }
}
