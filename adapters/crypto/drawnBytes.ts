import { randomBytes } from 'node:crypto'

const drawnAtOnce = 8_192

let drawn = Buffer.alloc(0)

/**
 * Random bytes nobody was given before. They are drawn by the thousand: a call of the generator costs as much for twelve of
 * them, and every claim takes some.
 */
export function drawBytes(length: number): Buffer {
  // What was given out is never written over: the next bytes are drawn into a place of their own.
  if (drawn.length < length) drawn = randomBytes(Math.max(drawnAtOnce, length))
  const given = drawn.subarray(0, length)
  drawn = drawn.subarray(length)
  return given
}
