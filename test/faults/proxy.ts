import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { CommitFinder, type Frame, Framer, awaitsReady, failure, openingOf } from './frames.ts'
import { query, readyForQuery, tells } from './frames.ts'

/**
 * What may befall one COMMIT. Kills: before the server gets it, once it was sent, once the server has done it but the
 * engine has not heard, once the engine has been told. Lost replies: the server did it and the line breaks; the line
 * breaks while the server works; the server gets it only later; never. Or it is held up, or fails with a code.
 */
export type CommitFault =
  | { readonly kind: 'killBefore' | 'killSent' | 'killDone' | 'killTold' }
  | { readonly kind: 'loseReply' | 'resetSent' | 'never' }
  | { readonly kind: 'late' | 'hold'; readonly delay_ms: number }
  | { readonly kind: 'fail'; readonly code: string }

/** What the proxy is to do from now on. Everything left out is passed on as it comes. */
export interface Plan {
  /** Asked at each COMMIT that answers claims, the first being 1; `atOtherCommit` at those of journal and clock. */
  readonly atCommit?: (n: number) => CommitFault | undefined
  readonly atOtherCommit?: (n: number) => CommitFault | undefined
  /** Asked at each message of the engine, the first being 1: true kills the engine in its place. */
  readonly killAtMessage?: (n: number) => boolean
  /** Holds up every piece of either direction. */
  readonly delay_ms?: number
  /** Resets the connection on which the answers of the server reach this many bytes in all. */
  readonly cutAfter_bytes?: number
  /** How new connections are met: not at all, or without a word. */
  readonly newcomers?: 'refused' | 'silent'
}

/** One round of the protocol up to its ReadyForQuery, and what befalls it if it commits. */
interface Round {
  readonly fault: CommitFault | undefined
}

interface Link {
  readonly engine: net.Socket
  readonly server: net.Socket
  readonly finder: CommitFinder
  readonly rounds: Round[]
  /** An Execute of COMMIT waits here for its Sync, so that both go or neither does. */
  held: Buffer[]
  /** The engine is gone from this link, and the server is left to finish what it was sent. */
  abandoned: boolean
}

/** A line between the engine and PostgreSQL that understands what passes, and breaks where it is told to. */
export class Proxy {
  port = 0
  /** COMMITs and messages seen, and faults done, since the plan was laid. */
  commits = 0
  otherCommits = 0
  messages = 0
  struck = 0
  readonly #server: net.Server
  readonly #links = new Set<Link>()
  readonly #kill: () => void
  #upstream: number
  #bytes = 0
  #plan: Plan = {}

