import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sm3Hex } from '../../../adapters/crypto/sm3.ts'
import { createDossiers } from '../../../adapters/postgres/dossiers.ts'
import { canonicalJson } from '../../../adapters/postgres/document.ts'
import { createInsured } from '../../../adapters/postgres/insured.ts'
import { createPosted } from '../../../adapters/postgres/posted.ts'
import { loadRules } from '../../../adapters/rulepacks/load.ts'
import { dayInChina } from '../../../adapters/sandbox/clock.ts'
import type { Registry } from '../../../adapters/sandbox/needs.ts'
import { enterWorld, readWorld } from '../../../adapters/sandbox/world.ts'
import type { Subject } from '../../../engine/dossier.ts'
import { dayAfter, parseDay } from '../../../engine/day.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask, Key, Row } from '../../../engine/ports.ts'
import { type LocalProcess, startLocalProcess } from '../../support/localProcess.ts'
import { cancelAsk, claim, crypto, day, ids, openWorld, settleAsk, type World } from './support.ts'

const hospital = 'H51010000001'
const item = 'XC09AAD099A001010100001'
const sandbox = readWorld('rules')
const person = (key: string) => sandbox.people.find((one) => one.key === key)!
let world: World
let engine: LocalProcess
let insured: ReturnType<typeof createInsured>
let posted: ReturnType<typeof createPosted>
let dossiers: ReturnType<typeof createDossiers>

beforeAll(async () => {
  world = await openWorld()
  const registry: Registry = {
    ...world.register,
    putCard: (card) => world.register.putCard(card),
    openAccounts: (balances) => world.opening.open(balances),
  }
  await enterWorld(sandbox, registry, 'sandbox')
  const rules = loadRules('rules', { sandbox: true })
  engine = startLocalProcess({
    books: world.books,
    clock: world.clock,
    ids,
    rulebooks: rules.rulebooks,
    regions: rules.rulebooks.directory(['510100', '510700']),
    packHash: rules.hashes.whole,
    dayOf: dayInChina,
    pause: async () => {},
    tell: (event) => {
      if (event.kind === 'bug') throw event.error
    },
  })
  const options = { pool: world.pool, crypto }
  insured = createInsured(options)
  posted = createPosted(options)
  dossiers = createDossiers(options)
})
afterAll(() => world.close())

const run = async (ask: Ask): Promise<Outcome> => (await engine.settle([ask]))[0] as Outcome
const rowOf = (outcome: Outcome): Row => {
  if (outcome.kind === 'settled' || outcome.kind === 'undone') return outcome.row
  throw new Error(`no row, but ${outcome.kind}`)
}

/** A key as the national interface makes it, with its transaction and message inside. */
function wireKey(infno: string, msgid: string): Key {
  const input = canonicalJson({ infno, input: {}, msgid })
  return { institution: hospital, key: msgid, fingerprint: sm3Hex(input), input }
}
const bill = (who: string, amount: bigint, more = {}) =>
  claim(person(who).citizenNumber, { institution: hospital, item, amount, ...more })
const settle = async (msgid: string, who: string, amount: bigint): Promise<Row> =>
  rowOf(await run({ kind: 'settle', key: wireKey('2207', msgid), claim: bill(who, amount) }))

describe('an insured person', () => {
  it.each(['citizen-number', 'card', 'e-card'] as const)('is found by %s', async (type) => {
    const { name, citizenNumber, credentials, card, region } = person('E1')
    const { number } = credentials.find((one) => one.type === type)!
    expect(await insured.byCredential({ type, number })).toMatchObject({
      person: person('E1').person,
      name,
      citizenNumber,
      ethnicGroup: '01',
      employer: '演示单位',
      region,
      cards: [card],
      balance: 137_815n,
    })
  })

  it('is found by number, also without a card and an account', async () => {
    const { person: known } = person('E2')
    await world.register.putPerson({
      person: { ...known, id: 'P1' },
      name: '演示',
      citizenNumber: 'N1',
      region: '510100',
    })
    expect(await insured.byId('P1')).toMatchObject({ name: '演示', cards: [], balance: 0n })
  })

  it('is undefined where nobody has the number', async () => {
    expect(await insured.byId('nobody')).toBeUndefined()
    expect(await insured.byCredential({ type: 'card', number: 'D99999999' })).toBeUndefined()
  })
})

