import { describe, expect, test } from 'vitest'
import { claimOf, settledEntry } from '../../engine/bill.ts'
import { type Subject, subjectKey } from '../../engine/dossier.ts'
import { nothing, parseQuantity, parseUnitPrice, parseYuan } from '../../engine/money.ts'
import { packageSubject, tellReturn, tellSale } from '../../engine/packages.ts'
import type { Ask, BillAsk, EnterAsk, Found } from '../../engine/ports.ts'
import { isRefusal } from '../../engine/refusal.ts'
import { type Visit, type VisitLine, visitSubject } from '../../engine/visit.ts'
import { addLines, entered, findVisit, register, removeLines } from '../../engine/visiting.ts'
import { cancel, desk, hospital, keyOf, numbers, reverse, words } from './support/desk.ts'
import { now, today } from './support/world.ts'

const inFull = { class: 'A', firstSelfPayRate: nothing, funds: ['medical'] } as const

const line = (id: string, packages?: readonly string[], loose?: boolean): VisitLine => ({
  line: {
    id,
    item: 'X1',
    quantity: parseQuantity('1'),
    unitPrice: parseUnitPrice('500'),
    amount: parseYuan('500.00'),
    packages,
    loose,
  },
  details: {},
})

interface Sale {
  readonly who?: 0 | 1 | 2
  readonly lines: readonly VisitLine[]
}

const keyAt = (institution: string, key: string) => ({ ...keyOf(key), institution })

/** Registers, fills and settles a visit as three messages: its bill does not know what its lines sell. */
function sale(name: string, { who = 0, lines }: Sale, institution = hospital.code) {
  const person = `P${who + 1}`
  const subject = visitSubject(person, name)
  const enter = (key: string, make: EnterAsk['enter']): EnterAsk => ({
    kind: 'enter',
    key: keyAt(institution, key),
    institution,
    owner: person,
    subjects: [subject],
    enter: make,
  })
  const wanted = {
    total: parseYuan(`${lines.length * 500}.00`),
    about: {},
    useAccount: false,
    useFamilyAccount: false,
    interim: false,
  }
  const on =
    <T>(act: (visit: Visit, found: Found) => T) =>
    (found: Found) => {
      const visit = findVisit(found, subject, institution)
      return isRefusal(visit) ? visit : act(visit, found)
    }
  const bill: BillAsk = {
    kind: 'bill',
    key: keyAt(institution, `settle ${name}`),
    institution,
    person,
    subjects: [subject],
    claim: on((visit, found) => {
      const made = claimOf(visit, { ...wanted, today: found.today })
      if (isRefusal(made)) return made
      return { ...made, lines: made.lines.map((one) => ({ ...one, classification: inFull })) }
    }) as BillAsk['claim'],
    enter: (found, billed) =>
      on((visit) => ({ entries: settledEntry(visit, billed, { ...wanted, now: found.now }) }))(
        found,
      ) as ReturnType<BillAsk['enter']>,
  }
  return {
    bill,
    upload: [
      enter(`register ${name}`, () => ({
        entries: [
          register(subject, {
            kind: 'outpatient',
            institution,
            began: now,
            day: today,
            credential: { type: 'citizen-number', number: numbers[who] },
            about: { care: 'outpatient' },
            details: {},
          }),
        ],
      })),
      enter(`fill ${name}`, on((visit) => entered(addLines(visit, lines))) as EnterAsk['enter']),
    ],
    empty: enter(
      `empty ${name}`,
      on((visit) => entered(removeLines(visit, { of: 'all' }))) as EnterAsk['enter'],
    ),
  }
}

/** A sale or return that stock keeping tells of, with every package named as the transaction does. */
const told = (
  key: string,
  codes: readonly string[],
  make: (found: Found) => ReturnType<typeof tellSale>,
  institution = hospital.code,
): EnterAsk => {
  const subject: Subject = { owner: `institution:${institution}`, name: `sale ${key}` }
  return {
    kind: 'enter',
    key: keyAt(institution, key),
    institution,
    owner: subject.owner,
    subjects: [subject, ...codes.map(packageSubject)],
    enter(found) {
      const entries = make(found)
      return isRefusal(entries) ? entries : { entries }
    },
  }
}

const tells = (
  key: string,
  codes: readonly string[],
  more: Omit<Parameters<typeof tellSale>[2], 'sale' | 'institution' | 'loose'> & {
    loose?: boolean
  } = {},
  institution = hospital.code,
): EnterAsk =>
  told(
    key,
    codes,
    ({ dossiers }) => tellSale(dossiers, codes, { sale: key, institution, loose: false, ...more }),
    institution,
  )

const returns = (key: string, codes: readonly string[], institution = hospital.code): EnterAsk =>
  told(key, codes, ({ dossiers }) => tellReturn(dossiers, codes, institution), institution)

