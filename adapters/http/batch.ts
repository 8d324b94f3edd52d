import { Readable } from 'node:stream'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type TSchema, Type } from 'typebox'
import type { Ask, Outcome } from '../../engine/ports.ts'
import type { App } from './app.ts'
import { Complaint } from './complaint.ts'
import { readJson } from './json.ts'
import { readKey } from './key.ts'
import { cutLines, type Line, readAhead } from './lines.ts'
import type { Desk } from './needs.ts'
import { tell } from './outcome.ts'
import { complain, type Problem } from './problem.ts'
import { formatSchemaError } from './validation.ts'
import { problems } from './words.ts'

export const batchType = 'application/x-ndjson'
export const batchLimits = { total: 8_388_608, line: 262_144, lines: 1000 }

/** So many claims of one batch are in the works at once, and so many batches in all: a batch must not starve the window. */
const mostInFlight = 64
const mostBatches = 4
const mostAttempts = 5

interface LineAnswer {
  readonly key: string | null
  readonly status: number
  readonly replayed?: true
  readonly body: unknown
}

/** What the lines of a batch are. */
export interface Batch<Body> {
  readonly url: string
  readonly tag: string
  readonly summary: string
  /** What a line holds beside its key, and of which lines the order is kept, in words. */
  readonly each: string
  readonly inOrder: string
  readonly line: TSchema
  ask(desk: Desk, key: string, body: Body): Ask
  /** Lines of one name are worked on one after another. */
  turn(body: Body): string
}

export function serveBatch<Body>(app: App, desk: Desk, batch: Batch<Body>): void {
  let open = 0
  app.post(
    batch.url,
    {
      bodyLimit: batchLimits.total,
      schema: {
        tags: [batch.tag],
        summary: batch.summary,
        description:
          `The body is \`application/x-ndjson\`: one JSON object a line, ${batch.each} with its \`key\`; at most 1,000 lines, ` +
          '256 KiB a line, 8 MiB in all. The answer is a line for each line, in the order given, as soon as it is known: ' +
          '`{"key", "status", "replayed"?, "body"}` with the status and body that the single path would have answered. ' +
          `${batch.inOrder} are worked on in the order given. A batch that was cut off is simply sent again.`,
        response: {
          200: {
            description: 'One line for each line',
            content: { [batchType]: { schema: Type.String() } },
          },
          ...problems([413, 415, 503]),
        },
      },
    },
    async (request, reply) => {
      if (Number(request.headers['content-length'] ?? 0) > batchLimits.total)
        throw new Complaint('body-too-large', { most: batchLimits.total })
      if (!(request.body instanceof Readable))
        throw new Complaint('media-type-unsupported', { expected: batchType })
      if (open >= mostBatches) throw new Complaint('busy')
      open++
      const answers = Readable.from(answerAll(desk, request, batch), { objectMode: false })
      answers.once('close', () => open--)
      return (reply as FastifyReply).type(batchType).send(answers)
    },
  )
}

/** Answers in the order asked while the lines after are already in the works. */
async function* answerAll<Body>(
  desk: Desk,
  request: FastifyRequest,
  batch: Batch<Body>,
): AsyncGenerator<string> {
  const turns = new Map<string, Promise<unknown>>()
  const waiting: Promise<LineAnswer>[] = []
  const body = request.body as Readable
  const lines = cutLines(body.iterator({ destroyOnReturn: false }), batchLimits)
  for await (const line of readAhead(lines)) {
    waiting.push(answerLine({ desk, request, batch, turns }, line))
    await makeRoom(desk)
    while (waiting.length >= mostInFlight)
      yield write(await (waiting.shift() as Promise<LineAnswer>))
  }
  // What follows a batch that is too long must leave the connection, or the next request on it is never read.
  body.resume()
  for (const answer of waiting) yield write(await answer)
}

/** Reading and checking a line takes a third of a millisecond, in which nobody at a till is served. */
const betweenLines_ms = 2

/** A till that is asked meanwhile is not to wait until all that has arrived of a batch is read. */
export const makeRoom = async (desk: Pick<Desk, 'isBeside'>): Promise<unknown> =>
  desk.isBeside() ? sleep(betweenLines_ms) : nextTurn()

const write = (answer: LineAnswer): string => `${JSON.stringify(answer)}\n`

interface Work<Body> {
  readonly desk: Desk
  readonly request: FastifyRequest
  readonly batch: Batch<Body>
  readonly turns: Map<string, Promise<unknown>>
}

async function answerLine<Body>(
  { desk, request, batch, turns }: Work<Body>,
  line: Line,
): Promise<LineAnswer> {
  let key: string | null = null
  try {
    const value = readLine(line)
    key = keyOf(value)
    const { key: given, ...rest } = checkLine(value, request, batch.line)
    const body = rest as Body
    // In quotes or bare it is one key, as in the header and in a question by key.
    const own = readKey(given)
    const ask = batch.ask(desk, own, body)
    const outcome = await inTurn(turns, [`k:${own}`, `t:${batch.turn(body)}`], () =>
      submitPatiently(desk, ask),
    )
    const told = tell(outcome)
    return {
      key,
      status: told.status,
      ...(told.replayed && { replayed: true }),
      body: 'problem' in told ? told.problem : told.body,
    }
  } catch (error) {
    const problem = problemOf(error, request)
    return { key, status: problem.status, body: problem }
  }
}

/** A batch has time: where a window is told that the server is full, a line waits and asks again. */
export async function submitPatiently(
  desk: Desk,
  ask: Ask,
  passing: readonly Outcome['kind'][] = ['busy'],
): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await desk.submit(ask, 'bulk')
    if (!passing.includes(outcome.kind) || attempt >= mostAttempts) return outcome
    await sleep(50 * 2 ** attempt)
  }
}

export function readLine(line: Line): unknown {
  if ('complaint' in line) throw line.complaint
  return readJson(line.bytes)
}

/** The key of a line that may be wrong otherwise, so that its sender knows which one it was. */
function keyOf(value: unknown): string | null {
  const key = (value as { key?: unknown } | null)?.key
  return typeof key === 'string' && key.length <= 255 ? key : null
}

function checkLine(
  value: unknown,
  request: FastifyRequest,
  line: TSchema,
): { readonly key: string } {
  const check = request.compileValidationSchema(line, 'body')
  if (!check(value)) throw formatSchemaError(check.errors ?? [], 'body')
  return value as { readonly key: string }
}

export function problemOf(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Complaint) return complain(error.code, error.facts)
  request.log.error({ err: error }, 'a line of a batch failed')
  return complain('internal-error', { reference: request.id })
}

/** Lines of one name, and repeats of one key, wait for the one before: a batch is a list, not a race. */
export function inTurn<T>(
  turns: Map<string, Promise<unknown>>,
  names: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const before = names.flatMap((name) => turns.get(name) ?? [])
  const mine = Promise.allSettled(before).then(work)
  for (const name of names) turns.set(name, mine)
  return mine
}
