import type pg from 'pg'
import type { Instant } from '../../engine/day.ts'
import { type Page, type PageAsked, pageOf } from './ledger.ts'

/** A head of another region's log as it was kept here. */
export interface KeptHead {
  readonly log: string
  readonly size: number
  readonly root: Uint8Array
  readonly note: string
  readonly publicKey: string
}

interface KeptRow {
  readonly log: string
  readonly size: bigint
  readonly root: Buffer
  readonly note: string
  readonly public_key: string
  readonly kept_ms: bigint
}

const columns = `log, size, root, note, public_key, (extract(epoch from kept_at) * 1000)::bigint as kept_ms`

const readKept = ({ log, size, root, note, public_key, kept_ms }: KeptRow) => ({
  log,
  size: Number(size),
  root,
  note,
  publicKey: public_key,
  keptAt: Number(kept_ms),
})

/** The heads that other regions left here (他区日志头). */
export class KeptHeads {
  readonly #pool: pg.Pool

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  async last(log: string): Promise<KeptHead | undefined> {
    const { rows } = await this.#pool.query<KeptRow>(
      `select ${columns} from kept_head where log = $1 order by size desc limit 1`,
      [log],
    )
    return rows[0] && readKept(rows[0])
  }

  async keep({ log, size, root, note, publicKey }: KeptHead, at: Instant): Promise<void> {
    await this.#pool.query(
      `insert into kept_head (log, size, root, note, public_key, kept_at)
       values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000)) on conflict do nothing`,
      [log, size, root, note, publicKey, at],
    )
  }

  /** By log, the newest first. */
  async list({ limit, after = '' }: PageAsked): Promise<Page<KeptHead & { keptAt: Instant }>> {
    const [log = '', size = '0'] = after.split('@')
    const { rows } = await this.#pool.query<KeptRow>(
      `select ${columns} from kept_head
       where log > $1 or (log = $1 and size < $2) order by log, size desc limit $3`,
      [log, size, limit + 1],
    )
    return pageOf(rows.map(readKept), limit, (last) => `${last.log}@${last.size}`)
  }
}
