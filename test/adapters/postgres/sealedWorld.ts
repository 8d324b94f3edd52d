import pg from 'pg'
import { sm2Verify } from '../../../adapters/crypto/sm2.ts'
import { digestParts, sandboxSealKey } from '../../../adapters/crypto/sealKeys.ts'
import { enterSealStart } from '../../../adapters/postgres/auditor.ts'
import { createJournal } from '../../../adapters/postgres/journal.ts'
import { journalLog } from '../../../adapters/postgres/sealedLogs.ts'
import { createSealer, type SealSigner } from '../../../adapters/postgres/sealer.ts'
import { enterSealKey } from '../../../adapters/postgres/sealKeys.ts'
import type { Fen } from '../../../engine/money.ts'
import { settle } from './settle.ts'
import { cancelAsk, claim, crypto, enrol, openWorld, settleAsk, type World } from './support.ts'

export const signer = sandboxSealKey('510100')
export const origin = '510100 journal'

const tables = [
  'settlement',
  'movement',
  'clearing_posting',
  'transfer',
  'account_version',
  'year_version',
  'rollup',
  'journal',
  'journal_head',
  'unjournaled',
  'seal_head',
  'seal_tile',
  'seal_key',
]

/** Books with a full tile and some more, sealed, and a connection of somebody who may do everything to them. */
export interface SealedWorld extends World {
  readonly owner: pg.Client
  /** A bill that the full tile has; a bill after it; the last position. */
  readonly early: number
  readonly late: number
  readonly last: number
  open(from: number, count: number): Promise<void>
  place(): Promise<number>
  seal(by?: SealSigner): Promise<number>
  /** Puts everything back as it was when it was sealed. */
  restore(): Promise<void>
}

const bill = (key: string) =>
  settleAsk(key, claim('A', { visit: key, amount: 12_000n, family: true, item: key }))

export async function openSealedWorld(): Promise<SealedWorld> {
  const world = await openWorld()
  const owner = new pg.Client({ connectionString: world.database.ownerUrl })
  await owner.connect()
  const { pool, clock } = world
  const place = async (): Promise<number> => {
    await createJournal({ pool, now: clock.now, rollUpEvery: 100 }).run()
    const { rows } = await pool.query('select position from journal_head')
    return Number(rows[0].position)
  }
  const open = (from: number, count: number): Promise<void> => openAccounts(world, from, count)
  const seal = (by: SealSigner = signer) =>
    createSealer({
      pool,
      digest: digestParts,
      verify: sm2Verify,
      log: journalLog(digestParts),
      origin,
      signer: by,
      now: clock.now,
    }).run()
  await enrol(world, 'F', { balance: 2_000n })
  await enrol(world, 'A', { balance: 9_000n, family: ['F'] })
  await enterSealStart(pool, crypto)
  await enterSealKey({ pool, digest: digestParts, verify: sm2Verify }, signer)
  const first = await run(world, bill('first'))
  const early = await place()
  await run(world, cancelAsk('undo', first))
  await open(0, 290)
  await place()
  await seal()
  await run(world, bill('second'))
  const late = await place()
  await run(world, bill('third'))
  const last = await place()
  await seal()
  for (const table of tables) await owner.query(`create table kept_${table} as table ${table}`)
  return {
    ...world,
    owner,
    early,
    late,
    last,
    open,
    place,
    seal,
    async restore() {
      await owner.query('rollback')
      await owner.query(
        tables
          .map((table) => `delete from ${table}; insert into ${table} table kept_${table}`)
          .join(';'),
      )
    },
    async close() {
      await owner.end()
      await world.close()
    },
  }
}

async function run(world: World, ask: Parameters<typeof settle>[1][number]): Promise<string> {
  const [outcome] = await settle(world.books, [ask], world.clock.now)
  if (outcome?.kind !== 'settled' && outcome?.kind !== 'undone') throw new Error(outcome?.kind)
  return outcome.row.id
}

/** Opening balances are postings that take no claim. */
async function openAccounts(world: World, from: number, count: number): Promise<void> {
  const owners = Array.from({ length: count }, (_, i) => `P${from + i}`)
  await world.opening.open(
    owners.map((of) => ({ owner: of, region: '510100', amount: 100n as Fen })),
  )
}

type Places = Pick<SealedWorld, 'early' | 'late' | 'last'>

/** Something that somebody who may do everything does to the books, and what is found of it. */
export interface Tampering {
  readonly who: string
  readonly sql: (places: Places) => string
  /** What the verification of an export says: kind and positions. */
  readonly verified: (places: Places) => string[]
  /** Checks of the self-audit, each once, that find it. */
  readonly audited: readonly string[]
}

const at = (position: number) => `(select posting_id from journal where position = ${position})`

