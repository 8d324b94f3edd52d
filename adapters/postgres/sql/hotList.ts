import { cardColumns, cardTables } from '../cards.ts'
import type { StoredCard } from '../cards.ts'
import type { Statement } from '../transaction.ts'

export interface StoredChangedCard extends StoredCard {
  readonly recorded_at_ms: bigint
}

const columns = `${cardColumns}, (extract(epoch from c.recorded_at) * 1000)::bigint as recorded_at_ms`

/** Stands a state of a card on the hot list? A temporary loss may have lapsed: that the reader sees. */
const listed = (document: string): string => `
  (${document} -> 'loss' ->> 'kind' <> 'none' or ${document} ->> 'life' in ('superseded', 'cancelled')
   or ${document} -> 'quickPaymentsOff' = 'true')`

/**
 * Cards that were recorded after a moment and stand on the hot list, or stood on it before: the oldest first, and all of those
 * that share the last one's moment.
 */
export const readChangedCards = (after: number, most: number): Statement => ({
  name: 'read-changed-cards',
  text: `
    select ${columns} from ${cardTables}
    where c.recorded_at > to_timestamp($1::float8 / 1000.0)
      and (${listed('c.document')}
        or $1 > 0 and exists (
          select from card_version v
          where v.owner_id = c.owner_id and v.card_hash = c.card_hash and ${listed('v.document')}))
    order by c.recorded_at
    fetch first ($2::int) rows with ties`,
  values: [after, most],
})
