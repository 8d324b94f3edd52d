import type { Division } from '../../engine/claim.ts'
import { type Head, readHead, readNote, signerOf } from '../../engine/seal/head.ts'
import { type Checking, trustedKeys } from '../../engine/seal/keyChain.ts'
import { provesConsistency } from '../../engine/seal/proof.ts'
import { headPath, type ToldHead } from './headDoor.ts'

/** A head of another region as it was kept, with the public key that the first one of that region was signed with. */
export interface KeptHead {
  readonly log: string
  readonly size: number
  readonly root: Uint8Array
  readonly note: string
  readonly publicKey: string
}

export interface Witnessing extends Checking {
  readonly partners: Iterable<{ readonly division: Division; readonly url: URL }>
  last(log: string): Promise<KeptHead | undefined>
  keep(head: KeptHead): Promise<void>
  /** Hears of a region whose log does not go on from what was kept of it: somebody changed it, or put a backup back. */
  onBreach(region: Division, kept: KeptHead | undefined, why: string): void
}

/** Asks every region for its newest head and keeps it, once it is proved to go on from the one kept before (见证). Gives how many were kept. */
export async function witnessHeads(witnessing: Witnessing, signal: AbortSignal): Promise<number> {
  let kept = 0
  for (const { division, url } of witnessing.partners) {
    if (signal.aborted) break
    // What one region tells keeps nobody from asking the next.
    const isKept = await witness(witnessing, division, url).catch((error: unknown) => {
      witnessing.onBreach(division, undefined, `what it told cannot be read (${String(error)})`)
      return false
    })
    if (isKept) kept += 1
  }
  return kept
}

async function witness(witnessing: Witnessing, division: Division, url: URL): Promise<boolean> {
  const log = `${division} journal`
  const last = await witnessing.last(log)
  const told = await ask(url, last?.size ?? 0)
  if (told === 'away') return false
  if (told === undefined) {
    // Who has a head that the region does not know any more has caught it; a region that seals nothing is none.
    if (last) witnessing.onBreach(division, last, 'it does not know the head that was kept')
    return false
  }
  const head = proveHead(witnessing, log, told, last)
  if (typeof head === 'string') {
    witnessing.onBreach(division, last, head)
    return false
  }
  if (head.size === last?.size) return false
  const publicKey = last?.publicKey ?? told.keys[0]?.publicKey ?? ''
  await witnessing.keep({ log, size: head.size, root: head.root, note: told.note, publicKey })
  return true
}

/** The head that was told, or why it is not to be kept. */
function proveHead(
  { digest, verify }: Checking,
  log: string,
  { note, keys, hashes }: ToldHead,
  last: KeptHead | undefined,
): Head | string {
  const read = readNote(note)
  const head = read && readHead(read.text)
  if (!read || !head || head.origin !== log) return 'what it told is no head of its log'
  const trusted = trustedKeys({ digest, verify }, keys, last?.publicKey)
  if (!signerOf(digest, verify, read, trusted)) return 'no key that can be trusted signed its head'
  if (!last) return head
  const path = hashes.map((hash) => Uint8Array.fromBase64(hash))
  return provesConsistency(digest, last, head, path)
    ? head
    : 'its log does not go on from the head that was kept'
}

const patience_ms = 5_000
const longest = 64 * 1024

/** `away` where it cannot be asked now; undefined where it knows no such head. */
async function ask(url: URL, since: number): Promise<ToldHead | 'away' | undefined> {
  try {
    const answer = await fetch(new URL(`${headPath}?since=${since}`, url), {
      signal: AbortSignal.timeout(patience_ms),
      redirect: 'error',
    })
    const text = await answer.text()
    if (answer.status === 404 && text.includes('head-unknown')) return undefined
    return answer.status === 200 && text.length <= longest ? readTold(text) : 'away'
  } catch {
    return 'away'
  }
}

/** What comes from another region may be anything; what is not of the form cannot be read, now. */
function readTold(text: string): ToldHead | 'away' {
  const told = JSON.parse(text) as Partial<ToldHead>
  const isTold =
    typeof told.note === 'string' &&
    Array.isArray(told.hashes) &&
    told.hashes.every((hash) => typeof hash === 'string') &&
    Array.isArray(told.keys) &&
    told.keys.every((key) => typeof key?.name === 'string' && typeof key.publicKey === 'string')
  return isTold ? (told as ToldHead) : 'away'
}
