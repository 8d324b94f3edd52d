import { claimOf, settledEntry } from '../../../engine/bill.ts'
import { type Subject, subjectKey } from '../../../engine/dossier.ts'
import { nothing, parseQuantity, parseUnitPrice, parseYuan } from '../../../engine/money.ts'
import { packageSubject, tellReturn, tellSale } from '../../../engine/packages.ts'
import type { Ask, BillAsk, EnterAsk, Found } from '../../../engine/ports.ts'
import { isRefusal } from '../../../engine/refusal.ts'
import { type Visit, type VisitLine, visitSubject } from '../../../engine/visit.ts'
import { addLines, entered, findVisit, register, removeLines } from '../../../engine/visiting.ts'
import { desk, hospital, keyOf, numbers, words } from './desk.ts'
import { now, today } from './world.ts'

const inFull = { class: 'A', firstSelfPayRate: nothing, funds: ['medical'] } as const

export const line = (id: string, packages?: readonly string[], loose?: boolean): VisitLine => ({
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
export function sale(name: string, { who = 0, lines }: Sale, institution = hospital.code) {
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
    }),
    enter: (found, billed) =>
      on((visit) => ({ entries: settledEntry(visit, billed, { ...wanted, now: found.now }) }))(
        found,
      ),
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
      enter(
        `fill ${name}`,
        on((visit) => entered(addLines(visit, lines))),
      ),
    ],
    empty: enter(
      `empty ${name}`,
      on((visit) => entered(removeLines(visit, { of: 'all' }))),
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

export const tells = (
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

export const returns = (
  key: string,
  codes: readonly string[],
  institution = hospital.code,
): EnterAsk =>
  told(key, codes, ({ dossiers }) => tellReturn(dossiers, codes, institution), institution)

export function shop() {
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
