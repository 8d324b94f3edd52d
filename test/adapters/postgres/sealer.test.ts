import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestParts, sandboxSealKey } from '../../../adapters/crypto/sealKeys.ts'
import { sm2Verify } from '../../../adapters/crypto/sm2.ts'
import { createJournal } from '../../../adapters/postgres/journal.ts'
import { journalLog } from '../../../adapters/postgres/sealedLogs.ts'
import { createSealer, type SealerOptions } from '../../../adapters/postgres/sealer.ts'
import { enterSealKey } from '../../../adapters/postgres/sealKeys.ts'
import { SealTree } from '../../../adapters/postgres/sealTree.ts'
import { hashOfHead, readHead, readNote, signerOf } from '../../../engine/seal/head.ts'
import { provesConsistency, provesInclusion } from '../../../engine/seal/proof.ts'
import type { Fen } from '../../../engine/money.ts'
import { settle } from './settle.ts'
import { claim, enrol, openWorld, settleAsk, type World } from './support.ts'

let world: World

const log = journalLog(digestParts)
const signer = sandboxSealKey('510100')
const sealerOf = (more: Partial<SealerOptions> = {}) =>
  createSealer({
    pool: world.pool,
    digest: digestParts,
    verify: sm2Verify,
    log,
    origin: '510100 journal',
    signer,
    now: world.clock.now,
    ...more,
  })

/** Opening balances are postings that take no claim. */
async function open(from: number, count: number): Promise<void> {
  const balances = Array.from({ length: count }, (_, i) => ({
    owner: `P${from + i}`,
    region: '510100',
    amount: 100n as Fen,
  }))
  await world.opening.open(balances)
  await createJournal({ pool: world.pool, now: world.clock.now }).run()
}

const headsOf = async (pool: pg.Pool) => {
  const { rows } = await pool.query<{ size: bigint; note: string }>(
    'select size, note from seal_head order by size',
  )
  return rows.map(({ note }) => {
    const read = readNote(note)
    const head = read && readHead(read.text)
    if (!read || !head) throw new Error(`no head: ${note}`)
    expect(signerOf(digestParts, sm2Verify, read, [signer])).toBe(signer)
    return { ...head, note }
  })
}

beforeAll(async () => {
  world = await openWorld()
  await enterSealKey({ pool: world.pool, digest: digestParts, verify: sm2Verify }, signer)
  await enrol(world, 'A', { balance: 9_000n })
  await settle(world.books, [settleAsk('one', claim('A'))], world.clock.now)
  await open(0, 3)
  await sealerOf().run()
  await open(3, 700)
  await sealerOf({ batch: 300 }).run()
  await open(703, 600)
  // Another process goes on from where this one was, and this one after it.
  const [one, other] = [sealerOf({ batch: 100 }), sealerOf({ batch: 77 })]
  await Promise.all([one.run(), other.run()])
  await open(1303, 30)
  await Promise.all([one.run(), other.run()])
})
afterAll(() => world.close())

describe('the log of the journal', () => {
  it('has a leaf for every position, and heads that are signed and name the one before', async () => {
    const heads = await headsOf(world.pool)
    expect(heads.length).toBeGreaterThan(5)
    expect(heads.at(-1)?.size).toBe(1335)
    for (const [i, head] of heads.entries()) {
      expect(head.origin).toBe('510100 journal')
      const before = heads[i - 1]
      expect(head.previous?.toBase64()).toBe(
        before && hashOfHead(digestParts, before.note).toBase64(),
      )
    }
  })

  it('proves every leaf to each head that has it', async () => {
    const leaves = await log.leavesFrom(world.pool, 0, 10_000)
    const tree = new SealTree(log, digestParts)
    for (const { size, root } of await headsOf(world.pool))
      for (const index of [0, 1, 255, 256, 300, 511, 512, 1023, 1279, size - 1].filter(
        (i) => i < size,
      )) {
        const path = await tree.inclusion(world.pool, index, size)
        const leaf = leaves[index] as Uint8Array
        expect(provesInclusion(digestParts, { index, leaf, size, root }, path)).toBe(true)
        const other = leaves[index === 0 ? 1 : 0] as Uint8Array
        expect(provesInclusion(digestParts, { index, leaf: other, size, root }, path)).toBe(false)
      }
  })

  it('proves of any two heads that the later one goes on from the earlier one', async () => {
    const heads = await headsOf(world.pool)
    const tree = new SealTree(log, digestParts)
    for (const [i, first] of heads.entries())
      for (const second of heads.slice(i)) {
        const path = await tree.consistency(world.pool, first.size, second.size)
        expect(provesConsistency(digestParts, first, second, path)).toBe(true)
      }
  })

  it('keeps each full tile, and no other', async () => {
    const { rows } = await world.pool.query(
      'select level, tile from seal_tile order by level, tile',
    )
    expect(rows.map(({ level, tile }) => `${level}/${tile}`)).toEqual(
      [0, 1, 2, 3, 4].map((i) => `0/${i}`),
    )
  })

  it('stops at a position that somebody took away, and says which', async () => {
    await open(2000, 3)
    const owner = new pg.Client({ connectionString: world.database.ownerUrl })
    await owner.connect()
    await owner.query('delete from journal where position = 1336')
    await owner.end()
    await expect(sealerOf().run()).rejects.toThrow('journal has no position 1336')
  })
})
