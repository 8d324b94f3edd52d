import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from './random.ts'
import { type Op, Workload } from './workload.ts'

/** What one sending of a request came to, in the words of the contract. */
export type Told =
  | 'answered'
  | 'replayed'
  | 'nothing'
  | 'not reached'
  | 'in progress'
  | 'busy'
  /** Of another region: nothing was sent to it, and the request may be sent again. */
  | 'unreachable'
  | 'unknown'
  | 'fault of theirs'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** Everything that was heard about one key. */
export interface Story {
  readonly op: Op
  readonly told: Told[]
  /** Every final answer; after the first they must all be the same. */
  readonly answers: Answer[]
}

export const finalOf = (story: Story): Answer | undefined => story.answers[0]

/** The words of the final answer, empty where there is none. */
export const wordsOf = (story: Story): Readonly<Record<string, string>> =>
  (finalOf(story)?.body ?? {}) as Record<string, string>

const patience_ms = 60_000
const answerTimeout_ms = 20_000

interface Heard {
  readonly told: Told
  readonly answer?: Answer
}

/** Clients that obey the contract's words and nothing else: no final answer, and they repeat the same key. */
export class Clients {
  readonly stories: Story[] = []
  /** The longest that anybody has waited for an answer. */
  slowest_ms = 0
  readonly #port: number
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 128 })
  #loading = true

  constructor(port: number) {
    this.#port = port
  }

  /** Starts so many clients; each goes on until told to stop, and then until its last key has a final answer. */
  async load(count: number, random: Random, tag: string): Promise<void> {
    this.#loading = true
    const clients = Array.from({ length: count }, (_, i) =>
      this.#live(random.fork(`client ${i}`), `${tag}c${i}`),
    )
    await Promise.all(clients)
  }

  /** No new claims from now on. */
  settleDown(): void {
    this.#loading = false
  }

  close(): void {
    this.#agent.destroy()
  }

  async #live(random: Random, tag: string): Promise<void> {
    const workload = new Workload(random.fork('claims'), tag)
    const pace = random.fork('pace')
    const settled: Story[] = []
    while (this.#loading) {
      const stories = this.#choose(random, workload, settled)
      await this.finish(stories, pace, stories.length > 1)
      for (const story of stories)
        if (story.op.kind === 'settle' && finalOf(story)?.status === 201) settled.push(story)
      await sleep(pace.between(80, 400))
    }
  }

  #choose(random: Random, workload: Workload, settled: Story[]): Story[] {
    if (settled.length > 0 && random.chance(0.15)) {
      const [chosen] = settled.splice(random.between(0, settled.length - 1), 1) as [Story]
      return [this.write(workload.cancellation(wordsOf(chosen)['id'] ?? '', chosen.op.institution))]
    }
    const size = random.chance(0.1) ? random.between(2, 12) : 1
    return Array.from({ length: size }, () => this.write(workload.claim()))
  }

  /** Stores the key before anything is sent. */
  write(op: Op): Story {
    const story: Story = { op, told: [], answers: [] }
    this.stories.push(story)
    return story
  }

  /** Sends and repeats until every key has a final answer, or patience ends. */
  async finish(stories: readonly Story[], pace: Random, asBatch = false): Promise<void> {
    const until = performance.now() + patience_ms
    for (;;) {
      const open = stories.filter((story) => !finalOf(story))
      if (open.length === 0 || performance.now() > until) return
      await (asBatch ? this.#sendBatch(open) : this.#sendEach(open))
      const unknown = open.find((story) => story.told.at(-1) === 'unknown')
      if (unknown && pace.chance(0.5)) await this.#askByKey(unknown)
      if (open.some((story) => !finalOf(story))) await sleep(pace.between(40, 200))
    }
  }

  async #sendEach(stories: readonly Story[]): Promise<void> {
    await Promise.all(stories.map((story) => this.send(story)))
  }

  /** Sends once. */
  async send(story: Story): Promise<void> {
    const { op } = story
    const headers = { 'content-type': 'application/json', 'idempotency-key': `"${op.key}"` }
    const sent = performance.now()
    const heard = await this.#post(op.path, headers, JSON.stringify(op.body)).then(
      // A 503 that does not say when to come back is not one of the contract's words.
      ({ status, text, replayed, retryAfter }): Heard =>
        status === 503 && !retryAfter
          ? { told: 'fault of theirs' }
          : hear(status, JSON.parse(text), replayed),
      silence,
    )
    this.slowest_ms = Math.max(this.slowest_ms, performance.now() - sent)
    note(story, heard)
  }

  async #sendBatch(stories: readonly Story[]): Promise<void> {
    const lines = stories.map(({ op }) => `${JSON.stringify({ key: op.key, ...op.body })}\n`)
    const headers = { 'content-type': 'application/x-ndjson' }
    let text = ''
    let whole: Heard = { told: 'nothing' }
    try {
      const sent = await this.#post('/v1/settlements/batch', headers, lines.join(''), (part) => {
        text += part
      })
      if (sent.status !== 200) {
        text = ''
        whole = hear(sent.status, JSON.parse(sent.text), false)
      }
    } catch (error) {
      // What came before the line broke was said all the same.
      whole = silence(error)
    }
    const heard = new Map(readLines(text).map((line) => [line.key, line]))
    for (const story of stories) {
      const line = heard.get(story.op.key)
      note(story, line ? hear(line.status, line.body, line.replayed === true) : whole)
    }
  }

  async #askByKey(story: Story): Promise<void> {
    const { key, institution } = story.op
    const query = new URLSearchParams({ key, institution })
    try {
      const reply = await fetch(
        `http://127.0.0.1:${this.#port}/v1/settlements?${query.toString()}`,
        {
          signal: AbortSignal.timeout(answerTimeout_ms),
        },
      )
      const { answer } = (await reply.json()) as { answer?: Answer }
      if (reply.status === 200 && answer) note(story, { told: 'replayed', answer })
    } catch {
      // A question without an answer changes nothing: the key is repeated.
    }
  }

  #post(
    path: string,
    headers: Record<string, string>,
    body: string,
    onPart?: (part: string) => void,
  ): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: this.#port, method: 'POST', path, headers }
      const request = http.request({ ...options, agent: this.#agent, timeout: answerTimeout_ms })
      request.on('timeout', () => request.destroy(new Error('no answer in time')))
      request.on('error', reject)
      request.on('response', (response) => {
        let text = ''
        response.setEncoding('utf8').on('error', reject)
        response.on('data', (part: string) => {
          text += part
          onPart?.(part)
        })
        response.on('end', () => {
          const replayed = response.headers['idempotency-replayed'] === 'true'
          const retryAfter = response.headers['retry-after']
          resolve({ status: response.statusCode ?? 0, text, replayed, retryAfter })
        })
      })
      request.end(body)
    })
  }
}

