import type pg from 'pg'
import type { Instant } from '../../engine/day.ts'
import { Edge } from '../../engine/seal/edge.ts'
import { type Digest, foldHashes, sameHash } from '../../engine/seal/hash.ts'
import {
  hashOfHead,
  readHead,
  readNote,
  signerOf,
  type VerifySignature,
  writeHead,
  writeNote,
} from '../../engine/seal/head.ts'
import { type KeyInLine, leadTo } from '../../engine/seal/keyChain.ts'
import type { Client } from './postedRows.ts'
import type { SealedLog } from './sealedLogs.ts'
import { readTrustedKeys } from './sealKeys.ts'
import { SealTree } from './sealTree.ts'
import { insertHead, insertTiles, lastHead, tryToSeal } from './sql/seal.ts'
import { entriesOf, tileHeight, tileWidth } from './tiles.ts'

/** Signs heads (日志头签名). */
export interface SealSigner extends KeyInLine {
  sign(message: Uint8Array): string
}

export interface SealerOptions {
  readonly pool: pg.Pool
  readonly digest: Digest
  readonly verify: VerifySignature
  readonly log: SealedLog
  /** Which log its heads say they are of. */
  readonly origin: string
  readonly signer: SealSigner
  readonly now: () => Instant
  /** Leaves of one head, at most. */
  readonly batch?: number
  readonly every_ms?: number
  /** What has to be there before anything is sealed; until it is, it is tried again. */
  readonly before?: () => Promise<void>
  readonly onError?: (error: unknown) => void
}

export interface Sealer {
  /** Seals everything that has its place now; gives the number of leaves. */
  run(): Promise<number>
  start(): void
  /** Stops after the round that is under way. */
  stop(): Promise<void>
}

interface HeadRow {
  readonly size: bigint
  readonly edge: readonly Buffer[]
  readonly note: string
}

interface Tile {
  readonly level: number
  readonly tile: number
  readonly hashes: Buffer
}

/** The log is not the one that was sealed: nothing more is signed until somebody has looked at it. */
export class SealBroken extends Error {
  override name = 'SealBroken'
}

/** Seals a log as its rows get their places. One transaction a head: it may be killed anywhere, and run in any process. */
export function createSealer(options: SealerOptions): Sealer {
  const { every_ms = 1_000, onError = () => {} } = options
  const growing = new Growing(options)
  let timer: NodeJS.Timeout | undefined
  let round: Promise<unknown> = Promise.resolve()
  let isStopping = false
  const run = async (): Promise<number> => {
    await options.before?.()
    let all = 0
    for (;;) {
      const sealed = await sealBatch(options, growing)
      all += sealed
      if (sealed === 0 || isStopping) return all
    }
  }
  const wake = (): void => {
    round = run()
      .catch(onError)
      .finally(() => {
        if (timer) timer = setTimeout(wake, every_ms)
      })
  }
  return {
    run,
    start() {
      timer ??= setTimeout(wake, every_ms)
    },
    async stop() {
      isStopping = true
      clearTimeout(timer)
      timer = undefined
      await round
    },
  }
}

async function sealBatch(options: SealerOptions, growing: Growing): Promise<number> {
  const { pool, log, batch = 5_000 } = options
  const client = await pool.connect()
  let failure: unknown
  try {
    await client.query('begin')
    const { rows } = await client.query(tryToSeal, [log.name])
    const head = rows[0].ours
      ? (await client.query<HeadRow>(lastHead, [log.name])).rows[0]
      : undefined
    const size = Number(head?.size ?? 0)
    if (rows[0].ours) {
      growing.checkHead(head, options)
      if (head && !growing.hasSigned(head)) await checkSigner(client, head, options)
    }
    const leaves = rows[0].ours ? await log.leavesFrom(client, size, batch) : []
    if (leaves.length === 0) {
      await client.query('rollback')
      return 0
    }
    const note = await addLeaves(client, options, growing, head, leaves)
    await client.query('commit')
    growing.keep(size + leaves.length, note)
    return leaves.length
  } catch (error) {
    failure = error
    growing.forget()
    throw error
  } finally {
    client.release(failure !== undefined)
  }
}

