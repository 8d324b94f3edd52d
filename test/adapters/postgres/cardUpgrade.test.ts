import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cardHash } from '../../../adapters/postgres/hashes.ts'
import { migrate } from '../../../adapters/postgres/migrate.ts'
import { createRegister } from '../../../adapters/postgres/register.ts'
import { sealCard } from '../../../adapters/postgres/cards.ts'
import { createEmptyDatabase, type TestDatabase } from '../../support/database.ts'
import { crypto, day, start_ms } from './support.ts'

// A database that was filled before PINs had rows of their own.

let database: TestDatabase
let pool: pg.Pool
const dir = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-upgrade-'))
const owner = 'P1'
const bring = () => migrate({ url: database.ownerUrl, dir, log: () => {} })

beforeAll(async () => {
  database = await createEmptyDatabase()
  pool = new pg.Pool({ connectionString: database.ownerUrl, max: 2 })
})
afterAll(async () => {
  await pool.end()
  await database.drop()
  rmSync(dir, { recursive: true })
})

async function enter(number: string, versions: readonly object[]): Promise<void> {
  const { hash, sealed } = sealCard(crypto, {
    number,
    serial: '510100D1560000050000000000000001',
    owner,
    version: '3.00',
    life: 'active',
    loss: { kind: 'none' },
    pin: 'set',
    issued: day,
    expires: day,
    photo: true,
    managedIn: '510100',
  })
  const at = new Date(start_ms)
  const { bytes, keyVersion } = sealed
  for (const [i, document] of versions.entries())
    await pool.query('insert into card_version values ($1, $2, $3, $4, $5)', [
      owner,
      hash,
      i + 1,
      document,
      at,
    ])
  const last = [owner, hash, versions.length, versions.at(-1), bytes, keyVersion, at]
  await pool.query('insert into card values ($1, $2, $3, $4, $5, $6, $7)', last)
}

test('cards keep the state of their PINs, also those that were written without it since', async () => {
  const names = readdirSync('migrations').filter((name) => name.endsWith('.sql'))
  for (const name of names.filter((one) => one < '0012'))
    copyFileSync(`migrations/${name}`, `${dir}/${name}`)
  await bring()
  const state = {
    owner,
    life: 'active',
    loss: { kind: 'none' },
    issued: day,
    expires: day,
    photo: true,
  }
  for (const pin of ['set', 'locked', 'initial']) await enter(pin, [{ ...state, pin }])
  await enter('lapsed', [{ ...state, pin: 'set' }, state])
  for (const name of names) copyFileSync(`migrations/${name}`, `${dir}/${name}`)
  await bring()
  const cards = await createRegister({ pool, crypto, now: () => start_ms }).cardsOf(owner)
  const pins = Object.fromEntries(cards.map(({ number, pin }) => [number, pin]))
  expect(pins).toEqual({ set: 'set', locked: 'locked', initial: 'initial', lapsed: 'set' })
  const { rows } = await pool.query(
    'select tries_left, verifier from card_pin where card_hash = $1',
    [cardHash(crypto, 'locked')],
  )
  expect(rows).toEqual([{ tries_left: 0, verifier: null }])
  expect((await pool.query('select * from check_pins')).rows).toEqual([])
  expect((await pool.query('select * from check_card_versions')).rows).toEqual([])
})