  constructor(upstreamPort: number, kill: () => void) {
    this.#upstream = upstreamPort
    this.#kill = kill
    this.#server = net.createServer((socket) => this.#accept(socket))
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.port = (this.#server.address() as net.AddressInfo).port
    return this.port
  }

  /** Where the server listens from now on, for connections to come. */
  set upstream(port: number) {
    this.#upstream = port
  }

  lay(plan: Plan): void {
    this.#plan = plan
    this.commits = 0
    this.otherCommits = 0
    this.messages = 0
    this.struck = 0
    this.#bytes = 0
  }

  /** Resets every connection there is. */
  cutAll(): void {
    for (const link of this.#links) this.#reset(link)
  }

  async close(): Promise<void> {
    this.cutAll()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #accept(engine: net.Socket): void {
    engine.on('error', () => {})
    if (this.#plan.newcomers === 'refused') return void engine.resetAndDestroy()
    if (this.#plan.newcomers === 'silent') return void engine.resume()
    const server = net.connect(this.#upstream, '127.0.0.1')
    // Both ends are told of every break by the loops below; an error without a listener would end the bench.
    server.on('error', () => {})
    engine.setNoDelay(true)
    server.setNoDelay(true)
    const finder = new CommitFinder()
    const link: Link = { engine, server, finder, rounds: [], held: [], abandoned: false }
    this.#links.add(link)
    void this.#carryUp(link)
    void this.#carryDown(link).finally(() => this.#links.delete(link))
  }

  #reset(link: Link): void {
    link.engine.resetAndDestroy()
    link.server.destroy()
  }

  async #carryUp(link: Link): Promise<void> {
    const framer = new Framer('client')
    try {
      for await (const chunk of link.engine) {
        if (this.#plan.delay_ms) await sleep(this.#plan.delay_ms)
        for (const frame of framer.push(chunk as Buffer))
          if (!(await this.#passUp(link, frame))) return
      }
    } catch {
      // A reset is an end like any other.
    }
    if (!link.abandoned) link.server.end()
  }

  /** False where the connection is over. */
  async #passUp(link: Link, frame: Frame): Promise<boolean> {
    if (frame.type === '') return passOpening(link, frame)
    this.messages++
    if (this.#plan.killAtMessage?.(this.messages)) {
      this.#strikeEngine(link)
      return false
    }
    const commits = link.finder.commits(frame)
    if (commits && !awaitsReady(frame)) {
      link.held.push(frame.bytes)
      return true
    }
    const bytes = Buffer.concat([...link.held, frame.bytes])
    const isCommit = commits || link.held.length > 0
    link.held = []
    if (isCommit) return this.#passCommit(link, bytes)
    if (awaitsReady(frame)) link.rounds.push({ fault: undefined })
    link.server.write(bytes)
    return true
  }

  async #passCommit(link: Link, bytes: Buffer): Promise<boolean> {
    const { writesAnswers } = link.finder
    const n = writesAnswers ? ++this.commits : ++this.otherCommits
    const fault = writesAnswers ? this.#plan.atCommit?.(n) : this.#plan.atOtherCommit?.(n)
    if (!fault) {
      link.rounds.push({ fault })
      link.server.write(bytes)
      return true
    }
    if (fault.kind === 'killBefore') {
      this.#strikeEngine(link)
      return false
    }
    this.struck++
    if (fault.kind === 'never') {
      this.#reset(link)
      return false
    }
    if (fault.kind === 'hold') await sleep(fault.delay_ms)
    link.rounds.push({ fault })
    if (fault.kind === 'late' || fault.kind === 'resetSent') {
      link.abandoned = true
      if (fault.kind === 'resetSent') link.server.write(bytes)
      link.engine.resetAndDestroy()
      if (fault.kind === 'late') setTimeout(() => link.server.write(bytes), fault.delay_ms)
      return false
    }
    if (fault.kind === 'killSent') {
      link.abandoned = true
      link.server.write(bytes, () => this.#kill())
      return true
    }
    link.server.write(fault.kind === 'fail' ? query('rollback') : bytes)
    return true
  }

  #strikeEngine(link: Link): void {
    this.struck++
    this.#kill()
    this.#reset(link)
  }

  async #carryDown(link: Link): Promise<void> {
    const framer = new Framer('server')
    try {
      for await (const chunk of link.server) {
        if (this.#plan.delay_ms) await sleep(this.#plan.delay_ms)
        if (this.#cutsAt(link, chunk as Buffer)) return
        for (const frame of framer.push(chunk as Buffer)) if (!this.#passDown(link, frame)) return
      }
    } catch {
      // As above.
    }
    if (link.abandoned) link.server.destroy()
    else link.engine.end()
  }

  #cutsAt(link: Link, chunk: Buffer): boolean {
    const limit = this.#plan.cutAfter_bytes
    if (limit === undefined) return false
    const room = limit - this.#bytes
    this.#bytes += chunk.length
    if (room < 0 || chunk.length < room) return false
    this.struck++
    link.engine.write(chunk.subarray(0, room), () => this.#reset(link))
    return true
  }

  #passDown(link: Link, frame: Frame): boolean {
    const round = link.rounds[0]
    const ends = frame.type === readyForQuery
    if (ends) link.rounds.shift()
    switch (round?.fault?.kind) {
      case undefined:
      case 'hold':
      case 'never':
      case 'killBefore':
        break
      case 'fail':
        // What came before COMMIT in its round was answered, and prepared, as if nothing had happened.
        if (ends) link.engine.write(failure(round.fault.code, 'planted by the fault bench'))
        else if (!tells(frame, 'ROLLBACK')) break
        return true
      case 'loseReply':
      case 'late':
      case 'resetSent':
      case 'killSent':
        if (ends) this.#reset(link)
        return !ends
      case 'killDone':
        this.#kill()
        this.#reset(link)
        return false
      case 'killTold':
        if (!ends) break
        link.engine.write(frame.bytes, () => this.#kill())
        return true
    }
    link.engine.write(frame.bytes)
    return true
  }
}

/** We speak no encryption and say so; everything else that opens a connection goes through. */
function passOpening(link: Link, frame: Frame): boolean {
  if (openingOf(frame) === 'encryption') link.engine.write('N')
  else link.server.write(frame.bytes)
  return true
}