describe('posted rows', () => {
  const filter = { institution: hospital, from: day, until: day }
  let first: Row

  it('name the transaction and the message that wrote them, a reversal its own', async () => {
    first = await settle('m1', 'E1', 10_000n)
    const second = await settle('m2', 'R1', 20_000n)
    await run({ ...cancelAsk('', first.settlement, hospital), key: wireKey('2208', 'm3') })
    const { id } = person('R1').person
    const reversal = (msgid: string): Ask => ({
      kind: 'reverse',
      key: wireKey('2601', msgid),
      institution: hospital,
      original: { institution: hospital, key: 'm2' },
      person: id,
    })
    // The second finds what the first has done, and is not who did it.
    await run(reversal('m4'))
    await run(reversal('m5'))
    await run(settleAsk('rest', bill('E2', 5_000n)))
    const rows = await posted.posted(filter)
    expect(rows.map(({ kind, infno, msgid }) => [kind, infno, msgid])).toEqual([
      ['settlement', '2207', 'm1'],
      ['settlement', '2207', 'm2'],
      ['cancellation', '2208', 'm3'],
      ['reversal', '2601', 'm4'],
      ['settlement', undefined, undefined],
    ])
    expect(rows[1]).toMatchObject({
      id: second.id,
      settlement: second.settlement,
      person: id,
      scheme: 'resident',
      care: 'outpatient',
      homeRegion: '510100',
      day,
      postedAt: second.postedAt,
      total: 20_000n,
      fundTotal: second.content.fundTotal,
      account: 0n,
      cash: second.content.cash,
    })
  })

  it('tell who asked for each, and nothing of a row that nobody has', async () => {
    const { person: id } = first.content
    expect(await posted.told(id, first.id)).toEqual({ infno: '2207', msgid: 'm1' })
    expect(await posted.told(id, 'none')).toBeUndefined()
  })

  it('are summed apart from those that undo', async () => {
    const rows = await posted.posted(filter)
    const sums = await posted.sums(filter)
    expect(sums.map(({ undo, rows: count, total }) => [undo, count, total])).toEqual([
      [false, 3, 35_000n],
      [true, 2, 30_000n],
    ])
    for (const name of ['fundTotal', 'account', 'cash'] as const) {
      const standing = rows.filter(({ kind }) => kind === 'settlement')
      expect(sums[0]?.[name]).toBe(standing.reduce((all, row) => all + row[name], 0n))
    }
  })

  it('are those of an institution, some days, schemes and kinds of care', async () => {
    const count = async (more: object) => (await posted.posted({ ...filter, ...more })).length
    expect(await count({ schemes: ['resident'] })).toBe(2)
    expect(await count({ schemes: ['employee'], cares: ['outpatient'] })).toBe(3)
    expect(await count({ cares: ['inpatient'] })).toBe(0)
    expect(await count({ institution: 'H51010000002' })).toBe(0)
    expect(await count({ from: dayAfter(day), until: dayAfter(day) })).toBe(0)
    expect(await posted.sums({ ...filter, cares: ['inpatient'] })).toEqual([])
  })

  it('of a person come with whole chains, the newest first', async () => {
    const { id } = person('E1').person
    const later = await settle('m6', 'E1', 1_000n)
    const rows = await posted.ofPerson(id)
    expect(rows.map((row) => [row.settlement, row.kind])).toEqual([
      [later.settlement, 'settlement'],
      [first.settlement, 'settlement'],
      [first.settlement, 'cancellation'],
    ])
    expect(rows[1]).toEqual(first)
    expect(await posted.ofPerson(id, { until: parseDay('2026-03-01') })).toEqual([])
    expect(await posted.ofPerson(id, { from: day, until: day })).toHaveLength(3)
  })
})

describe('what is kept', () => {
  const owner = `institution:${hospital}`
  const enter = async (msgid: string, name: string, kind: string): Promise<void> => {
    const subject: Subject = { owner, name }
    await run({
      kind: 'enter',
      key: wireKey('9001', msgid),
      institution: hospital,
      owner,
      subjects: [subject],
      enter: () => ({ entries: [{ subject, kind, body: { said: '演示' } }] }),
    })
  }

  it('is read in the order in which it was entered, and listed by the beginning of its name', async () => {
    await enter('s1', 'sign-in 1', 'began')
    await enter('s2', 'sign-in 1', 'ended')
    await enter('s3', 'sign-in 2', 'began')
    await enter('s4', 'mapping X', 'made')
    const kept = await dossiers.read({ owner, name: 'sign-in 1' })
    expect(kept.map(({ version, kind }) => [version, kind])).toEqual([
      [1, 'began'],
      [2, 'ended'],
    ])
    expect(kept[0]).toMatchObject({ institution: hospital, body: { said: '演示' } })
    const listed = await dossiers.list(owner, 'sign-in ')
    expect([...listed.keys()]).toEqual(['sign-in 1', 'sign-in 2'])
    expect(listed.get('sign-in 1')).toEqual(kept)
    expect(await dossiers.read({ owner, name: 'sign-in 3' })).toEqual([])
    expect(await dossiers.list('institution:H2', '')).toEqual(new Map())
  })

  it('stands encrypted', async () => {
    const { rows } = await world.pool.query<{ body: Buffer }>('select body from dossier_entry')
    expect(rows).toHaveLength(4)
    for (const { body } of rows) expect(body.includes('演示')).toBe(false)
  })
})
