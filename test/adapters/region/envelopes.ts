// A region that takes several messages in one envelope, for tests that look at what goes over the line.
import { afterEach } from 'vitest'
import type { RegionAsk, RegionFault } from '../../../engine/awayClaim.ts'
import { awayClaim } from './examples.ts'
import { signed } from './forged.ts'
import { type Handler, type lineTo, openStranger } from './support.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

export const opened = <T extends { close(): unknown }>(one: T): T => {
  closing.push(() => one.close())
  return one
}

export type Wire = Record<string, unknown>

/** What was sent in each envelope, in the order in which they came. */
interface Envelope {
  readonly path: string | undefined
  readonly messages: readonly Wire[]
}

export const messagesIn = (sent: Buffer): readonly Wire[] => {
  const json = JSON.parse(sent.toString()) as Wire & { messages?: readonly Wire[] }
  return json.messages ?? [json]
}

/** Answers each message in its place and under its number and name. */
export const inPlace = (sent: Buffer, answerTo: (message: Wire, at: number) => object): string => {
  const messages = messagesIn(sent)
  const told = messages.map(answerTo)
  const replies = messages.map(({ reference }, position) => ({
    position,
    reference,
    reply: told[position],
  }))
  const isBatch = 'messages' in (JSON.parse(sent.toString()) as object)
  return JSON.stringify(isBatch ? { replies } : told[0])
}

export const absent: Handler = signed((_, sent) => ({
  body: inPlace(sent, () => ({ kind: 'absent' })),
}))

/** A region that notes what comes and answers as it is told to, no sooner than it may. */
export async function region(
  handle: Handler = absent,
  until: Promise<unknown> = Promise.resolve(),
) {
  const envelopes: Envelope[] = []
  const stranger = opened(
    await openStranger(async (request, response, sent) => {
      envelopes.push({ path: request.url, messages: messagesIn(sent) })
      await until
      handle(request, response, sent)
    }),
  )
  return { url: stranger.url, envelopes }
}

export const query = (n: number): RegionAsk => ({ kind: 'query', reference: `H1 ${n}` })
export const settle = (n: number): RegionAsk => ({
  kind: 'settle',
  reference: `H1 ${n}`,
  claim: awayClaim,
})

export const several = (count: number, of: (n: number) => RegionAsk): RegionAsk[] =>
  Array.from({ length: count }, (_, n) => of(n))

type Line = ReturnType<typeof lineTo>['line']

/** The kind of each answer, or of the fault that came instead. */
export const toldOf = async (line: Line, asks: readonly RegionAsk[], within_ms?: number) =>
  Promise.all(
    asks.map(async (asked) =>
      line.ask('440100', asked, within_ms).then(
        ({ kind }) => kind,
        (fault: RegionFault) => fault.kind,
      ),
    ),
  )

export const repeated = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one)
