import { Readable } from 'node:stream'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Complaint } from './complaint.ts'
import { cutLines, type Line, readAhead } from './lines.ts'
import type { Desk } from './needs.ts'

export const batchType = 'application/x-ndjson'
export const batchLimits = { total: 8_388_608, line: 262_144, lines: 1000 }

/** So many lines of one upload are in the works at once, and so many uploads of a path: none must starve the window. */
const mostInFlight = 64
const mostUploads = 4

type Door = Pick<Desk, 'isBeside'>

/**
 * Takes uploads of a line each (NDJSON) at one path, and answers a line for each line in the order given, while the lines
 * after it are already in the works.
 */
export function receiveLines(door: Door) {
  let open = 0
  return (
    request: FastifyRequest,
    reply: FastifyReply,
    answer: (line: Line) => Promise<unknown>,
  ): FastifyReply => {
    if (Number(request.headers['content-length'] ?? 0) > batchLimits.total)
      throw new Complaint('body-too-large', { most: batchLimits.total })
    const { body } = request
    if (!(body instanceof Readable))
      throw new Complaint('media-type-unsupported', { expected: batchType })
    if (open >= mostUploads) throw new Complaint('busy')
    open++
    const answers = Readable.from(answerAll(door, body, answer), { objectMode: false })
    answers.once('close', () => open--)
    return reply.type(batchType).send(answers)
  }
}

async function* answerAll(
  door: Door,
  body: Readable,
  answer: (line: Line) => Promise<unknown>,
): AsyncGenerator<string> {
  const waiting: Promise<unknown>[] = []
  const lines = cutLines(body.iterator({ destroyOnReturn: false }), batchLimits)
  for await (const line of readAhead(lines)) {
    waiting.push(answer(line))
    await makeRoom(door)
    while (waiting.length >= mostInFlight) yield write(await waiting.shift())
  }
  // What follows an upload that is too long must leave the connection, or the next request on it is never read.
  body.resume()
  for (const one of waiting) yield write(await one)
}

/** Reading and checking a line takes a third of a millisecond, in which nobody at a till is served. */
const betweenLines_ms = 2

/** A till that is asked meanwhile is not to wait until all that has arrived of an upload is read. */
const makeRoom = async (door: Door): Promise<unknown> =>
  door.isBeside() ? sleep(betweenLines_ms) : nextTurn()

const write = (told: unknown): string => `${JSON.stringify(told)}\n`
