import type { FastifyRequest } from 'fastify'
import type { RegionAsk, RegionReply } from '../../engine/awayClaim.ts'
import { Fault } from '../../engine/ports.ts'
import {
  type Admitted,
  type Admitting,
  type Arrived,
  admit,
  type Proved,
  prove,
  readAsk,
  readNamed,
} from './admission.ts'
import { messagesOf, nameOf } from './batch.ts'
import type { RegionDesk } from './needs.ts'
import { type Turned, turn } from './problem.ts'

export interface Answering extends Admitting {
  readonly desk: RegionDesk
  /** So long the answers to a batch wait for the slowest of them. */
  readonly patience_ms?: number | undefined
}

/** What became of a message, for the answer, the log and the counters. */
export interface Answered {
  readonly proved?: Proved | undefined
  readonly kind?: RegionAsk['kind'] | undefined
  readonly said: Turned | RegionReply
  readonly error?: unknown
}

/** One of a batch, by its name. */
export interface AnsweredOne extends Answered {
  readonly reference: string
}

export interface AnsweredBatch {
  readonly proved: Proved
  readonly replies: readonly AnsweredOne[]
}

/** Answers an envelope with a message in it. */
export async function answerMessage(
  arrived: Arrived,
  request: FastifyRequest,
  parts: Answering,
): Promise<Answered> {
  return opened(arrived, request, parts, async (admitted, proved) => {
    const asked = readNamed(admitted, proved)
    return { proved, ...(await answerAsk(asked, proved, request, parts.desk)) }
  })
}

/** Whoever asks has ten seconds; an answer that takes half of that is asked for again, and its neighbours are not kept. */
const patience_ms = 5_000

/**
 * Answers an envelope with several messages in it. It is proved as a whole, and good once as a whole; after that each is read
 * and answered by itself. All reach the desk at once, so that they share its transactions.
 */
export async function answerBatch(
  arrived: Arrived,
  request: FastifyRequest,
  parts: Answering,
): Promise<Answered | AnsweredBatch> {
  return opened<Answered | AnsweredBatch>(arrived, request, parts, async ({ json }, proved) => {
    if (proved.envelope.reference !== '') return { proved, said: turn('reference-differs') }
    const messages = messagesOf(json)
    if ('problem' in messages) return { proved, said: messages }
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, parts.patience_ms ?? patience_ms)
    const replies = await Promise.all(
      messages.map(async (message): Promise<AnsweredOne> => {
        const asked = readAsk(message, proved.envelope.sender)
        const answered = answerAsk(asked, proved, request, parts.desk)
        const told = await Promise.race([answered, late.then(() => tooLate(asked))])
        return { proved, reference: nameOf(message), ...told }
      }),
    )
    clearTimeout(timer)
    return { proved, replies }
  })
}

/** What may move money is being worked on; what only looks has done nothing. */
function tooLate(asked: RegionAsk | Turned): Omit<Answered, 'proved'> {
  if ('problem' in asked) return { said: asked }
  const { kind } = asked
  const said: Answered['said'] = mayStayOpen.has(kind) ? { kind: 'open' } : turn('busy')
  return { kind, said }
}

const mayStayOpen: ReadonlySet<RegionAsk['kind']> = new Set([
  'settle',
  'query',
  'cancel',
  'reverse',
])

async function opened<A>(
  arrived: Arrived,
  request: FastifyRequest,
  parts: Answering,
  answer: (admitted: Admitted, proved: Proved) => Promise<A>,
): Promise<A | Answered> {
  const proved = prove(arrived, parts)
  if ('problem' in proved) return { said: proved }
  try {
    const admitted = await admit(proved, arrived, parts)
    return 'problem' in admitted ? { proved, said: admitted } : await answer(admitted, proved)
  } catch (error) {
    return { proved, said: saidOf(error, request), error }
  }
}

async function answerAsk(
  asked: RegionAsk | Turned,
  { envelope: { sender, receiver } }: Proved,
  request: FastifyRequest,
  desk: RegionDesk,
): Promise<Omit<Answered, 'proved'>> {
  if ('problem' in asked) return { said: asked }
  const { kind } = asked
  try {
    return { kind, said: await desk.answer(sender, asked, receiver) }
  } catch (error) {
    return { kind, said: saidOf(error, request), error }
  }
}

/** A fault is told as what it leaves behind: nothing, or what nobody knows yet. */
function saidOf(error: unknown, request: FastifyRequest): Turned | RegionReply {
  if (!(error instanceof Fault)) return turn('internal-error', { reference: request.id })
  return error.kind === 'unknown' ? { kind: 'open' } : turn('busy')
}
