import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sm2Verify } from '../../../adapters/crypto/sm2.ts'
import { digestParts, sandboxSealKey } from '../../../adapters/crypto/sealKeys.ts'
import { type ExportAsked, exportLines } from '../../../adapters/postgres/auditExport.ts'
import { createJournal } from '../../../adapters/postgres/journal.ts'
import { journalLog } from '../../../adapters/postgres/sealedLogs.ts'
import { createSealer } from '../../../adapters/postgres/sealer.ts'
import { enterSealKey } from '../../../adapters/postgres/sealKeys.ts'
import type { Fen } from '../../../engine/money.ts'
import { type Given, Verification } from '../../../engine/seal/verification.ts'
import { settle } from './settle.ts'
import { cancelAsk, claim, enrol, openWorld, settleAsk, type World } from './support.ts'

// Whoever may do everything to the database changes it; an export that is taken afterwards tells.

const tables = [
  'settlement',
  'movement',
  'clearing_posting',
  'transfer',
  'account_version',
  'year_version',
  'journal',
  'journal_head',
  'unjournaled',
  'seal_head',
  'seal_tile',
]

let world: World
let owner: pg.Client
const signer = sandboxSealKey('510100')
const publicKey = signer.publicKey
const origin = '510100 journal'
/** Some positions: a bill that a full tile has, one of the last positions, and the last. */
let [early, late, last] = [0, 0, 0]

const options = () => ({
  pool: world.pool,
  digest: digestParts,
  origin,
  now: world.clock.now,
})

async function exported(asked: ExportAsked = {}): Promise<string[]> {
  const lines: string[] = []
  for await (const line of exportLines(options(), asked)) lines.push(line)
  return lines
}

function verify(lines: readonly string[], given: Given = { publicKey }) {
  const verification = new Verification({ digest: digestParts, verify: sm2Verify }, given)
  for (const line of lines) verification.take(line)
  return verification.end()
}

const told = (lines: readonly string[], given?: Given) =>
  verify(lines, given).findings.map(({ kind, position, until }) =>
    [kind, position, until].filter((part) => part !== undefined).join(' '),
  )

async function place(): Promise<number> {
  await createJournal({ pool: world.pool, now: world.clock.now }).run()
  const { rows } = await world.pool.query('select position from journal_head')
  return Number(rows[0].position)
}

const seal = () =>
  createSealer({
    pool: world.pool,
    digest: digestParts,
    log: journalLog(digestParts),
    origin,
    signer,
    now: world.clock.now,
  }).run()

async function open(from: number, count: number): Promise<void> {
  const owners = Array.from({ length: count }, (_, i) => `P${from + i}`)
  await world.opening.open(
    owners.map((of) => ({ owner: of, region: '510100', amount: 100n as Fen })),
  )
}

const bill = (key: string) =>
  settleAsk(key, claim('A', { visit: key, amount: 12_000n, family: true, item: key }))

beforeAll(async () => {
  world = await openWorld()
  owner = new pg.Client({ connectionString: world.database.ownerUrl })
  await owner.connect()
  await enrol(world, 'F', { balance: 2_000n })
  await enrol(world, 'A', { balance: 9_000n, family: ['F'] })
  await enterSealKey(world.pool, signer)
  const run = async (one: Parameters<typeof settle>[1][number]) => {
    const [outcome] = await settle(world.books, [one], world.clock.now)
    if (outcome?.kind !== 'settled' && outcome?.kind !== 'undone') throw new Error(outcome?.kind)
    return outcome.row.id
  }
  const first = await run(bill('first'))
  early = await place()
  await run(cancelAsk('undo', first))
  await open(0, 290)
  await place()
  await seal()
  await run(bill('second'))
  late = await place()
  await run(bill('third'))
  last = await place()
  await seal()
  for (const table of tables) await owner.query(`create table kept_${table} as table ${table}`)
})
afterEach(async () => {
  await owner.query('rollback')
  await owner.query(
    tables
      .map((table) => `delete from ${table}; insert into ${table} table kept_${table}`)
      .join(';'),
  )
})
afterAll(async () => {
  await owner.end()
  await world.close()
})

