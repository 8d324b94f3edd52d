import type pg from 'pg'
import type { Division } from '../../engine/claim.ts'
import type { Instant } from '../../engine/day.ts'
import { openingAccount, personalAccount } from '../../engine/ledger.ts'
import type { Fen } from '../../engine/money.ts'
import type { Ids } from '../../engine/ports.ts'
import { sealedBalances, sealedTransfers, sealPosting } from './digests.ts'
import type { Crypto } from './needs.ts'

/** What was in a person's account before the books opened (期初余额). */
export interface OpeningBalance {
  readonly owner: string
  readonly region: Division
  readonly amount: Fen
}

export interface Opening {
  /** Books opening balances as transfers; an account that has a balance already keeps it. Gives the number booked. */
  open(balances: readonly OpeningBalance[]): Promise<number>
}

/** The version is the fence: only who writes an account's first version books its opening. */
const bookOpenings = `
  with asked as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bytea[], $7::bytea[])
      as q (owner_id, account, debit_account, amount_fen, posting_id, digest, mac)
  ), first as (
    insert into account_version (owner_id, account, version, balance_fen, posting_id)
    select owner_id, account, 1, amount_fen, posting_id from asked
    where not exists (
      select from account_version v where v.owner_id = asked.owner_id and v.account = asked.account)
    on conflict do nothing
    returning posting_id
  ), booked as (
    insert into transfer (owner_id, posting_id, leg, kind, debit_account, credit_account, amount_fen)
    select owner_id, posting_id, 1, 'opening', debit_account, account, amount_fen
    from asked join first using (posting_id)
  )
  insert into unjournaled (owner_id, posting_id, participants, digest, mac)
  select owner_id, posting_id, array[owner_id], digest, mac from asked join first using (posting_id)`

interface Opener {
  readonly crypto: Crypto
  readonly ids: Ids
  readonly now: () => Instant
}

/** What an opening writes, and what will seal it. */
function bookedOf({ crypto, ids, now }: Opener, { owner, region, amount }: OpeningBalance) {
  const posting = ids.next(owner, now())
  const [credit, debit] = [personalAccount(owner), openingAccount(region)]
  const transfer = { owner, leg: 1, kind: 'opening', debit, credit, amount }
  const seal = sealPosting(crypto, {
    owner,
    posting,
    transfers: sealedTransfers([transfer]),
    balances: sealedBalances([{ owner, account: credit, version: 1n, balance: amount }]),
    years: [],
    document: '',
  })
  return { posting, transfer, ...seal }
}

export function createOpening(world: Opener & { readonly pool: pg.Pool }): Opening {
  return {
    async open(balances) {
      const due = balances.filter(({ amount }) => amount > 0n)
      if (due.length === 0) return 0
      const booked = due.map((each) => bookedOf(world, each))
      const done = await world.pool.query(bookOpenings, [
        booked.map(({ transfer }) => transfer.owner),
        booked.map(({ transfer }) => transfer.credit),
        booked.map(({ transfer }) => transfer.debit),
        booked.map(({ transfer }) => transfer.amount),
        booked.map(({ posting }) => posting),
        booked.map(({ digest }) => digest),
        booked.map(({ mac }) => mac),
      ])
      return done.rowCount ?? 0
    },
  }
}
