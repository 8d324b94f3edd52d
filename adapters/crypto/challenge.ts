import { randomBytes } from 'node:crypto'
import { sameBytes } from './sameBytes.ts'

export const challengeLength = 16
const halfLength = 8

/**
 * A challenge of the centre shows itself: each half starts with these three letters and has five random bytes after them.
 * The values of the two-step flow are computed for whoever asks, over random numbers of their choice; were a challenge of
 * ours among them, its answer could be had without the card. So numbers with a half of this form are never computed for a
 * reader (one honest reader in eight million draws again), and an answer counts over no other form.
 */
const mark = Buffer.from('JSC', 'ascii')

const marked = (half: Uint8Array): boolean => sameBytes(half.subarray(0, mark.length), mark)
const halves = (bytes: Uint8Array): Uint8Array[] => [
  bytes.subarray(0, halfLength),
  bytes.subarray(halfLength),
]

export function newChallenge(): Buffer {
  const bytes = randomBytes(challengeLength)
  for (const half of halves(bytes)) half.set(mark)
  return bytes
}

/** Whether the centre itself may have drawn these bytes. */
export const isOwnChallenge = (bytes: Uint8Array): boolean =>
  bytes.length === challengeLength && halves(bytes).every(marked)

/** Whether a reader may have an answer to these bytes computed. */
export const isReadersChallenge = (bytes: Uint8Array): boolean => !halves(bytes).some(marked)