describe('an export of books that nobody changed', () => {
  it('is proved, in whatever order its lines come', async () => {
    const lines = await exported()
    const verdict = verify(lines)
    expect(verdict.findings).toEqual([])
    expect(verdict).toMatchObject({ postings: last, sealedUpTo: last, unsealed: 0, heads: 2 })
    const shuffled = lines.toSorted((a, b) => (a.at(-20) ?? '').localeCompare(b.at(-20) ?? ''))
    expect(verify(shuffled)).toEqual(verdict)
    expect(verify(lines.toReversed())).toEqual(verdict)
  })

  it('of some positions is proved as well, up to the next head', async () => {
    const verdict = verify(await exported({ from: 5, until: 9 }))
    expect(verdict.findings).toEqual([])
    expect(verdict.postings).toBe(late - 5)
    const end = verify(await exported({ from: late }))
    expect(end).toMatchObject({ findings: [], postings: last - late + 1, sealedUpTo: last })
  })

  it('tells what no head has yet', async () => {
    await open(500, 3)
    await place()
    expect(verify(await exported())).toMatchObject({ findings: [], unsealed: 3 })
    await owner.query(`delete from account_version where owner_id like 'P50_'`)
  })
})

const at = (position: number) => `(select posting_id from journal where position = ${position})`

