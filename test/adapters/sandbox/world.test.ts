import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { createClockMark } from '../../../adapters/postgres/clockMark.ts'
import { enterWorld, readWorld, type SandboxWorld } from '../../../adapters/sandbox/world.ts'
import type { Registry } from '../../../adapters/sandbox/needs.ts'
import type { Claim, Credential } from '../../../engine/claim.ts'
import { claim, openWorld, type World } from '../postgres/support.ts'

let books: World
let world: SandboxWorld
let registry: Registry

beforeAll(async () => {
  books = await openWorld()
  world = readWorld('rules')
  registry = {
    ...books.register,
    putCard: (card) => books.register.putCard(card),
    openAccounts: (balances) => books.opening.open(balances),
  }
  await enterWorld(world, registry, 'sandbox')
})
afterAll(() => books.close())

const by = (key: string) => world.people.find((person) => person.key === key)!
const factsBy = async (credential: Credential) => {
  const asked: Claim = { ...claim('x', { institution: 'H51010000001' }), credential }
  return (await books.books.look([asked]))[0]?.facts
}

describe('the sandbox world', () => {
  it('has everybody and everything of its file', () => {
    expect(world.day).toBe('2026-03-02')
    expect(world.people).toHaveLength(25)
    expect(world.institutions).toHaveLength(10)
    expect(world.gateway.paasid).toBe('sandbox')
  })

  it('is found by citizen number, card and e-card, with account, card and hospital', async () => {
    const { person, card, credentials } = by('E1')
    for (const credential of credentials) {
      const facts = await factsBy(credential)
      expect(facts?.person).toEqual(person)
      expect(facts?.balances.get(person.id)).toBe(137_815n)
      expect(facts?.institution?.level).toBe('tertiary')
      if (credential.type === 'citizen-number') expect(facts?.card).toBeUndefined()
      else expect(facts?.card).toMatchObject(card)
    }
  })

  it('lets a child draw on the account of the parent who filed it', async () => {
    const owner = by('E1').person.id
    const child = await factsBy({ type: 'citizen-number', number: by('R2').citizenNumber })
    expect(child?.person?.familyShares).toEqual([{ owner, relation: 'child', from: '2025-01-01' }])
    expect(child?.balances.get(owner)).toBe(137_815n)
  })

  it('knows coverages, benefits, filings and certifications by the words of the engine', () => {
    expect(by('U1').person.benefits).toEqual([
      { kind: 'unemployment', from: '2026-01-01', until: '2026-12-31' },
    ])
    expect(by('P1').person.benefits).toEqual([{ kind: 'pension', from: '2000-10-01' }])
    expect(by('W1').person.coverages.map((c) => c.scheme)).toEqual(['employee', 'workInjury'])
    expect(by('W1').person.injuries[0]).toMatchObject({
      certification: 'WI-2026-0001',
      until: '2027-01-14',
    })
    expect(by('G1').person.filings[0]).toMatchObject({ kind: 'referral', careRegion: '510100' })
    expect(by('S1').person.coverages[0]?.paused).toBe('2026-02-01')
    expect(by('C1').person.civilServant).toBe(true)
    expect(by('X6').card.loss).toEqual({
      kind: 'temporary',
      lapses: Date.parse('2026-03-01T09:00:00+08:00'),
    })
    expect(by('X3').card.loss).toEqual({ kind: 'formal' })
  })

  it('may be entered again and changes nothing', async () => {
    const versions = async () =>
      (
        await books.pool.query(
          'select (select count(*) from person_version) as p, (select count(*) from card_version) as c',
        )
      ).rows[0]
    const before = await versions()
    await enterWorld(world, registry, 'sandbox')
    expect(await versions()).toEqual(before)
    expect(before).toEqual({ p: 25n, c: 25n })
    const [sum] = (
      await books.pool.query('select count(*) as n, sum(amount_fen) as fen from transfer')
    ).rows
    expect(sum).toEqual({
      n: 20n,
      fen: world.people.reduce((all, one) => all + one.balance, 0n).toString(),
    })
    expect(await checkBooks(books.pool)).toEqual([])
  })

  it('keeps no name and no number of a person or card in the clear', async () => {
    const { rows: tables } = await books.pool.query(
      `select tablename as name from pg_tables where schemaname = 'public' and tablename not in ('institution', 'region')`,
    )
    for (const { name } of tables) {
      const { rows } = await books.pool.query(`select t::text as text from ${name} t`)
      const text = rows.map((row) => row.text).join('\n')
      for (const { citizenNumber, name: shown, card } of world.people)
        for (const secret of [citizenNumber, shown, card.serial, card.number])
          expect(text).not.toContain(secret)
    }
  })

  it('has no place outside the sandbox', async () => {
    await expect(enterWorld(world, registry, 'production')).rejects.toThrow(
      /no place in production/,
    )
  })
})

describe('a person', () => {
  it('changed is recorded as a new state beside the old one', async () => {
    const { person, name, citizenNumber, region } = by('L1')
    const died = { ...person, died: world.day }
    expect(await registry.putPerson({ person: died, name, citizenNumber, region })).toEqual({
      created: false,
    })
    const found = await books.register.findPerson(person.id)
    expect(found).toEqual({ person: died, name, citizenNumber, region })
    const { rows } = await books.pool.query(
      'select version from person_version where owner_id = $1 order by 1',
      [person.id],
    )
    expect(rows.map((row) => row.version)).toEqual([1n, 2n])
  })
})

describe('the clock mark', () => {
  it('goes forward only', async () => {
    const mark = createClockMark(books.pool)
    expect(await mark.read()).toBeUndefined()
    await mark.advance(2_000.5)
    await mark.advance(1_000)
    expect(await mark.read()).toBe(2_000)
  })
})
