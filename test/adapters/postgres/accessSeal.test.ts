import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sm2Verify } from '../../../adapters/crypto/sm2.ts'
import { digestParts } from '../../../adapters/crypto/sealKeys.ts'
import { createAccessLog } from '../../../adapters/postgres/accessLog.ts'
import { createAudit } from '../../../adapters/postgres/audit.ts'
import { exportLines } from '../../../adapters/postgres/auditExport.ts'
import { accessLog } from '../../../adapters/postgres/sealedLogs.ts'
import { createSealer } from '../../../adapters/postgres/sealer.ts'
import { Verification } from '../../../engine/seal/verification.ts'
import { openSealedWorld, origin, type SealedWorld, signer } from './sealedWorld.ts'
import { crypto } from './support.ts'

// Whoever looked at whom is sealed as what was paid is.

const accessOrigin = '510100 access'
let world: SealedWorld

async function findings(): Promise<string[]> {
  const verification = new Verification(
    { digest: digestParts, verify: sm2Verify },
    { publicKey: signer.publicKey },
  )
  const { pool, clock } = world
  const options = { pool, digest: digestParts, origin: accessOrigin, now: clock.now }
  for await (const line of exportLines(options, { log: 'access' })) verification.take(line)
  const verdict = verification.end()
  expect(verdict.log).toBe(accessOrigin)
  return verdict.findings.map(({ kind, position }) => `${kind} ${position}`)
}

async function audited(): Promise<string[]> {
  const { pool, clock } = world
  const audit = createAudit({
    pool,
    crypto,
    digest: digestParts,
    verify: sm2Verify,
    origin,
    accessOrigin,
    now: clock.now,
  })
  const state = await audit.run()
  return state.findings.map(({ check, subject }) => `${check} ${subject}`)
}

beforeAll(async () => {
  world = await openSealedWorld()
  const { pool, clock } = world
  const log = createAccessLog({ pool, now: clock.now })
  const look = { caller: 'audit-1', role: 'auditor', action: 'person' }
  for (let i = 0; i < 4; i++)
    await log.record(Array.from({ length: 75 }, (_, j) => ({ ...look, person: `P${i}-${j}` })))
  await createSealer({
    pool,
    digest: digestParts,
    verify: sm2Verify,
    log: accessLog(digestParts),
    origin: accessOrigin,
    signer,
    now: clock.now,
    batch: 130,
  }).run()
})
afterAll(() => world.close())

describe('the access log', () => {
  it('is exported and proved as the journal is', async () => {
    expect(await findings()).toEqual([])
    expect(await audited()).toEqual([])
  })

  it('tells who took away that they looked, and who says that somebody else did', async () => {
    await world.owner.query('delete from access_log where position = 17')
    await world.owner.query(
      `update access_log set canonical = replace(convert_from(canonical, 'UTF8'), 'audit-1', 'audit-2')::bytea where position = 200`,
    )
    expect(await findings()).toEqual(
      ['removed 17', 'changed 200', 'incomplete undefined'].slice(0, 2),
    )
    expect(await audited()).toEqual([
      'seal_access_log entry 17',
      'seal_leaf position 200 of the access log',
    ])
  })
})
