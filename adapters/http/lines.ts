import { Complaint } from './complaint.ts'

const newline = 10

/** Limits of a stream of lines: bytes in all, bytes a line, and lines. */
export interface LineLimits {
  readonly total: number
  readonly line: number
  readonly lines: number
}

/** A line as it came, or what is wrong with it as a line. */
export type Line = { readonly bytes: Uint8Array } | { readonly complaint: Complaint }

/**
 * Cuts a stream into lines as it arrives. A line that is too long is skipped to its end and named, so that the lines
 * after it keep their places; a stream that is too long ends there.
 */
export async function* cutLines(
  source: AsyncIterable<Uint8Array>,
  limits: LineLimits,
): AsyncGenerator<Line> {
  let parts: Uint8Array[] = []
  let length = 0
  let total = 0
  let count = 0
  const end = (): Line | undefined => {
    const line = finish(parts, length, limits)
    parts = []
    length = 0
    return line
  }
  for await (const chunk of source) {
    total += chunk.length
    if (total > limits.total) return yield tooLong(limits)
    for (let from = 0; from < chunk.length; ) {
      const stop = chunk.indexOf(newline, from)
      const part = chunk.subarray(from, stop < 0 ? chunk.length : stop)
      length += part.length
      if (length <= limits.line) parts.push(part)
      else parts = []
      from += part.length + 1
      if (stop < 0) break
      const line = end()
      if (!line) continue
      if (++count > limits.lines) return yield tooLong(limits)
      yield line
    }
  }
  const last = end()
  if (last) yield count < limits.lines ? last : tooLong(limits)
}

const tooLong = ({ lines, total: bytes }: LineLimits): Line => ({
  complaint: new Complaint('batch-too-long', { lines, bytes }),
})

/** Empty lines, such as the one after the last newline, are nobody's claim. */
function finish(
  parts: readonly Uint8Array[],
  length: number,
  limits: LineLimits,
): Line | undefined {
  if (length > limits.line)
    return { complaint: new Complaint('line-too-long', { most: limits.line }) }
  const bytes = Buffer.concat(parts)
  return bytes.length === 0 || (bytes.length === 1 && bytes[0] === 13) ? undefined : { bytes }
}

/**
 * Takes a source in as fast as it comes, whatever becomes of what it gives: a sender who is answered slowly must not be cut
 * off for having sent slowly. The limits of the stream bound what is held.
 */
export async function* readAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const ready: T[] = []
  let wake = (): void => {}
  let isOver = false
  const reading = (async () => {
    try {
      for await (const one of source) {
        ready.push(one)
        wake()
      }
    } finally {
      isOver = true
      wake()
    }
  })()
  // Its failure is thrown below, once what came before it is taken.
  reading.catch(() => {})
  for (let next = 0; ; ) {
    if (next < ready.length) {
      yield ready[next] as T
      next += 1
      continue
    }
    if (isOver) break
    await new Promise<void>((resolve) => (wake = resolve))
  }
  await reading
}