function shop() {
  const at = desk()
  at.books.institutions.set('H2', { ...hospital, code: 'H2' })
  for (const [i, number] of numbers.entries())
    at.books.identities.set(`P${i + 1}`, { name: 'name', citizenNumber: number })
  const run = async (...asks: Ask[]): Promise<string[]> => words(await at.settle(asks))
  const settlement = (visit: string): string =>
    at.books.rows.findLast((row) => row.content.visit === visit)?.settlement as string
  return {
    ...at,
    run,
    settlement,
    open: async (...sales: ReturnType<typeof sale>[]): Promise<void> => {
      for (const one of sales) for (const ask of one.upload) await at.settle([ask])
    },
    kinds: (code: string) =>
      (at.books.dossiers.get(subjectKey(packageSubject(code))) ?? []).map(({ kind }) => kind),
  }
}

const one = { lines: [line('L1', ['T1', 'T2'])] }

describe('a traced package', () => {
  test('is sold with the bill of its line, given back with its cancellation, and sold again', async () => {
    const at = shop()
    const [first, second] = [sale('V1', one), sale('V2', { ...one, who: 2 })]
    await at.open(first, second)
    expect(await at.preview([first.bill])).toMatchObject([{ kind: 'preview' }])
    expect(await at.run(first.bill)).toEqual(['32000'])
    expect(at.kinds('T1')).toEqual(['settled'])
    expect(await at.preview([second.bill])).toMatchObject([
      { kind: 'refused', refusal: { code: 'package-already-sold', facts: { trace: 'T1' } } },
    ])
    expect(await at.run(second.bill)).toEqual(['package-already-sold'])
    const settlement = at.settlement('V1')
    expect(await at.run(cancel('C1', settlement))).toEqual([`undone ${settlement}`])
    expect(at.kinds('T2')).toEqual(['settled', 'undone'])
    const again = { ...second.bill, key: keyOf('again') }
    expect(await at.run(again)).toEqual(['32000'])
  })

  test('is sold once where two ask for it at once', async () => {
    const at = shop()
    const [first, second] = [sale('V1', one), sale('V2', { ...one, who: 2 })]
    await at.open(first, second)
    expect(await at.run(first.bill, second.bill)).toEqual(['32000', 'package-already-sold'])
  })

  test('is not given back to a sale whose cancellation is reversed after another sold it', async () => {
    const at = shop()
    const [first, second] = [sale('V1', one), sale('V2', { ...one, who: 2 })]
    await at.open(first, second)
    await at.run(first.bill)
    await at.run(cancel('C1', at.settlement('V1')))
    await at.run(second.bill)
    expect(await at.run(reverse('R1', 'C1'))).toEqual(['package-already-sold'])
    await at.run(cancel('C2', at.settlement('V2')))
    expect(await at.run(reverse('R2', 'C1'))).toEqual(['reversed restoration'])
    expect(at.kinds('T1')).toEqual(['settled', 'undone', 'settled', 'undone', 'settled'])
    expect(await at.run(reverse('R3', 'settle V1'))).toEqual(['reversed reversal'])
    expect(at.kinds('T1').at(-1)).toBe('undone')
  })

  test('stands on one line of a bill, except by the piece', async () => {
    const at = shop()
    const twice = sale('V1', { lines: [line('L1', ['T1']), line('L2', ['T1'])] })
    const mixed = sale('V2', { lines: [line('L1', ['T1'], true), line('L2', ['T1'])] })
    const pieces = sale('V3', { lines: [line('L1', ['T1'], true), line('L2', ['T1'], true)] })
    await at.open(twice, mixed, pieces)
    const sold = await at.run(twice.bill)
    expect([...sold, ...(await at.run(mixed.bill)), ...(await at.run(pieces.bill))]).toEqual([
      'package-already-sold',
      'package-already-sold',
      '72000',
    ])
  })

  test('by the piece is sold again by whoever opened it, and by nobody else', async () => {
    const at = shop()
    const pieces = { lines: [line('L1', ['T1'], true)] }
    const first = sale('V1', pieces)
    const second = sale('V2', { ...pieces, who: 2 })
    const whole = sale('V3', { lines: [line('L1', ['T1'])] })
    const other = sale('V4', { ...pieces, who: 2 }, 'H2')
    await at.open(first, second, whole, other)
    expect(await at.run(first.bill)).toEqual(['32000'])
    expect(await at.run(second.bill)).toEqual(['32000'])
    expect(await at.run(whole.bill)).toEqual(['package-already-sold'])
    expect(await at.run(other.bill)).toEqual(['package-already-sold'])
    expect(await at.run(tells('S1', ['T1'], { loose: true }))).toEqual(['entered sale S1'])
    expect(await at.run(tells('S2', ['T1'], { loose: true }))).toEqual(['entered sale S2'])
    expect(await at.run(tells('S3', ['T1']))).toEqual(['package-already-sold'])
  })

  test('that an ask is about although the books cannot tell of it is a bug', async () => {
    const at = shop()
    const first = sale('V1', one)
    await at.open(first)
    const lost = { ...first.bill, also: [packageSubject('T1'), packageSubject('T2')] }
    const { open, look } = at.books
    at.books.open = async (asks) => {
      const session = await open.call(at.books, asks)
      return { ...session, loaded: session.loaded.map((l) => ({ ...l, dossiers: without(l) })) }
    }
    at.books.look = async (asked) =>
      (await look.call(at.books, asked)).map((l) => l && { ...l, dossiers: without(l) })
    expect(await at.run(lost)).toEqual([expect.stringMatching(/^bug /)])
    await expect(at.preview([lost])).rejects.toThrow('not named: trace:T1 package')
  })
})

