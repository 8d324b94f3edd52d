import type { RegionReply } from '../../engine/awayClaim.ts'
import { type AnsweredOne, laterOf } from './answering.ts'
import { longestAnswer, longestReply, replyAt } from './batch.ts'
import type { Kinds } from './forms.ts'
import { problemOf } from './problem.ts'

/** The answers to a batch as they go out, and what each of them is in the end. */
interface Replies {
  readonly answered: readonly AnsweredOne[]
  readonly body: Buffer
}

/** So much always has a place in the whole: a name, and that it is open or busy. */
const room = 2_048
const frame = '{"replies":[]}'.length

/**
 * Each in its place, as it would be answered alone. Nobody reads more than was agreed upon, so that one answer that is too
 * long would cost all of them theirs: those for which there is no place are asked for again.
 */
export function writeReplies(
  replies: readonly AnsweredOne[],
  form: Pick<Kinds<RegionReply>, 'write'>,
): Replies {
  let left = longestAnswer(replies.length) - frame - replies.length * (room + 1)
  const written = replies.map((one, at) => {
    const text = write(one, at, form)
    const length = Buffer.byteLength(text)
    const more = Math.max(length - room, 0)
    if (length <= longestReply && more <= left) {
      left -= more
      return { one, text }
    }
    const later = { ...one, said: laterOf(one.kind), error: new Error(`${length} bytes of answer`) }
    return { one: later, text: write(later, at, form) }
  })
  return {
    answered: written.map(({ one }) => one),
    body: Buffer.from(`{"replies":[${written.map(({ text }) => text).join(',')}]}`),
  }
}

const write = (
  { said, reference }: AnsweredOne,
  at: number,
  form: Pick<Kinds<RegionReply>, 'write'>,
): string =>
  JSON.stringify(
    replyAt(
      at,
      reference,
      'problem' in said ? { problem: problemOf(said) } : { reply: form.write(said) },
    ),
  )
