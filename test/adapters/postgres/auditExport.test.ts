import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sm2Verify } from '../../../adapters/crypto/sm2.ts'
import { digestParts, sandboxSealKey } from '../../../adapters/crypto/sealKeys.ts'
import { type ExportAsked, exportLines } from '../../../adapters/postgres/auditExport.ts'
import { type Given, Verification } from '../../../engine/seal/verification.ts'
import { openSealedWorld, origin, type SealedWorld, signer, tamperings } from './sealedWorld.ts'

// Whoever may do everything to the database changes it; an export that is taken afterwards tells.

let world: SealedWorld
let [early, late, last] = [0, 0, 0]
const { publicKey } = signer

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

beforeAll(async () => {
  world = await openSealedWorld()
  ;({ early, late, last } = world)
})
afterEach(() => world.restore())
afterAll(() => world.close())

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
    await world.open(500, 3)
    await world.place()
    expect(verify(await exported())).toMatchObject({ findings: [], unsealed: 3 })
  })
})

describe('whoever may do everything to the database is found out', () => {
  it.each(tamperings)('$who', async ({ sql, verified }) => {
    await world.owner.query(`begin; ${sql(world)}; commit`)
    expect(told(await exported())).toEqual(verified(world))
  })

  it('who puts back an older backup, by any head that was left with others', async () => {
    const { rows } = await world.owner.query(`select note from seal_head where size = ${last}`)
    const heads = rows.map(({ note }) => note as string)
    await world.owner.query(`
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
