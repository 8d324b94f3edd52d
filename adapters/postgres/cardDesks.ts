import { randomBytes, randomInt } from 'node:crypto'
import type pg from 'pg'
import type { Card } from '../../engine/card.ts'
import type { Blank } from '../../engine/cardSuccession.ts'
import type { Division } from '../../engine/claim.ts'
import type { Instant } from '../../engine/day.ts'
import { cardColumns, cardIdOf, cardTables, openCard } from './cards.ts'
import { cardHash, credentialHash } from './hashes.ts'
import type { Crypto } from './needs.ts'

/** What the desks of cards look for before they ask for anything. */
export interface CardDesks {
  /** A card by its number or by what it is called. */
  find(reference: string): Promise<Card | undefined>
  /** Numbers that no card has, for one that is to be made. */
  draw(division: Division): Promise<Blank>
  /** Is this citizen number somebody else's? */
  isTaken(citizenNumber: string, owner: string): Promise<boolean>
  /** Cards whose temporary loss has lapsed by now, and nobody has written so. */
  lapsed(now: Instant, limit: number): Promise<readonly Card[]>
}

const select = `select ${cardColumns} from ${cardTables}`
const idForm = /^[0-9a-f]{32}$/

/** Between which hashes a card lies that is called so; undefined where nothing is called so, as a number is no name. */
export const cardsBetween = (reference: string): readonly [Buffer, Buffer] | undefined =>
  idForm.test(reference)
    ? [
        Buffer.from(reference + '00'.repeat(16), 'hex'),
        Buffer.from(reference + 'ff'.repeat(16), 'hex'),
      ]
    : undefined

export function createCardDesks({ pool, crypto }: { pool: pg.Pool; crypto: Crypto }): CardDesks {
  const ask = async (where: string, values: unknown[]): Promise<Card[]> =>
    (await pool.query(`${select} where ${where}`, values)).rows.map((row) => openCard(crypto, row))
  return {
    async find(reference) {
      const hash = cardHash(crypto, reference)
      const [from, until] = cardsBetween(reference) ?? [hash, hash]
      const [card] = await ask('c.card_hash between $1 and $2 limit 1', [from, until])
      return card
    },
    draw: (division) => drawNumber(pool, crypto, division),
    async isTaken(number, owner) {
      const hash = credentialHash(crypto, { type: 'citizen-number', number })
      const text = 'select 1 from credential where number_hash = $1 and owner_id <> $2'
      return (await pool.query(text, [hash, owner])).rows.length > 0
    },
    lapsed: (now, limit) =>
      ask(
        `c.document -> 'loss' ->> 'kind' = 'temporary' and c.document ->> 'life' not in ('superseded', 'cancelled')
           and (c.document -> 'loss' ->> 'lapses')::float8 <= $1
         order by (c.document -> 'loss' ->> 'lapses')::float8 limit $2`,
        [now, limit],
      ),
  }
}

/**
 * Card numbers are drawn and not counted: a counter would be one place that every node waits for, and would tell how many
 * cards there are. A number that is taken is drawn again; of two desks that draw the same at once, the unique number of the
 * credential lets one commit.
 */
async function drawNumber(pool: pg.Pool, crypto: Crypto, division: Division): Promise<Blank> {
  const letter = String.fromCharCode('A'.charCodeAt(0) + randomInt(26))
  const number = letter + String(randomInt(10 ** 8)).padStart(8, '0')
  const hash = credentialHash(crypto, { type: 'card', number })
  const { rows } = await pool.query('select 1 from credential where number_hash = $1', [hash])
  if (rows.length > 0) return drawNumber(pool, crypto, division)
  const serial = `${division}D156000005${randomBytes(8).toString('hex').toUpperCase()}`
  return { id: cardIdOf(cardHash(crypto, number)), number, serial, version: '3.00' }
}
