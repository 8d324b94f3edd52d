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
import { messagesOf, movesMoney, nameOf } from './batch.ts'
import type { RegionDesk } from './needs.ts'
import { type Turned, turn } from './problem.ts'

export interface Answering extends Admitting {
  readonly desk: RegionDesk
  /** So long the answers to a batch wait for the slowest of them. */
  readonly patience?: Patience | undefined
}

/** Whoever moves money can wait; whoever hears who somebody is, and waited long, has to come again (`slowWelcome_ms`). */
export interface Patience {
  readonly moving_ms: number
  readonly looking_ms: number
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

type Said = Omit<Answered, 'proved'>

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
const usual: Patience = { moving_ms: 5_000, looking_ms: 1_500 }

/**
 * Answers an envelope with several messages in it. It is proved as a whole, and good once as a whole; after that each is read
 * and answered by itself. All reach the desk at once, so that they share its transactions. `onLate` is told of what failed
 * once its answer had gone.
 */
export async function answerBatch(
  arrived: Arrived,
  request: FastifyRequest,
  parts: Answering,
  onLate: (failed: Answered) => void,
): Promise<Answered | AnsweredBatch> {
  return opened<Answered | AnsweredBatch>(arrived, request, parts, async ({ json }, proved) => {
    if (proved.envelope.reference !== '') return { proved, said: turn('reference-differs') }
    const messages = messagesOf(json)
    if ('problem' in messages) return { proved, said: messages }
    const asks = messages.map((message) => readOne(message, proved, request))
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const answerOne = async (asked: Read, at: number): Promise<AnsweredOne> => {
      const one = { proved, reference: nameOf(messages[at]) }
      if ('said' in asked) return { ...one, ...asked }
      const answered = answerAsk(asked, proved, request, parts.desk)
      const told = await Promise.race([answered, late])
      if (told) return { ...one, ...told }
      void answered.then((end) => end.error !== undefined && onLate({ proved, ...end }))
      return { ...one, kind: asked.kind, said: laterOf(asked.kind) }
    }
    const timer = setTimeout(resolve, patienceWith(asks, parts.patience ?? usual))
    try {
      return { proved, replies: await Promise.all(asks.map(answerOne)) }
    } finally {
      clearTimeout(timer)
    }
  })
}

/** One of a batch as it was read, or what is said where it was not. */
type Read = RegionAsk | Said

/** What goes wrong with one harms no other. A statement may be longer than all that the others are answered. */
function readOne(message: unknown, { envelope }: Proved, request: FastifyRequest): Read {
  try {
    const asked = readAsk(message, envelope.sender)
    if ('problem' in asked) return { said: asked }
    return asked.kind === 'statement' ? { said: turn('field-invalid', notTogether) } : asked
  } catch (error) {
    return { said: saidOf(error, request), error }
  }
}

const notTogether = { field: '/kind', expected: 'anything but a statement, which is sent alone' }

/** All are answered at once, so that whoever only looks would wait for money to move. */
function patienceWith(asks: readonly Read[], { moving_ms, looking_ms }: Patience): number {
  return asks.some((one) => !('said' in one) && !movesMoney(one.kind)) ? looking_ms : moving_ms
}

/** What is said in place of an answer that cannot be given now: it is looked up later, or nothing was done. */
export const laterOf = (kind: RegionAsk['kind'] | undefined): Answered['said'] =>
  kind !== undefined && (kind === 'query' || movesMoney(kind)) ? { kind: 'open' } : turn('busy')

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
): Promise<Said> {
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
