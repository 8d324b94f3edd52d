import type pg from 'pg'
import type { ExportedKey, ExportLine } from '../../engine/seal/exportLine.ts'
import type { Digest } from '../../engine/seal/hash.ts'
import { openAuditor } from './auditor.ts'
import { type Client, type PostedRow, readPosted } from './postedRows.ts'
import { accessLog, journalLog, type SealedLog } from './sealedLogs.ts'
import { SealTree } from './sealTree.ts'
import {
  entriesAfter,
  firstHeadOver,
  headsAfter,
  keysOf,
  lastEntry,
  straysBetween,
  tilesOf,
} from './sql/seal.ts'
import { tileWidth } from './tiles.ts'

export interface ExportAsked {
  /** The first position; 1 unless told. */
  readonly from?: number | undefined
  /** The last one; the last there is unless told. */
  readonly until?: number | undefined
  /** Which log; the journal unless told. */
  readonly log?: 'journal' | 'access' | undefined
}

export interface ExportOptions {
  readonly pool: pg.Pool
  readonly digest: Digest
  readonly origin: string
  readonly now: () => number
}

/** Positions read in one go: some megabytes. */
const stretch = 500
const headsAtOnce = 1_000

/** An audit export (审计导出) of some positions of the journal as they are stored now, in one snapshot, with what was sealed of them. */
export async function* exportLines(
  options: ExportOptions,
  asked: ExportAsked,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const client = await openAuditor(options.pool)
  try {
    await client.query('begin isolation level repeatable read read only')
    for await (const line of linesOf(client, options, asked)) {
      if (signal?.aborted) return
      yield JSON.stringify(line)
    }
  } finally {
    await client.end().catch(() => {})
  }
}

/** What an export has of a log: how far it goes, and a stretch of its rows. */
interface Source {
  readonly log: SealedLog
  last(client: Client): Promise<number>
  rows(client: Client, after: number, until: number): Promise<ExportLine[]>
}

const journalSource = (digest: Digest): Source => ({
  log: journalLog(digest),
  async last(client) {
    return Number((await client.query('select position from journal_head')).rows[0].position)
  },
  async rows(client, after, until) {
    return (await readPosted(client, BigInt(after), BigInt(until), true)).map(postingLine)
  },
})

const accessSource = (digest: Digest): Source => ({
  log: accessLog(digest),
  async last(client) {
    return Number((await client.query(lastEntry)).rows[0].position)
  },
  async rows(client, after, until) {
    const { rows } = await client.query<{ position: bigint; canonical: Buffer }>(entriesAfter, [
      after,
      until - after,
    ])
    return rows
      .filter(({ position }) => position <= until)
      .map(({ position, canonical }) => ({
        kind: 'entry',
        position: Number(position),
        text: canonical.toString('utf8'),
      }))
  },
})

async function* linesOf(
  client: pg.Client,
  { digest, origin, now }: ExportOptions,
  { from = 1, until: wanted, log = 'journal' }: ExportAsked,
): AsyncGenerator<ExportLine> {
  const ask = client as unknown as Client
  const source = log === 'access' ? accessSource(digest) : journalSource(digest)
  const last = await source.last(ask)
  const until = await headOver(ask, log, Math.min(wanted ?? last, last), last)
  const tree = new SealTree(source.log, digest)
  const edge = from > 1 ? await tree.edge(ask, from - 1) : []
  yield {
    kind: 'export',
    format: 1,
    log: origin,
    from,
    until,
    last,
    edge: edge.map((hash) => hash.toBase64()),
    keys: await readKeys(ask),
    at: new Date(now()).toISOString(),
  }
  let postings = 0
  let high = from === 1 ? '' : undefined
  for (let after = from - 1; after < until; after += stretch) {
    const end = Math.min(after + stretch, until)
    const lines = await source.rows(ask, after, end)
    postings += lines.length
    yield* lines
    yield* tileLines(ask, log, after + 1, end)
    if (log !== 'journal') continue
    const ids = lines.flatMap((line) => (line.kind === 'posting' ? [line.posting] : []))
    const low = high ?? ids[0] ?? ''
    high = ids.reduce((most, id) => (id > most ? id : most), low)
    yield* strayLines(ask, low, end === last ? null : high)
  }
  let heads = 0
  for await (const note of headNotes(ask, log, from, until === last ? undefined : until)) {
    heads += 1
    yield { kind: 'head', note }
  }
  yield { kind: 'end', postings, heads }
}

/** Only a head proves anything, so that the positions up to the next one go with those that were asked for. */
async function headOver(
  client: Client,
  log: string,
  position: number,
  last: number,
): Promise<number> {
  const { rows } = await client.query(firstHeadOver, [log, position - 1])
  return Math.min(Number(rows[0]?.size ?? last), last)
}

export async function readKeys(client: Client): Promise<ExportedKey[]> {
  const { rows } = await client.query(keysOf)
  return rows.map(({ name, public_key, since_size, note }) => ({
    name,
    publicKey: public_key,
    since: Number(since_size),
    ...(note !== null && { note }),
  }))
}

function postingLine({ position, at, digest, sealed, columns }: PostedRow): ExportLine {
  return {
    kind: 'posting',
    position: Number(position),
    at,
    ...sealed,
    ...(digest && { digest: digest.toBase64() }),
    ...(columns && { columns }),
  }
}

/** Each tile with the stretch that its first position is in, the first one also where it begins before. */
async function* tileLines(
  client: Client,
  log: string,
  from: number,
  until: number,
): AsyncGenerator<ExportLine> {
  const [first, last] = [from, until].map((position) => Math.floor((position - 1) / tileWidth)) as [
    number,
    number,
  ]
  const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i)
  const { rows } = await client.query<{ tile: bigint; hashes: Buffer }>(tilesOf, [log, 0, numbers])
  for (const { tile, hashes } of rows)
    yield { kind: 'tile', tile: Number(tile), hashes: hashes.toString('base64') }
}

/** Heads of what is exported; to the last position also those that reach further, which tell that something is missing. */
async function* headNotes(
  client: Client,
  log: string,
  from: number,
  until: number | undefined,
): AsyncGenerator<string> {
  for (let after = Math.max(0, from - 2); ; ) {
    const { rows } = await client.query(headsAfter, [log, after, headsAtOnce])
    for (const { size, note } of rows) {
      if (until !== undefined && Number(size) > until) return
      yield note
      after = Number(size)
    }
    if (rows.length < headsAtOnce) return
  }
}

/** Ids follow time: between those of the first and the last position lie those of all between them, and of what was added there. */
async function* strayLines(
  client: Client,
  low: string,
  high: string | null,
): AsyncGenerator<ExportLine> {
  const { rows } = await client.query(straysBetween, [low, high])
  for (const { table, owner, row } of rows) yield { kind: 'stray', table, owner, row }
}
