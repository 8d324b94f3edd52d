import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import { type TSchema, Type } from 'typebox'
import type { Outcome } from '../../engine/outcome.ts'
import type { Ask } from '../../engine/ports.ts'
import type { App } from './app.ts'
import { Complaint } from './complaint.ts'
import { readJson } from './json.ts'
import { readKey } from './key.ts'
import { keepLineToOwn } from './permission.ts'
import type { Line } from './lines.ts'
import { batchLimits, batchType, receiveLines } from './lineUpload.ts'
import type { Desk } from './needs.ts'
import { tell } from './outcome.ts'
import { complain, type Problem } from './problem.ts'
import { formatSchemaError } from './validation.ts'
import { problems } from './words.ts'

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
  const receive = receiveLines(desk)
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
      const turns = new Map<string, Promise<unknown>>()
      return receive(request, reply, (line) => answerLine({ desk, request, batch, turns }, line))
    },
  )
}

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
    const { institution } = rest as { readonly institution?: string }
    if (institution !== undefined) await keepLineToOwn(desk, request, institution)
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
