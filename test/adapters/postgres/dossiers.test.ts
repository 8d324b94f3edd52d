import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { claimOf, settledEntry } from '../../../engine/bill.ts'
import { subjectKey, type Subject } from '../../../engine/dossier.ts'
import type { Fen, Quantity, UnitPrice } from '../../../engine/money.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask, BillAsk, EnterAsk, Found } from '../../../engine/ports.ts'
import { isRefusal, refuse } from '../../../engine/refusal.ts'
import { type Visit, type VisitLine, visitSubject } from '../../../engine/visit.ts'
import { addLines, entered, findVisit, register, removeLines } from '../../../engine/visiting.ts'
import { type RealWorld, realWorld } from './real.ts'
import { day } from './support.ts'

const hospital = 'H51010000001'
let real: RealWorld
/** Locks only make races rare: what must hold holds without them. */
let unlocked: RealWorld

beforeAll(async () => {
  real = await realWorld()
  unlocked = await realWorld({ locks: false, max: 20 })
})
afterAll(() => Promise.all([real.close(), unlocked.close()]))

let keys = 0
const keyOf = (input = '') => {
  const key = `k${keys++}`
  return { institution: hospital, key, fingerprint: key, input: JSON.stringify({ input }) }
}

const enter = (owner: string, subjects: readonly Subject[], make: EnterAsk['enter']): EnterAsk => ({
  kind: 'enter',
  key: keyOf(),
  institution: hospital,
  owner,
  subjects,
  enter: make,
})

const line = (id: string, batch = 'B'): VisitLine => ({
  line: {
    id,
    item: 'XC09AAD099A001010100001',
    quantity: 10_000n as Quantity,
    unitPrice: 100_000_000n as UnitPrice,
    amount: 10_000n as Fen,
  },
  batch,
  details: { note: '备注' },
})

/** A visit of somebody in the sandbox, with what may be asked about it. */
function visitOf(world: RealWorld, who: string, id: string) {
  const { person, citizenNumber } = world.person(who)
  const subject = visitSubject(person.id, id)
  const on = (act: (visit: Visit) => ReturnType<typeof addLines>) =>
    enter(person.id, [subject], (found) => {
      const visit = findVisit(found, subject, hospital)
      return isRefusal(visit) ? visit : entered(act(visit))
    })
  const wanted = (found: Found, total: bigint) => ({
    total: total as Fen,
    batch: 'B',
    about: {},
    useAccount: true,
    useFamilyAccount: false,
    interim: false,
    today: found.today,
  })
  return {
    subject,
    registered: () =>
      enter(person.id, [subject], () => ({
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
        result: { mdtrt_id: id },
      })),
    upload: (...lines: VisitLine[]) => on((visit) => addLines(visit, lines)),
    empty: () => on((visit) => removeLines(visit, { of: 'all' })),
    bill: (total: bigint): BillAsk => ({
      kind: 'bill',
      key: keyOf(id),
      institution: hospital,
      person: person.id,
      subjects: [subject],
      claim(found) {
        const visit = findVisit(found, subject, hospital)
        return isRefusal(visit) ? visit : claimOf(visit, wanted(found, total))
      },
      enter(found, billed) {
        const visit = findVisit(found, subject, hospital)
        if (isRefusal(visit)) return visit
        const told = { batch: 'B', interim: false, now: found.now }
        return {
          entries: settledEntry(visit, billed, told),
          result: { name: found.facts.identity?.name ?? '' },
        }
      },
    }),
  }
}

const words = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map((o) => (o.kind === 'refused' ? o.refusal.code : o.kind))

describe('a visit on these books', () => {
  it('is entered, previewed, settled once and replayed with what was told', async () => {
    const { process } = real
    const visit = visitOf(real, 'E1', 'A1')
    const upload = visit.upload(line('1'), line('2'))
    expect(words(await process.settle([visit.registered(), upload]))).toEqual([
      'entered',
      'entered',
    ])
    const bill = visit.bill(20_000n)
    const [shown] = await process.preview([bill])
    const [settled] = await process.settle([bill])
    expect(shown).toMatchObject({ kind: 'preview', result: { name: '演示甲' } })
    expect(settled).toMatchObject({ kind: 'settled', result: { name: '演示甲' }, replayed: false })
    expect(await process.settle([bill])).toEqual([{ ...settled, replayed: true }])
    expect(await process.settle([upload])).toMatchObject([{ kind: 'entered', replayed: true }])
    expect(words(await process.settle([visit.upload(line('3'))]))).toEqual([
      'batch-already-settled',
    ])
    const [alike] = await again(real, 'E1', 'A2')
    const row = settled?.kind === 'settled' ? settled.row : undefined
    expect(alike).toMatchObject({
      row: {
        content: { warnings: [{ code: 'same-bill-settled', facts: { settlements: [row?.id] } }] },
      },
    })
    expect(await checkBooks(real.books.pool)).toEqual([])
  })

  it('gives its lines back when its settlement is cancelled, and takes them when that is reversed', async () => {
    const { process } = real
    const visit = visitOf(real, 'E2', 'C1')
    await process.settle([visit.registered(), visit.upload(line('1'))])
    const [settled] = await process.settle([visit.bill(10_000n)])
    const settlement = settled?.kind === 'settled' ? settled.row.settlement : ''
    const cancelled: Ask = { kind: 'cancel', key: keyOf(), settlement, institution: hospital }
    expect(words(await process.settle([cancelled]))).toEqual(['undone'])
    const { owner } = visit.subject
    const reversal: Ask = {
      kind: 'reverse',
      key: keyOf(),
      institution: hospital,
      original: cancelled.key,
      person: owner,
    }
    expect(words(await process.settle([reversal]))).toEqual(['reversed'])
    expect(words(await process.settle([visit.bill(10_000n)]))).toEqual(['batch-already-settled'])
    expect(await checkBooks(real.books.pool)).toEqual([])
  })

  it('that was only entered is taken back by its key, and known for what it was', async () => {
    const { process } = real
    const visit = visitOf(real, 'C1', 'T1')
    const registered = visit.registered()
    await process.settle([registered])
    const seen: string[] = []
    const reversal = (matches: boolean): Ask => ({
      kind: 'reverse',
      key: keyOf(),
      institution: hospital,
      original: registered.key,
      person: visit.subject.owner,
      matches: (input) => input === registered.key.input && matches,
      takeBack(found, subject) {
        seen.push(subject, ...found.dossiers.keys())
        return { entries: [{ subject: visit.subject, kind: 'cancelled', body: {} }] }
      },
    })
    expect(words(await process.settle([reversal(false)]))).toEqual(['original-differs'])
    expect(words(await process.settle([reversal(true)]))).toEqual(['reversed'])
    expect(seen).toEqual([visit.subject.name, subjectKey(visit.subject)])
    expect(words(await process.settle([visit.upload(line('1'))]))).toEqual(['visit-cancelled'])
  })

  it('of nobody, or of an institution that nobody knows, stores nothing', async () => {
    const { process } = real
    const stranger = enter('nobody', [visitSubject('nobody', 'X')], () => ({ entries: [] }))
    const elsewhere = { ...visitOf(real, 'E1', 'X').registered(), institution: 'H99999999999' }
    const other = enter('institution:H51010000002', [], () => ({ entries: [] }))
    expect(words(await process.settle([stranger, elsewhere, other]))).toEqual([
      'person-unknown',
      'institution-unknown',
      'person-unknown',
    ])
  })
})

