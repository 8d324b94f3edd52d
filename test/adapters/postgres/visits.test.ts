import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { createDossiers } from '../../../adapters/postgres/dossiers.ts'
import { claimOf, settledEntry } from '../../../engine/bill.ts'
import { MoreNeeded, type Subject, subjectKey } from '../../../engine/dossier.ts'
import {
  type Authentication,
  authenticated,
  authenticationsSubject,
  openAuthentication,
} from '../../../engine/evidence.ts'
import type { Fen, Quantity, UnitPrice } from '../../../engine/money.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask, BillAsk, EnterAsk } from '../../../engine/ports.ts'
import { isRefusal } from '../../../engine/refusal.ts'
import { readVisit, type Visit, type VisitLine, visitSubject } from '../../../engine/visit.ts'
import { addLines, entered, findVisit, register, removeLines } from '../../../engine/visiting.ts'
import { type RealWorld, realWorld } from './real.ts'
import { claim, crypto, day, settleAsk } from './support.ts'

const hospital = 'H51010000001'
let real: RealWorld
let unlocked: RealWorld

beforeAll(async () => {
  real = await realWorld()
  unlocked = await realWorld({ locks: false, max: 20 })
})
afterAll(() => Promise.all([real.close(), unlocked.close()]))

let keys = 0
const keyOf = () => {
  const key = `v${keys++}`
  return { institution: hospital, key, fingerprint: key, input: '{}' }
}

const line = (id: string, batch: string): VisitLine => ({
  line: {
    id,
    item: 'XC09AAD099A001010100001',
    quantity: 10_000n as Quantity,
    unitPrice: 100_000_000n as UnitPrice,
    amount: 10_000n as Fen,
  },
  batch,
  details: {},
})

const enter = (subject: Subject, make: EnterAsk['enter']): EnterAsk => ({
  kind: 'enter',
  key: keyOf(),
  institution: hospital,
  owner: subject.owner,
  subjects: [subject],
  enter: make,
})

/** A visit of somebody in the sandbox, with what may be asked about it. */
function visitOf(world: RealWorld, who: string, id: string) {
  const { person, citizenNumber } = world.person(who)
  const subject = visitSubject(person.id, id)
  const on = (act: (visit: Visit) => ReturnType<typeof addLines>) =>
    enter(subject, (found) => {
      const visit = findVisit(found, subject, hospital)
      return isRefusal(visit) ? visit : entered(act(visit))
    })
  const bill = (batch: string, total: bigint): BillAsk => ({
    kind: 'bill',
    key: keyOf(),
    institution: hospital,
    person: person.id,
    subjects: [subject],
    claim(found) {
      const visit = findVisit(found, subject, hospital)
      const wanted = { total: total as Fen, batch, interim: false, today: found.today }
      return isRefusal(visit)
        ? visit
        : claimOf(visit, { ...wanted, about: {}, useAccount: true, useFamilyAccount: true })
    },
    enter(found, billed) {
      const visit = findVisit(found, subject, hospital) as Visit
      const told = { batch, interim: false, now: found.now }
      return { entries: settledEntry(visit, billed, told) }
    },
  })
  const registered = (): EnterAsk =>
    enter(subject, () => ({
      entries: [
        register(subject, {
          kind: 'outpatient',
          institution: hospital,
          began: 0,
          day,
          credential: { type: 'citizen-number', number: citizenNumber },
          about: { care: 'outpatient' },
          details: {},
        }),
      ],
    }))
  return {
    subject,
    citizenNumber,
    bill,
    upload: (...lines: VisitLine[]) => on((visit) => addLines(visit, lines)),
    empty: () => on((visit) => removeLines(visit, { of: 'all' })),
    async open(...lines: VisitLine[]): Promise<void> {
      await persist(world, registered())
      await persist(
        world,
        on((visit) => addLines(visit, lines)),
      )
    },
  }
}

const word = (outcome: Outcome | undefined): string =>
  outcome?.kind === 'refused' ? outcome.refusal.code : `${outcome?.kind}`

/** Whoever is told that the server is busy asks again, with the same key. */
async function persist(world: RealWorld, ask: Ask): Promise<Outcome> {
  for (;;) {
    const [outcome] = await world.process.settle([ask])
    if (outcome?.kind !== 'busy') return outcome as Outcome
  }
}

describe('a visit that was registered', () => {
  it('is settled by no claim beside its own lines, nor shown as if it were', async () => {
    const { process, books } = real
    const visit = visitOf(real, 'E1', 'REST')
    await visit.open(line('1', 'B'))
    const asked = claim(visit.citizenNumber, { visit: 'REST', institution: hospital })
    expect(word(await persist(real, settleAsk('whole', asked)))).toBe('visit-kept')
    expect(await process.preview([asked])).toMatchObject([{ refusal: { code: 'visit-kept' } }])
    expect(word(await persist(real, visit.bill('B', 10_000n)))).toBe('settled')
    expect(await checkBooks(books.pool)).toEqual([])
  })

  it('is settled although its claim asks for more, after an earlier bill of the same person', async () => {
    const other = visitSubject(real.person('E2').person.id, 'OTHER')
    for (const id of ['M1', 'M2']) {
      const visit = visitOf(real, 'E2', id)
      await visit.open(line('1', 'B'))
      const bill = visit.bill('B', 10_000n)
      const claimed: BillAsk['claim'] = (found) => {
        if (!found.dossiers.has(subjectKey(other))) throw new MoreNeeded([other])
        return bill.claim(found)
      }
      const asked = { ...bill, claim: claimed }
      expect(await real.process.preview([asked])).toMatchObject([{ kind: 'preview' }])
      expect(word(await persist(real, asked))).toBe('settled')
    }
  })
})