/** A head that was not signed here is one of a key that leads to ours. */
async function checkSigner(
  client: Client,
  { size, note }: HeadRow,
  { digest, verify, signer }: SealerOptions,
): Promise<void> {
  const keys = await readTrustedKeys(client, { digest, verify })
  const read = readNote(note)
  if (!read || !leadTo(keys, signer) || !signerOf(digest, verify, read, keys))
    throw new SealBroken(`the head of ${size} positions was signed by nobody before ${signer.name}`)
}

/** Gives the head that it signed. */
async function addLeaves(
  client: pg.PoolClient,
  { digest, log, origin, signer, now }: SealerOptions,
  growing: Growing,
  before: HeadRow | undefined,
  leaves: readonly Uint8Array[],
): Promise<string> {
  const edge = new Edge(digest, Number(before?.size ?? 0), before?.edge)
  await growing.standAt(client, edge.size)
  const tiles: Tile[] = []
  for (const leaf of leaves)
    edge.add(leaf, ({ level }, hash) => {
      if (level % tileHeight !== 0) return
      const full = growing.add(level / tileHeight, hash)
      if (full) tiles.push(full)
    })
  const { size, root, hashes } = edge
  const at = now()
  const previous = before && hashOfHead(digest, before.note)
  const text = writeHead({ origin, size, root, at: new Date(at).toISOString(), previous })
  const note = writeNote(digest, text, signer, (message) => signer.sign(message))
  if (tiles.length > 0)
    await client.query(insertTiles, [
      log.name,
      tiles.map(({ level }) => level),
      tiles.map(({ tile }) => tile),
      tiles.map((each) => each.hashes),
    ])
  await client.query(insertHead, [log.name, size, root, hashes, note, at])
  return note
}

/** The tile of each level that is not full yet. It is kept from head to head, and read anew where another process sealed. */
class Growing {
  readonly #tree: SealTree
  #size: number | undefined
  /** The largest head that was signed here. */
  #signed = 0
  #note: string | undefined
  #levels: { first: number; readonly entries: Uint8Array[] }[] = []

  constructor({ log, digest }: SealerOptions) {
    this.#tree = new SealTree(log, digest)
  }

  async standAt(client: Client, size: number): Promise<void> {
    if (this.#size === size) return
    this.#levels = []
    for (let level = 0; entriesOf(level, size) > 0 || level === 0; level++) {
      const first = Math.floor(entriesOf(level, size) / tileWidth)
      const entries = await this.#tree.entries(client, level, first, size)
      this.#levels.push({ first, entries: [...entries] })
    }
  }

  /** Takes one more entry of a level; gives the tile where that fills it. */
  add(level: number, hash: Uint8Array): Tile | undefined {
    this.#levels[level] ??= { first: 0, entries: [] }
    const growing = this.#levels[level]
    growing.entries.push(hash)
    if (growing.entries.length < tileWidth) return undefined
    const full = { level, tile: growing.first, hashes: Buffer.concat(growing.entries) }
    this.#levels[level] = { first: growing.first + 1, entries: [] }
    return full
  }

  keep(size: number, note: string): void {
    this.#size = size
    this.#signed = Math.max(this.#signed, size)
    this.#note = note
  }

  hasSigned({ note }: HeadRow): boolean {
    return this.#note === note
  }

  /**
   * Whoever signs goes on from a head that is signed itself, whose edge is that of its root, and that is not before what was
   * signed here already: else a history that somebody put in its place would get a signature of ours.
   */
  checkHead(head: HeadRow | undefined, { digest }: SealerOptions): void {
    if (Number(head?.size ?? 0) < this.#signed)
      throw new SealBroken(
        `a head of ${this.#signed} positions was signed, and the last one is of ${head?.size ?? 0} now`,
      )
    if (!head) return
    const read = readNote(head.note)
    const told = read && readHead(read.text)
    const isWhole =
      told?.size === Number(head.size) && sameHash(told.root, foldHashes(digest, head.edge))
    if (!isWhole) throw new SealBroken(`the head of ${head.size} positions is not what was signed`)
  }

  /** What was added to it was not committed. */
  forget(): void {
    this.#size = undefined
  }
}
