import { bookCryptoOf } from '../../adapters/crypto/bookCrypto.ts'
import pg from 'pg'
import { readDataKeys } from '../../adapters/crypto/dataKey.ts'
import { drawBytes } from '../../adapters/crypto/drawnBytes.ts'
import { createIds } from '../../adapters/postgres/ids.ts'
import type { Crypto } from '../../adapters/postgres/needs.ts'
import { createOpening } from '../../adapters/postgres/opening.ts'
import { createRegister } from '../../adapters/postgres/register.ts'
import type { Instant } from '../../engine/day.ts'
import type { Fen } from '../../engine/money.ts'
import type { City } from './city.ts'
import type { Citizen } from './people.ts'
import { rowsOf, statementsFor } from './registerRows.ts'

export interface Entering {
  /** What every account holds, in place of what the city says: nobody's runs dry, whatever is settled. */
  readonly balance?: Fen
  /** When they are entered; an hour before the city is measured unless told. */
  readonly at?: Instant
}

/** Nobody's account runs dry, however long they are settled for: a million yuan. */
export const ampleBalance = 100_000_000n as Fen

const anHourBefore = Date.parse('2026-03-02T08:00:00+08:00')
const batch = 2_000
/** While one batch is written, the rows of the next are made. */
const writers = 2

/**
 * Enters a city into a fresh database of the sandbox, whose owner the address is of: the rows are those that the register
 * makes, with the sandbox's own keys, but many people at a time.
 */
export async function enterCity(
  city: City,
  ownerUrl: string,
  entering: Entering = {},
): Promise<void> {
  const keys = readDataKeys({ file: undefined, mode: 'sandbox' })
  const crypto = bookCryptoOf(keys)
  const pool = new pg.Pool({ connectionString: ownerUrl, max: writers })
  try {
    const { at = anHourBefore } = entering
    const register = createRegister({ pool, crypto, now: () => at })
    for (const institution of city.institutions.all) await register.putInstitution(institution)
    const batches = batchesOf(city.people)
    const work = async (): Promise<void> => {
      for (const people of batches) await enter(pool, crypto, people, entering)
    }
    await Promise.all(Array.from({ length: writers }, work))
    await analyzeFilled(pool)
  } finally {
    await pool.end()
  }
}

/**
 * Nobody has looked at these tables yet: without their numbers the first plans would be bad ones. Of a table that is still empty the planner must not know
 * it: it would be read whole for each claim for as long as nobody looks again, which is a minute.
 */
async function analyzeFilled(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ tables: string }>(`
    select string_agg(oid::regclass::text, ', ') as tables from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0`)
  await pool.query(`vacuum analyze ${rows[0]?.tables}`)
}

/** Each batch to whoever asks next. */
function* batchesOf(people: readonly Citizen[]): Generator<readonly Citizen[]> {
  for (let i = 0; i < people.length; i += batch) yield people.slice(i, i + batch)
}

async function enter(
  pool: pg.Pool,
  crypto: Crypto,
  people: readonly Citizen[],
  { balance, at = anHourBefore }: Entering,
): Promise<void> {
  const rows = people.map((citizen) => rowsOf(crypto, citizen))
  const client = await pool.connect()
  try {
    await client.query('begin')
    for (const { name, text, values } of statementsFor(rows, at))
      await client.query({ name, text, values: [...values] })
    await client.query('commit')
  } finally {
    client.release(true)
  }
  const opening = createOpening({
    pool,
    crypto,
    ids: createIds({ ...crypto, drawBytes }),
    now: () => at,
  })
  await opening.open(
    people.map((one) => ({ owner: one.id, region: one.home, amount: balance ?? one.balance })),
  )
}