describe('what somebody was authenticated with', () => {
  it('is found among the newest of ever so many', async () => {
    const { person } = real.person('U1')
    const subject = authenticationsSubject(person.id)
    const told: (string | undefined)[] = []
    const openOne = (id: string): EnterAsk =>
      enter(subject, (found) => {
        const { length } = found.dossiers.get(subjectKey(subject)) ?? []
        told.push(String(length))
        const until = found.now + 60_000
        const read: Authentication = {
          id,
          institution: hospital,
          card: 'C1',
          proof: 'reader',
          pin: false,
          at: found.now,
          until,
        }
        return { entries: Array.from({ length: 70 }, () => openAuthentication(person.id, read)) }
      })
    for (const id of ['A1', 'A2', 'A3']) await persist(real, openOne(id))
    const look = enter(subject, (found) => {
      const presented = { person: person.id, institution: hospital }
      const credential = authenticated({ type: 'card', number: 'C1' }, found, presented)
      told.push(credential.authentication)
      return { entries: [] }
    })
    await persist(real, look)
    expect(told).toEqual(['0', '70', '100', 'A3'])
    expect(await checkBooks(real.books.pool)).toEqual([])
  })
})

/** Numbers that look random and are the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides
  }
}

/** Settlements in force of a visit, as the books and as its dossier tell them. */
async function standing({ books: { pool } }: RealWorld, subject: Subject) {
  const visit = readVisit(subject, await createDossiers({ pool, crypto }).read(subject))
  const { rows } = await pool.query<{ settlement_id: string; line_ids: string[] }>(
    `select settlement_id, line_ids from settlement s
     where owner_id = $1 and visit = $2 and kind in ('settlement', 'restoration')
       and not exists (select from settlement u where u.owner_id = s.owner_id and u.undoes = s.id)`,
    [subject.owner, visit?.id],
  )
  const told = [...(visit?.settlements.values() ?? [])].filter(({ inForce }) => inForce)
  const lines = [...(visit?.lines.values() ?? [])].filter((one) => one.settledBy !== undefined)
  return {
    books: rows.map((row) => row.settlement_id).toSorted(),
    visit: told.map(({ id }) => id).toSorted(),
    settledInBooks: rows.flatMap((row) => row.line_ids).toSorted(),
    settledInVisit: lines.map((one) => one.line.id).toSorted(),
  }
}

const written = async ({ books }: RealWorld) =>
  (
    await books.pool.query(
      `select (select count(*) from settlement) as rows, (select count(*) from dossier_entry) as entries,
              (select count(*) from answer where kind <> 'refused') as done`,
    )
  ).rows

describe('everything at once, on visits of a few people', () => {
  it.each([[() => real], [() => unlocked]])(
    'leaves books and visits agreed, and changes nothing when it comes again',
    async (of) => {
      const world = of()
      const roll = dice(7)
      const visits = ['E1', 'E2', 'P1', 'M1', 'E1'].map((who, i) => visitOf(world, who, `S${i}`))
      for (const visit of visits)
        await visit.open(line('1', 'B1'), line('2', 'B1'), line('3', 'B2'))
      const asked: { ask: Ask; owner: string }[] = []
      const settled: string[] = []
      const next = (visit: (typeof visits)[number]): Ask => {
        const original = asked.filter((one) => one.owner === visit.subject.owner).at(-roll(5) - 1)
        const settlement = settled[roll(settled.length + 1)] ?? 'none'
        const undo = { key: keyOf(), institution: hospital }
        const ways: (() => Ask)[] = [
          () => visit.bill('B1', 20_000n),
          () => visit.bill('B2', 10_000n),
          () => visit.empty(),
          () => visit.upload(line('1', 'B1'), line('2', 'B1')),
          () => visit.upload(line('3', 'B2')),
          () => ({ kind: 'cancel', settlement, ...undo }),
          () => ({
            kind: 'reverse',
            original: original?.ask.kind === 'bill' ? original.ask.key : keyOf(),
            person: visit.subject.owner,
            ...undo,
          }),
        ]
        return (ways[roll(ways.length)] as () => Ask)()
      }
      const writer = async (): Promise<void> => {
        for (let i = 0; i < 30; i++) {
          const visit = visits[roll(visits.length)] as (typeof visits)[number]
          const ask = next(visit)
          asked.push({ ask, owner: visit.subject.owner })
          const outcome = await persist(world, ask)
          if (outcome.kind === 'settled') settled.push(outcome.row.settlement)
        }
      }
      await Promise.all(Array.from({ length: 8 }, writer))
      expect(settled.length).toBeGreaterThan(10)
      for (const { subject } of visits) {
        const { books, visit, settledInBooks, settledInVisit } = await standing(world, subject)
        expect(books).toEqual(visit)
        expect(settledInBooks).toEqual(settledInVisit)
      }
      expect(await checkBooks(world.books.pool)).toEqual([])
      const before = await written(world)
      for (const { ask } of asked)
        if (ask.kind === 'bill' || ask.kind === 'enter') await persist(world, ask)
      expect(await written(world)).toEqual(before)
    },
    60_000,
  )
})
