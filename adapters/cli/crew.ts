import type { ChildProcess } from 'node:child_process'
import cluster, { type Worker } from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { MetricParts } from '../metrics.ts'
import { type Calls, openCalls } from './calls.ts'
import { closeUntaken } from './handedOver.ts'
import type { Beginning, Begun, ParentAnswers, WorkerAnswers } from './place.ts'

/** A process that serves, or is about to. */
export interface Member {
  readonly slot: number
  readonly process: ChildProcess
  readonly calls: Calls<WorkerAnswers>
  /** How it ended, once it has. */
  readonly ended: Promise<string>
  serves: boolean
  /** What it had counted when it was asked last. */
  counted: MetricParts
}

export interface CrewOptions {
  readonly log: Logger
  /** What the process in a slot is told to begin with, now. */
  readonly beginning: (slot: number) => Beginning
  /** What the process in a slot may call us for. */
  readonly answers: (slot: number) => ParentAnswers
  readonly onLost: (member: Member) => void
}

/** The processes that serve one port, each in a slot of its own (工作进程组). */
export interface Crew {
  members(): readonly Member[]
  /** Starts a process in a slot, and from then on one in its place whenever it ends. */
  hire(slot: number): Promise<Begun>
  /** Lets each answer what it has accepted, and waits until all are gone. */
  stop(): Promise<void>
}

/** The first is followed almost at once; where one after the other ends they are followed more and more patiently. */
const shortestPause_ms = 100
const longestPause_ms = 10_000
/** Whoever has served for so long ended of something else than the one before. */
const settled_ms = 60_000

export function openCrew(options: CrewOptions): Crew {
  const exec = fileURLToPath(new URL('worker.ts', import.meta.url))
  // Advanced: amounts are big integers, which JSON does not know.
  cluster.setupPrimary({ exec, args: [], serialization: 'advanced' })
  return new Processes(options)
}

class Processes implements Crew {
  readonly #options: CrewOptions
  readonly #members = new Map<number, Member>()
  readonly #closing = new AbortController()

  constructor(options: CrewOptions) {
    this.#options = options
    // Who hangs in the middle of something does not hear that we are gone.
    process.once('exit', () => {
      for (const member of this.#members.values()) member.process.kill('SIGKILL')
    })
  }

  members(): readonly Member[] {
    return [...this.#members.values()]
  }

  async hire(slot: number): Promise<Begun> {
    const member = this.#fork(slot)
    const begun = await this.#begin(member)
    void this.#keep(member)
    return begun
  }

  async stop(): Promise<void> {
    this.#closing.abort()
    await Promise.all(this.members().map(dismiss))
  }

  #fork(slot: number): Member {
    const worker = cluster.fork()
    const { process: child } = worker
    closeUntaken(child)
    const calls = openCalls<WorkerAnswers>(child, this.#options.answers(slot))
    const ended = endOf(worker)
    const member: Member = { slot, process: child, calls, ended, serves: false, counted: [] }
    this.#members.set(slot, member)
    void ended.then(() => {
      this.#members.delete(slot)
      if (member.serves && !this.#closing.signal.aborted) this.#options.onLost(member)
    })
    return member
  }

  async #begin(member: Member): Promise<Begun> {
    const { slot, calls, ended } = member
    const gone = ended.then((how) => {
      throw new Error(`process ${slot} of those that were to serve has ended (${how})`)
    })
    try {
      const begun = await Promise.race([calls.call('begin', this.#options.beginning(slot)), gone])
      member.serves = true
      return begun
    } catch (error) {
      await dismiss(member)
      throw error
    }
  }

  /** Sees to it that somebody serves in this slot until we close. */
  async #keep(first: Member): Promise<void> {
    const { log } = this.#options
    const { signal } = this.#closing
    const { slot } = first
    let pause_ms = shortestPause_ms
    let member: Member | undefined = first
    for (;;) {
      const since = performance.now()
      const how = await member?.ended
      if (signal.aborted) return
      if (member)
        log.error({ worker: slot, pid: member.process.pid, how }, 'a process that served has ended')
      if (performance.now() - since > settled_ms) pause_ms = shortestPause_ms
      await sleep(pause_ms, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
      pause_ms = Math.min(2 * pause_ms, longestPause_ms)
      member = await this.#replace(slot)
    }
  }

  async #replace(slot: number): Promise<Member | undefined> {
    const { log } = this.#options
    const member = this.#fork(slot)
    try {
      await this.#begin(member)
      log.warn({ worker: slot, pid: member.process.pid }, 'another process serves in its place')
      return member
    } catch (error) {
      if (!this.#closing.signal.aborted)
        log.error(
          { worker: slot, err: error },
          'no process could take its place; it is tried again',
        )
      return undefined
    }
  }
}

/** A process may be ended by anything, or never have begun; that it could not be written to says neither. */
async function endOf(worker: Worker): Promise<string> {
  const { process: child } = worker
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`))
    worker.on('error', (error) => child.pid === undefined && resolve(error.message))
  })
}

/** A process ends with the channel to it; how it comes to its end before that is its own affair. */
async function dismiss({ process: child, calls, ended }: Member): Promise<void> {
  await calls.call('stop').catch(() => {})
  if (child.connected) child.disconnect()
  await ended
}