describe('whoever may do everything to the database is found out', () => {
  it.each<[string, () => string, () => string[]]>([
    [
      'who changes a document',
      () =>
        `update settlement set canonical = convert_to(replace(convert_from(canonical, 'UTF8'), '"total":12000', '"total":12001'), 'UTF8') where id = ${at(early)}`,
      () => [`changed ${early}`, `changed ${early}`],
    ],
    [
      'who changes a column that repeats the document',
      () => `update settlement set institution = 'H2' where id = ${at(late)}`,
      () => [`changed ${late}`],
    ],
    [
      'who changes an amount of a transfer',
      () =>
        `update transfer set amount_fen = amount_fen + 1 where posting_id = ${at(early)} and leg = 1`,
      () => [`changed ${early}`],
    ],
    [
      'who sends money to another account',
      () =>
        `update transfer set credit_account = 'payable:H2:settled' where posting_id = ${at(late)} and kind = 'fund'`,
      () => [`changed ${late}`],
    ],
    [
      'who takes a leg away',
      () => `delete from transfer where posting_id = ${at(late)} and leg = 2`,
      () => [`changed ${late}`],
    ],
    [
      'who adds a leg',
      () =>
        `insert into transfer values ('B', ${at(early)}, 9, 'opening', 'fund:510100:employee:pool', 'payable:H2:settled', 1)`,
      () => [`changed ${early}`, `changed ${early}`],
    ],
    [
      'who changes a balance',
      () => `update account_version set balance_fen = 1 where posting_id = ${at(7)}`,
      () => ['changed 7'],
    ],
    [
      'who changes running sums',
      () =>
        `update year_version set counters = counters || '{"pool":"1"}' where posting_id = ${at(late)}`,
      () => [`changed ${late}`],
    ],
    [
      'who takes a bill away with all that it wrote',
      () =>
        `with j as (delete from journal where position = ${early} returning posting_id),
           s as (delete from settlement where id in (select posting_id from j)),
           t as (delete from transfer where posting_id in (select posting_id from j)) select`,
      () => [`removed ${early}`],
    ],
    [
      'who takes away several of the last, tile or no tile',
      () => `delete from journal where position >= ${late}`,
      () => [`removed ${late} ${last}`, ...Array(5).fill('added')],
    ],
    [
      'who changes a bill and the digest beside it',
      () => `update journal set digest = sha256('other') where position = ${early}`,
      () => [`changed ${early}`, `changed ${early}`],
    ],
    [
      'who exchanges the places of two bills',
      () =>
        `update journal set position = 1000000 + position where position in (${early}, 8);
         update journal set position = case position when 1000008 then ${early} else 8 end where position > 1000000`,
      () => [`changed ${early}`, 'changed 8'],
    ],
    [
      'who says that something was placed at another moment',
      () =>
        `update journal set assigned_at = assigned_at + interval '1 microsecond' where position = 9`,
      () => ['changed 9'],
    ],
    [
      'who adds a bill that has no place',
      () =>
        `insert into settlement select (s).* from (select jsonb_populate_record(s, jsonb_build_object('id', left(id, 29) || '!', 'settlement_id', left(id, 29) || '!')) as s from settlement s where id = ${at(early)}) q`,
      () => ['added'],
    ],
    [
      'who changes a tile of hashes',
      () => `update seal_tile set hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)`,
      () => [`head ${late - 1}`],
    ],
    [
      'who changes a row and its hash in the tile',
      () =>
        `update journal set assigned_at = assigned_at + interval '1 second' where position = 2;
         update seal_tile set hashes = overlay(hashes placing sha256('x') from 33)`,
      () => ['changed 2'],
    ],
    [
      'who changes the root in a head',
      () => `update seal_head set note = replace(note, '\n', e'\n') || '' , root = sha256('x') where size = ${last};
             update seal_head set note = regexp_replace(note, '^(.*\n.*\n)....', '\\1AAAA') where size = ${last}`,
      () => ['signature'],
    ],
    [
      'who takes a head away',
      () => `delete from seal_head where size = ${late - 1}`,
      () => [`head ${last}`],
    ],
  ])('%s', async (_, tamper, expected) => {
    await owner.query(`begin; ${tamper()}; commit`)
    expect(told(await exported())).toEqual(expected())
  })

  it('who changes one of the last rows so that everything beside it agrees: between which heads', async () => {
    await owner.query(
      `update journal set assigned_at = assigned_at + interval '1 second' where position = ${last}`,
    )
    expect(told(await exported())).toEqual([`changed ${late} ${last}`])
  })

  it('who puts back an older backup, by any head that was left with others', async () => {
    const { rows } = await owner.query(`select note from seal_head where size = ${last}`)
    const heads = rows.map(({ note }) => note as string)
    await owner.query(`
      delete from seal_head where size = ${last};
      delete from transfer where posting_id in (select posting_id from journal where position >= ${late});
      delete from settlement where id in (select posting_id from journal where position >= ${late});
      delete from journal where position >= ${late};
      update journal_head set position = ${late - 1}, rolled_up_to = 0`)
    const lines = await exported()
    expect(told(lines)).toEqual([])
    expect(told(lines, { publicKey, heads })).toEqual([`restored ${late} ${last}`])
  })

  it('who seals everything anew with a key of their own, by the key that was given by other ways', async () => {
    const own = sandboxSealKey('440100')
    const forged = (await exported()).map((line) =>
      line.replaceAll(signer.publicKey, own.publicKey).replaceAll(signer.name, own.name),
    )
    expect(told(forged)).toContain(`signature ${last}`)
  })
})

describe('a file', () => {
  it('that was cut off is told from a whole one', async () => {
    const lines = await exported()
    expect(told(lines.slice(0, -1))).toEqual(['incomplete'])
    const without = lines.filter((line) => !line.includes(`"position":${late},`))
    expect(told(without)).toContain(`removed ${late}`)
    expect(told([])).toEqual(['incomplete'])
  })

  it('with lines of something else is told which', async () => {
    const lines = await exported()
    expect(told([...lines, '{"kind":"posting"}', 'x', '[]', '{"kind":"toString"}'])).toEqual([
      'unreadable',
      'unreadable',
      'unreadable',
      'unreadable',
    ])
  })

  it('that has a position twice is told so', async () => {
    const lines = await exported()
    const twice = lines.find((line) => line.includes(`"position":${early},`)) as string
    expect(told([...lines, twice])).toEqual([`added ${early}`])
  })
})
