import type { StoredPin } from '../cards.ts'
import type { Statement } from '../transaction.ts'

/** One row a card, or one without a card. */
const insured = (whose: string): string => `
  select p.owner_id, p.region, p.document, p.identity, coalesce(b.balance_fen, 0) as balance_fen,
         c.card_hash, c.document as card, c.identity as card_identity, n.tries_left, n.initial as pin_initial
  from person p
  left join card c on c.owner_id = p.owner_id
  left join card_pin n on n.owner_id = c.owner_id and n.card_hash = c.card_hash
  left join lateral (
    select balance_fen from account_version
    where owner_id = p.owner_id and account = 'personal:' || p.owner_id
    order by version desc limit 1
  ) b on true
  where p.owner_id = ${whose}
  order by c.card_hash`

/** A person with their cards and the balance of their account. */
export const readInsured = (id: string): Statement => ({
  name: 'read-insured',
  text: insured('$1'),
  values: [id],
})

/** The same, of whoever a credential belongs to. */
export const readInsuredBy = (credential: Buffer): Statement => ({
  name: 'read-insured-by-credential',
  text: insured('(select owner_id from credential where number_hash = $1 and ended_at is null)'),
  values: [credential],
})

export interface StoredInsured extends StoredPin {
  readonly owner_id: string
  readonly region: string
  readonly document: unknown
  readonly identity: Buffer
  readonly balance_fen: bigint
  readonly card_hash: Buffer | null
  readonly card: object
  readonly card_identity: Buffer
}
