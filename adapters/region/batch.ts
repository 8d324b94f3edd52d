import type { RegionAsk } from '../../engine/awayClaim.ts'
import { type TSchema, Type } from 'typebox'
import { referenceOf } from './admission.ts'
import { type Turned, turn } from './problem.ts'
import { referenceForm } from './words.ts'

/** At most so many messages go in one envelope (合并报文). */
export const mostTogether = 64

const moving: ReadonlySet<RegionAsk['kind']> = new Set(['settle', 'cancel', 'reverse'])

/** What moves money may take long at home, so that whoever only looks goes without it (查询不等结算). */
export const movesMoney = (kind: RegionAsk['kind']): boolean => moving.has(kind)

/** An answer is at most so long: the longest split is a tenth of it. */
export const longestReply = 1_048_576

/** So long are those to so many messages at most. */
export const longestAnswer = (count: number): number => Math.min(count, 8) * longestReply

const closed = { additionalProperties: false } as const
const many = { minItems: 1, maxItems: mostTogether } as const

/** What a batch is and what answers it, for the documentation. */
export const batchSchema = (ask: TSchema): TSchema =>
  Type.Object({ messages: Type.Array(ask, many) }, closed)

export const repliesSchema = (reply: TSchema): TSchema =>
  Type.Object({ replies: Type.Array(replySchema(reply), many) }, closed)

const replySchema = (reply: TSchema): TSchema =>
  Type.Object(
    {
      position: Type.Integer({
        description: 'Which of the messages it answers, counted from 0 (报文序号)',
        minimum: 0,
        maximum: mostTogether - 1,
      }),
      reference: Type.Optional(
        Type.String({ description: 'That of the message, where it has one (业务编号)' }),
      ),
      reply: Type.Optional(reply),
      problem: Type.Optional(Type.Ref('Problem')),
    },
    closed,
  )

export const writeBatch = (messages: readonly string[]): string =>
  `{"messages":[${messages.join(',')}]}`

/** The messages of a batch, each still to be read. */
export function messagesOf(json: unknown): readonly unknown[] | Turned {
  const { messages, ...more } = (isObject(json) ? json : {}) as { readonly messages?: unknown }
  const [strange] = Object.keys(more)
  if (strange !== undefined)
    return turn('field-invalid', {
      field: `/${strange.slice(0, 100)}`,
      expected: 'a field that is known',
    })
  return Array.isArray(messages) && messages.length >= 1 && messages.length <= mostTogether
    ? messages
    : turn('field-invalid', { field: '/messages', expected: `1 to ${mostTogether} messages` })
}

/** What a message calls itself, also where nothing else of it can be read; empty where it has no name. */
export function nameOf(message: unknown): string {
  const { reference } = (isObject(message) ? message : {}) as { readonly reference?: unknown }
  return typeof reference === 'string' && referenceForm.test(reference) ? reference : ''
}

/** What is answered to one of the messages: it says to which, beside standing in its place. What only looks has no name. */
interface Reply {
  readonly position: number
  readonly reference?: string
  readonly reply?: unknown
  readonly problem?: unknown
}

/** What is said to one of the messages, under its place and its name. */
export const replyAt = (
  position: number,
  reference: string,
  said: Pick<Reply, 'reply' | 'problem'>,
): Reply => ({ position, ...(reference !== '' && { reference }), ...said })

/** What was answered to each of so many messages; undefined where that is not one answer to each. */
export function repliesOf(json: unknown, count: number): readonly unknown[] | undefined {
  const { replies } = (isObject(json) ? json : {}) as { readonly replies?: unknown }
  return Array.isArray(replies) && replies.length === count ? replies : undefined
}

/** What stands under the place and the name of a message; undefined where it is to another. */
export const replyTo = (asked: RegionAsk, position: number, reply: unknown): Reply | undefined =>
  isReply(reply) && reply.position === position && nameOf(reply) === referenceOf(asked)
    ? reply
    : undefined

const isReply = (value: unknown): value is Reply => isObject(value)

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