/** Nobody listened, so nothing was sent; after any other failure a request may have arrived. */
const silence = (error: unknown): Heard => {
  const isRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
  return { told: isRefused ? 'not reached' : 'nothing' }
}

interface Reply {
  readonly status: number
  readonly text: string
  readonly replayed: boolean
  readonly retryAfter: string | undefined
}

interface BatchLine {
  readonly key: string
  readonly status: number
  readonly replayed?: boolean
  readonly body: unknown
}

/** Whole lines only: a line that was cut off was not said. */
function readLines(text: string): BatchLine[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as BatchLine)
}

function note(story: Story, { told, answer }: Heard): void {
  story.told.push(told)
  if (answer) story.answers.push(answer)
}

const finals = new Set([200, 201, 400, 404, 413, 415, 422])

function hear(status: number, body: unknown, replayed: boolean): Heard {
  if ((body as { code?: string }).code === 'home-region-unreachable') return { told: 'unreachable' }
  if (finals.has(status))
    return { told: replayed ? 'replayed' : 'answered', answer: { status, body } }
  if (status === 409) return { told: 'in progress' }
  if (status !== 503) return { told: 'fault of theirs' }
  return { told: (body as { code?: string }).code === 'outcome-unknown' ? 'unknown' : 'busy' }
}
