import { Edge } from '../../engine/seal/edge.ts'
import { type Digest, sameHash } from '../../engine/seal/hash.ts'
import {
  hashOfHead,
  readHead,
  readNote,
  type SealKey,
  signerOf,
  type VerifySignature,
} from '../../engine/seal/head.ts'
import type { AuditFinding } from './auditPosting.ts'
import type { Client } from './postedRows.ts'
import { headsWithin, tilesOf } from './sql/seal.ts'
import { hashesIn, tileWidth } from './tiles.ts'

/** A log that is gone through, and what it takes to check its heads. */
export interface SealWalking {
  readonly digest: Digest
  readonly verify: VerifySignature
  readonly keys: readonly SealKey[]
  /** The name of the log, and what its heads call it. */
  readonly log: string
  readonly origin: string
}

/** A leaf as it is stored now, and what it is called. */
export interface StoredLeaf {
  readonly leaf: Uint8Array
  readonly name: string
}

interface HeadRow {
  readonly size: bigint
  readonly note: string
}

/** Builds the tree of a log from its first leaf on, and holds every leaf against its tile and every head against the tree. */
export class SealWalk {
  readonly #walking: SealWalking
  readonly #edge: Edge
  #headBefore: string | undefined
  /** Once a head is not of what stands there, no later one can be. */
  #isLost = false

  constructor(walking: SealWalking) {
    this.#walking = walking
    this.#edge = new Edge(walking.digest)
  }

  /** The positions after one and up to another; one that is missing was told by whoever read them. */
  async prove(
    client: Client,
    leaves: ReadonlyMap<bigint, StoredLeaf>,
    after: bigint,
    until: bigint,
  ): Promise<AuditFinding[]> {
    const { log } = this.#walking
    const found: AuditFinding[] = []
    const sealed = await sealedLeaves(client, log, after, until)
    const { rows: heads } = await client.query<HeadRow>(headsWithin, [log, after, until])
    const due = [...heads]
    for (let position = after + 1n; position <= until; position++) {
      const stored = leaves.get(position)
      const was = sealed.get(position)
      if (stored && was && !sameHash(stored.leaf, was))
        found.push({
          check: 'seal_leaf',
          subject: `position ${position} ${stored.name}`,
          problem: 'is not as it was sealed: its digest, moment or place was changed',
        })
      const next = was ?? stored?.leaf
      if (next) this.#edge.add(next)
      if (due[0]?.size === position) found.push(...this.#proveHead(due.shift() as HeadRow))
    }
    return found
  }

  #proveHead({ size, note }: HeadRow): AuditFinding[] {
    const { digest, verify, keys, origin, log } = this.#walking
    const before = this.#headBefore
    this.#headBefore = note
    const told = (problem: string): AuditFinding[] => [
      { check: 'seal_head', subject: `head of ${size} positions of ${log}`, problem },
    ]
    const read = readNote(note)
    const head = read && readHead(read.text)
    if (!read || !head || head.size !== Number(size)) return told('is no head of that size')
    if (!signerOf(digest, verify, read, keys)) return told('is signed by no key of this log')
    if (head.origin !== origin) return told(`is of another log, ${head.origin}`)
    const previous = before === undefined ? undefined : safeHash(digest, before)
    if (head.previous?.toBase64() !== previous?.toBase64())
      return told('does not follow the one before it')
    if (this.#isLost) return []
    this.#isLost = this.#edge.size !== Number(size) || !sameHash(this.#edge.root, head.root)
    if (this.#isLost)
      return told('is not of what stands there now: something up to it was changed or removed')
    return []
  }
}

function safeHash(digest: Digest, note: string): Uint8Array | undefined {
  try {
    return hashOfHead(digest, note)
  } catch {
    return undefined
  }
}

/** The leaves of full tiles as they were sealed, by position. */
async function sealedLeaves(
  client: Client,
  log: string,
  after: bigint,
  until: bigint,
): Promise<Map<bigint, Uint8Array>> {
  const [first, last] = [Number(after), Number(until) - 1].map((leaf) =>
    Math.floor(leaf / tileWidth),
  ) as [number, number]
  const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i)
  const { rows } = await client.query<{ tile: bigint; hashes: Buffer }>(tilesOf, [log, 0, numbers])
  return new Map(
    rows.flatMap(({ tile, hashes }) =>
      hashesIn(hashes).map((hash, i): [bigint, Uint8Array] => [
        tile * BigInt(tileWidth) + BigInt(i) + 1n,
        hash,
      ]),
    ),
  )
}
