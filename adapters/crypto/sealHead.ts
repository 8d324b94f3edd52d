import type { Instant } from '../../engine/day.ts'
import type { Root } from '../../engine/seal/proof.ts'

/**
 * A head of a log (日志头): how many leaves it has, its root, when that was so, and the hash of the head before it, so that
 * heads make a chain. Its text is what is signed: a checkpoint as logs of public certificates write it (C2SP tlog-checkpoint),
 * with SM3 in place of SHA-256 and SM2 in place of Ed25519.
 */
export interface Head extends Root {
  /** Which log it is of, such as `510100 journal`. */
  readonly origin: string
  readonly at: Instant
  /** The hash of the text of the head before; the first has none. */
  readonly previous?: Uint8Array | undefined
}

const atWord = 'at '
const previousWord = 'previous '

/** The text of a head; it ends with a line feed. */
export function writeHead({ origin, size, root, at, previous }: Head): string {
  const lines = [origin, String(size), root.toBase64(), atWord + new Date(at).toISOString()]
  if (previous) lines.push(previousWord + previous.toBase64())
  return `${lines.join('\n')}\n`
}

const form =
  /^([^\n]{1,100})\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\nat ([0-9TZ:.-]{24})\n(?:previous ([A-Za-z0-9+/]{43}=)\n)?$/

/** Reads such a text; undefined where it is none, or not written exactly so. */
export function readHead(text: string): Head | undefined {
  const [, origin, size, root, at, previous] = form.exec(text) ?? []
  if (origin === undefined || root === undefined) return undefined
  const head: Head = {
    origin,
    size: Number(size),
    root: Uint8Array.fromBase64(root),
    at: Date.parse(at ?? ''),
    previous: previous === undefined ? undefined : Uint8Array.fromBase64(previous),
  }
  // One head has one text: what differs in a bit that nothing is made of would be another.
  return Number.isSafeInteger(head.size) && !Number.isNaN(head.at) && writeHead(head) === text
    ? head
    : undefined
}
