import type pg from 'pg'
import { type Card, lossAt } from '../../engine/card.ts'
import type { Instant } from '../../engine/day.ts'
import type { Kept } from '../../engine/dossier.ts'
import { isListed } from '../../engine/quickPaymentPast.ts'
import { openCard } from './cards.ts'
import { openEntry } from './entries.ts'
import { type Page, type PageAsked, pageOf } from './ledger.ts'
import type { Crypto } from './needs.ts'
import { readEntriesAfter, type StoredEntry } from './sql/entries.ts'
import { readChangedCards, type StoredChangedCard } from './sql/hotList.ts'
import type { Statement } from './transaction.ts'

/** What is asked about cards that must not pay, and about what terminals have uploaded. */
export interface TapQueries {
  /** Subjects of an owner, each with its newest entry, in the order of their names. */
  entriesAfter(
    owner: string,
    asked: PageAsked & { readonly prefix: string },
  ): Promise<Page<NamedEntry>>
  hotList(after: Instant): Promise<HotList>
}

export interface NamedEntry {
  readonly name: string
  readonly kept: Kept
}

/** What changed of the hot list (黑名单) since a version. */
export interface HotList {
  readonly version: Instant
  readonly more: boolean
  readonly entries: readonly {
    readonly entry: string
    readonly blocked: boolean
    readonly until?: Instant | undefined
  }[]
}

export interface TapQueryOptions {
  readonly pool: pg.Pool
  readonly crypto: Crypto
  readonly now: () => Instant
}

/** Opening a card takes some ten microseconds: an answer must not hold everybody up. */
const mostEntries = 1_000

/** A change may be recorded at a moment and committed later, but no transaction lasts so long. */
const settled_ms = 20_000

export function createTapQueries({ pool, crypto, now }: TapQueryOptions): TapQueries {
  const ask = async <T extends pg.QueryResultRow>(statement: Statement): Promise<T[]> =>
    (await pool.query<T>({ ...statement, values: [...statement.values] })).rows
  return {
    async entriesAfter(owner, { prefix, after, limit }) {
      const rows = await ask<StoredEntry>(
        readEntriesAfter(owner, prefix, after ?? prefix, limit + 1),
      )
      const items = rows.map((row) => ({ name: row.subject, kept: openEntry(crypto, row) }))
      return pageOf(items, limit, ({ name }) => name)
    },
    async hotList(after) {
      const at = now()
      const rows = await ask<StoredChangedCard>(readChangedCards(after, mostEntries))
      const more = rows.length >= mostEntries
      const last = Number(rows.at(-1)?.recorded_at_ms ?? 0)
      return {
        version: Math.max(after, more ? last : at - settled_ms),
        more,
        entries: rows
          .map((row) => entryOf(crypto, openCard(crypto, row), at))
          // Whoever asks for the first time has nothing to take off.
          .filter(({ blocked }) => blocked || after > 0),
      }
    },
  }
}

/** Nobody can tell a person, a number or a reason from an entry; whoever holds the card can compute it. */
function entryOf(crypto: Crypto, card: Card, at: Instant): HotList['entries'][number] {
  const entry = crypto.sm3(`HOT1${card.serial}`).toString('hex', 0, 8)
  const loss = lossAt(card, at)
  const blocked = isListed(card, at)
  const passes = isListed({ ...card, loss: { kind: 'none' } }, at)
  const until = loss.kind === 'temporary' && !passes ? loss.lapses : undefined
  return { entry, blocked, ...(until !== undefined && { until }) }
}