export const tamperings: readonly Tampering[] = [
  {
    who: 'who changes a document',
    sql: ({ early }) =>
      `update settlement set canonical = convert_to(replace(convert_from(canonical, 'UTF8'), '"total":12000', '"total":12001'), 'UTF8') where id = ${at(early)}`,
    verified: ({ early }) => [`changed ${early}`, `changed ${early}`],
    audited: ['seal_posting', 'seal_columns', 'check_canonical'],
  },
  {
    who: 'who changes a column that repeats the document',
    sql: ({ late }) => `update settlement set institution = 'H2' where id = ${at(late)}`,
    verified: ({ late }) => [`changed ${late}`],
    audited: ['seal_columns', 'check_canonical'],
  },
  {
    who: 'who changes an amount of a transfer',
    sql: ({ early }) =>
      `update transfer set amount_fen = amount_fen + 1 where posting_id = ${at(early)} and leg = 1`,
    verified: ({ early }) => [`changed ${early}`],
    audited: ['seal_posting', 'seal_rollups', 'check_transfers_repeat_shares'],
  },
  {
    who: 'who sends money to another account',
    sql: ({ late }) =>
      `update transfer set credit_account = 'payable:H2:settled' where posting_id = ${at(late)} and kind = 'fund'`,
    verified: ({ late }) => [`changed ${late}`],
    audited: ['seal_posting', 'check_transfer_accounts'],
  },
  {
    who: 'who takes a leg away',
    sql: ({ late }) => `delete from transfer where posting_id = ${at(late)} and leg = 2`,
    verified: ({ late }) => [`changed ${late}`],
    audited: ['seal_posting', 'check_transfers_repeat_shares'],
  },
  {
    who: 'who adds a leg',
    sql: ({ early }) =>
      `insert into transfer values ('B', ${at(early)}, 9, 'opening', 'fund:510100:employee:pool', 'payable:H2:settled', 1)`,
    verified: ({ early }) => [`changed ${early}`, `changed ${early}`],
    audited: ['seal_posting', 'seal_columns', 'seal_rollups'],
  },
  {
    who: 'who changes a balance',
    sql: () => `update account_version set balance_fen = 1 where posting_id = ${at(7)}`,
    verified: () => ['changed 7'],
    audited: ['seal_posting', 'seal_balances', 'check_account_versions'],
  },
  {
    who: 'who changes running sums',
    sql: ({ late }) =>
      `update year_version set counters = counters || '{"pool":"1"}' where posting_id = ${at(late)}`,
    verified: ({ late }) => [`changed ${late}`],
    audited: ['seal_posting', 'seal_counters'],
  },
  {
    who: 'who changes a rollup',
    sql: () =>
      `update rollup set debit_fen = debit_fen + 5, credit_fen = credit_fen + 5 where account = 'personal:*' and position = (select min(position) from rollup)`,
    verified: () => [],
    audited: ['seal_rollups'],
  },
  {
    who: 'who takes a bill away with all that it wrote',
    sql: ({ early }) =>
      `with j as (delete from journal where position = ${early} returning posting_id),
         s as (delete from settlement where id in (select posting_id from j)),
         t as (delete from transfer where posting_id in (select posting_id from j)) select`,
    verified: ({ early }) => [`removed ${early}`],
    audited: ['seal_journal', 'seal_rollups', 'check_journal'],
  },
  {
    who: 'who takes the last away and leaves what they wrote',
    sql: ({ late }) => `delete from journal where position >= ${late}`,
    verified: ({ late, last }) => [
      `removed ${late} ${last}`,
      `changed ${late} ${last}`,
      ...Array<string>(5).fill('added'),
    ],
    audited: ['seal_journal', 'seal_head', 'seal_strays', 'check_journal'],
  },
  {
    who: 'who changes the digest beside a bill',
    sql: ({ early }) => `update journal set digest = sha256('other') where position = ${early}`,
    verified: ({ early }) => [`changed ${early}`, `changed ${early}`],
    audited: ['seal_posting', 'seal_author', 'seal_leaf'],
  },
  {
    who: 'who exchanges the places of two bills',
    sql: ({ early }) =>
      `update journal set position = 1000000 + position where position in (${early}, 8);
       update journal set position = case position when 1000008 then ${early} else 8 end where position > 1000000`,
    verified: ({ early }) => [`changed ${early}`, 'changed 8'],
    audited: ['seal_leaf'],
  },
  {
    who: 'who says that something was placed at another moment',
    sql: () =>
      `update journal set assigned_at = assigned_at + interval '1 microsecond' where position = 9`,
    verified: () => ['changed 9'],
    audited: ['seal_leaf'],
  },
  {
    who: 'who adds a bill that has no place',
    sql: ({ early }) =>
      `insert into settlement select (s).* from (select jsonb_populate_record(s, jsonb_build_object('id', left(id, 29) || '!', 'settlement_id', left(id, 29) || '!')) as s from settlement s where id = ${at(early)}) q`,
    verified: () => ['added'],
    audited: ['seal_strays'],
  },
  {
    who: 'who changes a tile of hashes',
    sql: () => `update seal_tile set hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)`,
    verified: ({ late }) => [`head ${late - 1}`],
    audited: ['seal_leaf', 'seal_head'],
  },
  {
    who: 'who changes a row and its hash in the tile',
    sql: () =>
      `update journal set assigned_at = assigned_at + interval '1 second' where position = 2;
       update seal_tile set hashes = overlay(hashes placing sha256('x') from 33)`,
    // Nobody can tell which it is, where neither what is stored nor what was said to be sealed is what was signed.
    verified: ({ late }) => [`changed 1 ${late - 1}`],
    audited: ['seal_leaf', 'seal_head'],
  },
  {
    who: 'who changes the root in a head',
    sql: ({ last }) =>
      `update seal_head set note = regexp_replace(note, '^(.*\n.*\n)....', '\\1AAAA') where size = ${last}`,
    verified: () => ['signature'],
    audited: ['seal_head'],
  },
  {
    who: 'who takes a head away',
    sql: ({ late }) => `delete from seal_head where size = ${late - 1}`,
    verified: ({ last }) => [`head ${last}`],
    audited: ['seal_head'],
  },
  {
    who: 'who changes one of the last rows so that everything beside it agrees',
    sql: ({ last }) =>
      `update journal set assigned_at = assigned_at + interval '1 second' where position = ${last}`,
    verified: ({ late, last }) => [`changed ${late} ${last}`],
    audited: ['seal_head'],
  },
]
