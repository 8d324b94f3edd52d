import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sm2Verify } from '../../../adapters/crypto/sm2.ts'
import { digestParts, sandboxSealKey } from '../../../adapters/crypto/sealKeys.ts'
import { createAudit } from '../../../adapters/postgres/audit.ts'
import { proveAsked } from '../../../adapters/postgres/auditAsked.ts'
import { checkSealKey, enterSealKey } from '../../../adapters/postgres/sealKeys.ts'
import { parseDay } from '../../../engine/day.ts'
import { handingOver, writeNote } from '../../../engine/seal/head.ts'
import type { KeyInLine } from '../../../engine/seal/keyChain.ts'
import { openSealedWorld, origin, type SealedWorld, signer, tamperings } from './sealedWorld.ts'
import { crypto } from './support.ts'

let world: SealedWorld

const auditOf = (stretch = 50, more: { readonly signer?: KeyInLine } = {}) =>
  createAudit({
    pool: world.pool,
    crypto,
    digest: digestParts,
    verify: sm2Verify,
    origin,
    accessOrigin: '510100 access',
    now: world.clock.now,
    stretch,
    ...more,
  })

beforeAll(async () => {
  world = await openSealedWorld()
})
afterEach(() => world.restore())
afterAll(() => world.close())

describe('the self-audit', () => {
  it('finds nothing in books that nobody changed, and says since when they are proved', async () => {
    const before = world.clock.now()
    const state = await auditOf().run()
    expect(state.findings).toEqual([])
    expect(state.provedAt).toBeGreaterThan(before)
    expect(state.slices[0]).toMatchObject({ name: 'journal' })
    expect(state.slices.length).toBeGreaterThan(40)
    expect((await auditOf().run()).round).toBe(state.round + 1)
  })

  it.each(tamperings)('finds out $who', async ({ sql, audited }) => {
    const proved = (await auditOf().run()).provedAt
    await world.owner.query(`begin; ${sql(world)}; commit`)
    const { findings, provedAt } = await auditOf().run()
    const checks = [...new Set(findings.map(({ check }) => check))]
    expect(checks).toEqual(expect.arrayContaining([...audited]))
    expect(provedAt).toBe(proved)
  })

  it('finds out who forges a bill before it is sealed, with all that a bill of ours has but a key', async () => {
    await world.open(700, 1)
    await world.owner.query(`update unjournaled set mac = decode(repeat('00', 16), 'hex')`)
    await world.place()
    await world.seal()
    const { findings } = await auditOf().run()
    expect(findings).toMatchObject([
      { check: 'seal_author', problem: 'was written by nobody with our keys' },
    ])
  })

  describe('of a whole log that somebody sealed anew', () => {
    const mallory = sandboxSealKey('999999')
    const checking = { digest: digestParts, verify: sm2Verify }
    const notOurs = {
      check: 'seal_key',
      subject: signer.name,
      problem: 'the keys that signed the log do not lead to the one that signs it here',
    }
    const sealAnew = async (): Promise<void> => {
      await world.owner.query('delete from seal_key; delete from seal_head; delete from seal_tile')
      await enterSealKey({ pool: world.pool, ...checking }, mallory)
      await world.seal(mallory)
    }

    it('with keys that fit each other, tells by the key of the process alone', async () => {
      await sealAnew()
      expect((await auditOf(50, { signer: mallory }).run()).findings).toEqual([])
      expect((await auditOf(50, { signer }).run()).findings).toEqual([notOurs])
    })

    it('with a key that then vouches for ours, tells so, and neither the start nor the sealing goes on from it', async () => {
      await sealAnew()
      const note = writeNote(digestParts, handingOver(signer), mallory, (m) => mallory.sign(m))
      await world.owner.query(
        'insert into seal_key (name, public_key, number, since_size, note) values ($1, $2, 2, 0, $3)',
        [signer.name, signer.publicKey, note],
      )
      expect((await auditOf(50, { signer }).run()).findings).toEqual([notOurs])
      await expect(checkSealKey({ pool: world.pool, ...checking }, signer)).rejects.toThrow(
        'written the log anew',
      )
      await world.open(900, 1)
      await world.place()
      await expect(world.seal()).rejects.toThrow('was signed by nobody before')
    })
  })

  it('goes on in one process at a time', async () => {
    const runs = await Promise.allSettled([auditOf().run(), auditOf().run()])
    expect(runs.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('what is asked to be proved now', () => {
  const asked = (what: Parameters<typeof proveAsked>[1]) =>
    proveAsked({ pool: world.pool, crypto, digest: digestParts }, what)

  it('are all postings of a person, an institution, a region or a day', async () => {
    expect(await asked({ person: 'A' })).toMatchObject({ rows: 5, findings: [] })
    expect(await asked({ institution: 'H1' })).toMatchObject({ rows: 4, findings: [] })
    expect(await asked({ region: '510100', day: parseDay('2026-03-02') })).toMatchObject({
      rows: 4,
    })
    expect(await asked({ person: 'nobody' })).toMatchObject({ rows: 0, findings: [] })
  })

  it('tells what is wrong of them, and of nobody else', async () => {
    await world.owner.query(
      `update account_version set balance_fen = 1 where owner_id = 'A' and version = 2`,
    )
    const found = await asked({ person: 'A' })
    expect(found?.findings.map(({ check }) => check)).toContain('seal_balances')
    expect((await asked({ person: 'P3' }))?.findings).toEqual([])
  })
})
