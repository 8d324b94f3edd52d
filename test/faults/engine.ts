import { freePort } from '../support/freePort.ts'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { bareEnvironment } from '../support/environment.ts'

const mostReady_ms = 60_000
const keptLines = 400

/** The real server in a process of its own, on one port for all its lives. */
export class Engine {
  readonly port: number
  /** How long the last start took until /readyz answered 200, and the longest of all. */
  ready_ms = 0
  slowest_ms = 0
  /** Warnings and worse that the server wrote, the newest last. */
  readonly said: string[] = []
  readonly #env: NodeJS.ProcessEnv
  #child: ChildProcess | undefined

  private constructor(port: number, env: NodeJS.ProcessEnv) {
    this.port = port
    this.#env = env
  }

  static async at(databaseUrl: string, more: NodeJS.ProcessEnv = {}): Promise<Engine> {
    const port = await freePort()
    return new Engine(port, {
      ...bareEnvironment(),
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      MODE: 'sandbox',
      LOG_LEVEL: 'warn',
      NODE_NO_WARNINGS: '1',
      ...more,
    })
  }

  get alive(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && !this.#child.signalCode
  }

  async start(): Promise<void> {
    const started = performance.now()
    this.#launch()
    while (!(await this.isReady())) {
      if (performance.now() - started > mostReady_ms)
        throw new Error(`the engine was not ready in ${mostReady_ms} ms:\n${this.tail(20)}`)
      if (!this.alive) this.#launchAgain()
      await sleep(20)
    }
    this.ready_ms = Math.round(performance.now() - started)
    this.slowest_ms = Math.max(this.slowest_ms, this.ready_ms)
  }

  /** Starts and is killed after so long, ready or not. */
  async startAndDie(after_ms: number): Promise<void> {
    this.#launch()
    await sleep(after_ms)
    this.kill()
    await this.gone(5_000)
  }

  /** At once and without a word: what the engine had not sent stays unsent. */
  kill(): void {
    if (this.alive && this.#child?.pid) process.kill(this.#child.pid, 'SIGKILL')
  }

  /** Waits until a killed engine is gone; false where it still lives after the time given. */
  async gone(within_ms: number): Promise<boolean> {
    if (!this.alive) return true
    const child = this.#child as ChildProcess
    // The clock that lost the race must not keep the bench alive.
    await Promise.race([once(child, 'exit'), sleep(within_ms, undefined, { ref: false })])
    return !this.alive
  }

  /** Asks it to end; gives the code it ended with, or nothing where it had to be killed. */
  async stop(): Promise<number | undefined> {
    if (!this.alive) return undefined
    this.#child?.kill('SIGTERM')
    if (await this.gone(30_000)) return this.#child?.exitCode ?? undefined
    this.kill()
    return undefined
  }

  async isReady(): Promise<boolean> {
    try {
      const reply = await fetch(`http://127.0.0.1:${this.port}/readyz`, {
        signal: AbortSignal.timeout(2_000),
      })
      await reply.text()
      return reply.status === 200
    } catch {
      return false
    }
  }

  tail(lines: number): string {
    return this.said.slice(-lines).join('\n')
  }

  /** On a machine that is busy with others the database may answer too late; whoever supervises an engine tries again. */
  #launchAgain(): void {
    if (!this.tail(1).includes('The database does not answer'))
      throw new Error(`the engine ended at its start:\n${this.tail(20)}`)
    this.#launch()
  }

  #launch(): void {
    const child = spawn(process.execPath, ['adapters/main.ts'], { env: this.#env })
    this.#child = child
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => this.#keep(text))
  }

  #keep(text: string): void {
    this.said.push(...text.split('\n').filter((line) => line !== ''))
    if (this.said.length > keptLines) this.said.splice(0, this.said.length - keptLines)
  }
}