const without = ({ dossiers }: Pick<Found, 'dossiers'>) =>
  new Map([...dossiers].filter(([subject]) => !subject.startsWith('trace:')))

describe('a sale told by stock keeping', () => {
  test('is that of the settlement it belongs to, whichever comes first', async () => {
    const at = shop()
    const first = sale('V1', one)
    await at.open(first)
    await at.run(first.bill)
    const settlement = at.settlement('V1')
    expect(await at.run(tells('S1', ['T1', 'T1'], { settlement }))).toEqual(['entered sale S1'])
    expect(at.kinds('T1')).toEqual(['settled', 'sold'])
    expect(await at.run(tells('S2', ['T2'], { person: 'P1' }))).toEqual(['entered sale S2'])
    expect(await at.run(tells('S3', ['T3'], { visit: 'V2' }))).toEqual(['entered sale S3'])
    const later = sale('V2', { who: 1, lines: [line('L1', ['T3'])] })
    await at.open(later)
    expect(await at.run(later.bill)).toEqual(['32000'])
  })

  test('of something that was settled for somebody else, elsewhere or not at all is refused', async () => {
    const at = shop()
    const first = sale('V1', one)
    await at.open(first)
    await at.run(first.bill)
    const refused = ['package-already-sold']
    expect(await at.run(tells('S1', ['T1'], { person: 'P2' }))).toEqual(refused)
    expect(await at.run(tells('S2', ['T1'], { visit: 'V9' }))).toEqual(refused)
    expect(await at.run(tells('S3', ['T1'], { settlement: 'R9' }))).toEqual(refused)
    expect(await at.run(tells('S4', ['T1'], { person: 'P1', unsettled: true }))).toEqual(refused)
    expect(await at.run(tells('S5', ['T1'], { person: 'P1' }, 'H2'))).toEqual(refused)
  })

  test('keeps a package from being settled or told again until it is returned', async () => {
    const at = shop()
    const first = sale('V1', one)
    await at.open(first)
    expect(await at.run(tells('S1', ['T1'], { unsettled: true }))).toEqual(['entered sale S1'])
    expect(await at.run(first.bill)).toEqual(['package-already-sold'])
    expect(await at.run(tells('S2', ['T1'], {}, 'H2'))).toEqual(['package-already-sold'])
    expect(await at.run(returns('Q1', ['T1'], 'H2'))).toEqual(['package-not-sold'])
    expect(await at.run(returns('Q2', ['T1']))).toEqual(['entered sale Q2'])
    expect(await at.run(returns('Q3', ['T1']))).toEqual(['package-not-sold'])
    expect(await at.run({ ...first.bill, key: keyOf('again') })).toEqual(['32000'])
  })

  test('of a settlement that was undone keeps nobody from selling, and may still be returned', async () => {
    const at = shop()
    const [first, second] = [sale('V1', one), sale('V2', { ...one, who: 2 })]
    await at.open(first, second)
    await at.run(tells('S1', ['T1'], { visit: 'V1' }))
    await at.run(first.bill)
    await at.run(cancel('C1', at.settlement('V1')))
    expect(await at.run(second.bill)).toEqual(['32000'])
    expect(await at.run(tells('S2', ['T1'], { person: 'P3' }))).toEqual(['entered sale S2'])
    expect(await at.run(returns('Q1', ['T1']))).toEqual(['entered sale Q1'])
    expect(at.kinds('T1').at(-1)).toBe('returned')
  })
})

test('a visit without its lines gives nothing back and takes nothing', async () => {
  const at = shop()
  const first = sale('V1', one)
  await at.open(first)
  await at.run(first.bill)
  await at.run(cancel('C1', at.settlement('V1')))
  await at.run(first.empty)
  expect(await at.run(reverse('R1', 'C1'))).toEqual(['visit-changed'])
})