async function again(world: RealWorld, who: string, id: string): Promise<Outcome[]> {
  const visit = visitOf(world, who, id)
  await world.process.settle([visit.registered(), visit.upload(line('1'), line('2'))])
  return world.process.settle([visit.bill(20_000n)])
}

describe('what is kept', () => {
  it('is the institution’s own, and a changed person has a new version', async () => {
    const { process, books } = real
    const session = { owner: `institution:${hospital}`, name: 'session 1' }
    const { person } = real.person('U1')
    const filing = enter(person.id, [{ owner: person.id, name: 'filing 1' }], ({ facts }) =>
      facts.person
        ? { entries: [], person: { ...facts.person, civilServant: true } }
        : refuse('person-unknown'),
    )
    const signIn = enter(session.owner, [session], () => ({
      entries: [{ subject: session, kind: 'opened', body: {} }],
    }))
    expect(words(await process.settle([signIn, filing]))).toEqual(['entered', 'entered'])
    expect((await books.register.findPerson(person.id))?.person.civilServant).toBe(true)
    const { rows } = await books.pool.query(
      'select version, document from person_version where owner_id = $1 order by version desc',
      [person.id],
    )
    expect(rows[0]).toMatchObject({ version: 2n, document: { civilServant: true } })
  })

  it('is written only to subjects that were named', async () => {
    const { process } = real
    const { id } = real.person('E1').person
    const slip = enter(id, [{ owner: id, name: 'a' }], () => ({
      entries: [{ subject: { owner: id, name: 'b' }, kind: 'x', body: {} }],
    }))
    await expect(process.settle([slip])).rejects.toThrow('was read')
  })

  it('changes a person once, however many at a time want to', async () => {
    const { person } = unlocked.person('M1')
    const filings = Array.from({ length: 12 }, (_, i) =>
      enter(person.id, [{ owner: person.id, name: `filing ${i}` }], ({ facts }) => ({
        entries: [],
        person: {
          ...person,
          identities: [...(facts.person?.identities ?? []), { kind: `k${i}`, from: day }],
        },
      })),
    )
    const outcomes = await Promise.all(filings.map((one) => persist(unlocked, one)))
    expect(new Set(words(outcomes))).toEqual(new Set(['entered']))
    const kept = (await unlocked.books.register.findPerson(person.id))?.person.identities
    expect(kept).toHaveLength(12)
  })
})

/** Whoever is told that the server is busy asks again, with the same key. */
async function persist(world: RealWorld, ask: Ask): Promise<Outcome> {
  for (;;) {
    const [outcome] = await world.process.settle([ask])
    if (outcome?.kind !== 'busy') return outcome as Outcome
  }
}

describe('many at once on one visit', () => {
  it.each([() => real, () => unlocked])(
    'settle it once, whatever is taken back meanwhile',
    async (of) => {
      const world = of()
      for (let round = 0; round < 8; round++) {
        const visit = visitOf(world, 'P1', `R${round}`)
        await persist(world, visit.registered())
        await persist(world, visit.upload(line('1')))
        const asks = [
          ...Array.from({ length: 4 }, () => visit.bill(10_000n)),
          visit.empty(),
          visit.upload(line('2', 'B2')),
        ]
        const outcomes = await Promise.all(asks.map((ask) => persist(world, ask)))
        const bills = outcomes.slice(0, 4).filter(({ kind }) => kind === 'settled')
        const taken = outcomes[4]?.kind === 'entered'
        expect(bills.length).toBeLessThanOrEqual(1)
        expect(bills.length === 1 || taken).toBe(true)
      }
      expect(await checkBooks(world.books.pool)).toEqual([])
    },
  )
})
