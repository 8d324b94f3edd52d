import { describe, expect, test } from 'vitest'
import { subjectKey } from '../../engine/dossier.ts'
import { billInvoice, claimInvoices, type Invoice, invoiceSubject } from '../../engine/invoice.ts'
import { keep, reread } from '../../engine/keptJson.ts'
import type { Ask, Row } from '../../engine/ports.ts'
import { readVisit, visitSubject } from '../../engine/visit.ts'
import {
  type Agency,
  agencyPacks,
  enterAnew,
  enterDebt,
  openAgency,
  reviewOf,
} from './support/agency.ts'
import { cancel, hospital, reverse, settle, words } from './support/desk.ts'
import { day, layer, pays, region, rule, rulebooks, scheme } from './support/packs.ts'
import { yuan } from './support/world.ts'

const invoice: Invoice = { issuer: 'H51010000001', number: '7' }
const subject = visitSubject('P1', 'V1')

/** A visit of P1 that is settled, and whose sender told its invoice. */
async function visited(at: Agency, care: 'outpatient' | 'emergency' = 'outpatient'): Promise<Row> {
  const ask = settle('s', 0, { care, day: day('2026-03-02'), visit: 'V1' }, '300.00')
  const [told] = await at.submit(ask)
  if (told?.kind !== 'settled') throw new Error('not settled')
  const entry = (version: number, kind: string, body: unknown) => ({
    version,
    kind,
    body: body as never,
    institution: hospital.code,
    at: 0,
  })
  const line = {
    id: 'L1',
    item: 'I1',
    quantity: '10000',
    unitPrice: '3000000',
    amount: '30000',
    details: {},
  }
  at.books.dossiers.set(subjectKey(subject), [
    entry(1, 'registered', {
      kind: 'outpatient',
      institution: hospital.code,
      began: 0,
      day: '2026-03-02',
      credential: {},
      about: { care: 'outpatient' },
      details: {},
    }),
    entry(2, 'lines', { lines: [line] }),
    entry(3, 'settled', { id: 'S0', lines: [], interim: false, counted: [], settledAt: 0 }),
    entry(4, 'settled', { id: told.row.id, lines: ['L1'], interim: false, invoice, settledAt: 0 }),
  ])
  at.books.dossiers.set(subjectKey(invoiceSubject(invoice)), [
    entry(1, 'billed', { by: told.row.id }),
  ])
  return told.row
}

const visitOf = (at: Agency) => readVisit(subject, at.books.dossiers.get(subjectKey(subject)) ?? [])
const held = (at: Agency) =>
  at.books.dossiers.get(subjectKey(invoiceSubject(invoice)))?.map(({ kind }) => kind)
const word = async (at: Agency, ask: Ask): Promise<string> => words(await at.submit(ask))[0] ?? ''

describe('a visit whose settlement is settled anew', () => {
  test('has the same lines settled, by the settlement that took its place, and its invoice stays used', async () => {
    const at = openAgency()
    const row = await visited(at)
    const form = {
      settlement: row.id,
      cause: 'filing-late',
      about: { care: 'emergency' },
      institution: hospital,
    } as const
    const { id, ask } = enterAnew(at, 'P1', '甲', form)
    await at.submit(ask)
    const of = at.casesOf().find((one) => one.id === id)
    if (!of) throw new Error('no case')
    const [told] = await at.submit(await reviewOf(at, of, 'review', '乙'))
    const anew = told?.kind === 'settled' ? told.row : undefined
    const visit = visitOf(at)
    expect([...(visit?.settlements.values() ?? [])]).toMatchObject([
      { id: 'S0', inForce: true },
      { id: row.id, inForce: false },
      { id: anew?.id, inForce: true, lines: ['L1'], invoice },
    ])
    expect(visit?.lines.get('L1')?.settledBy).toBe(anew?.id)
    expect(anew?.content.visit).toBe('V1')
    expect(held(at)).toEqual(['billed'])
    // The hospital can undo neither what it settled, nor what the agency made of it.
    expect(await word(at, cancel('c1', row.id))).toBe('already-undone')
    expect(await word(at, cancel('c2', anew?.id ?? ''))).toBe('settlement-of-another-institution')
    expect(await word(at, reverse('r1', 's'))).toBe('already-undone')
  })
})

describe('an invoice that a hospital told', () => {
  test('is free once its settlement is undone, and used again where that is restored', async () => {
    const at = openAgency()
    const row = await visited(at)
    expect(await word(at, cancel('c', row.id))).toContain('undone')
    expect(held(at)).toEqual(['billed', 'unbilled'])
    expect(await word(at, reverse('r', 'c'))).toBe('reversed restoration')
    expect(held(at)).toEqual(['billed', 'unbilled', 'billed'])
  })

  test('that was reimbursed meanwhile keeps its settlement undone', async () => {
    const at = openAgency()
    const row = await visited(at)
    await at.submit(cancel('c', row.id))
    const key = subjectKey(invoiceSubject(invoice))
    const kept = at.books.dossiers.get(key) ?? []
    const claimed = claimInvoices(new Map([[key, kept]]), [invoice], 'C1')
    expect(claimed).toMatchObject([{ kind: 'claimed', body: { by: 'C1' } }])
    const entry = {
      version: 3,
      kind: 'claimed',
      body: { by: 'C1' },
      institution: 'agency:510100',
      at: 0,
    }
    at.books.dossiers.set(key, [...kept, entry])
    expect(await word(at, reverse('r', 'c'))).toBe('invoice-already-used')
  })

  test('is shared by settlements, and taken from none that stands', () => {
    const key = subjectKey(invoiceSubject(invoice))
    const entry = (version: number, kind: string, by: string) => ({
      version,
      kind,
      body: { by },
      institution: 'H',
      at: 0,
    })
    const billed = new Map([[key, [entry(1, 'billed', 'S1')]]])
    expect(billInvoice(billed, invoice, 'S2')).toMatchObject([
      { kind: 'billed', body: { by: 'S2' } },
    ])
    expect(billInvoice(billed, invoice, undefined)).toEqual([])
    expect(billInvoice(billed, undefined, 'S2')).toEqual([])
    expect(claimInvoices(billed, [invoice], 'C1')).toMatchObject({ code: 'invoice-already-used' })
    const released = [entry(1, 'claimed', 'C1'), entry(2, 'released', 'C1')]
    expect(claimInvoices(new Map([[key, released]]), [invoice], 'C2')).toHaveLength(1)
    const claimed = new Map([[key, released.slice(0, 1)]])
    expect(billInvoice(claimed, invoice, 'S2')).toMatchObject({ code: 'invoice-already-used' })
  })
})

describe('an agency that is not served here', () => {
  test('enters no resettlement and no recovery', async () => {
    const at = openAgency({ regions: agencyPacks.directory([]) })
    const row = await visited(at)
    const anew = enterAnew(at, 'P1', '甲', {
      settlement: row.id,
      cause: 'other',
      about: {},
      institution: hospital,
    })
    expect(await word(at, anew.ask)).toBe('institution-unknown')
    const debt = enterDebt(at, 'P1', '甲', {
      settlement: row.id,
      debtor: { kind: 'person' },
      amount: yuan('1.00'),
      reason: 'overpaid',
    })
    expect(await word(at, debt.ask)).toBe('institution-unknown')
  })
})

describe('what a hospital bears', () => {
  const priced = rulebooks({
    regions: [region('510100')],
    schemes: [
      scheme([
        rule([layer('hospital', pays('0.1'), { payer: 'hospital' }), layer('pool', pays('0.5'))], {
          care: ['outpatient'],
        }),
        rule([layer('pool', pays('0.9'))], { id: 'emergency', care: ['emergency'] }),
      ]),
    ],
  })

  test('is not changed behind its back', async () => {
    const regions = priced.directory(['510100'])
    const at = openAgency({ rulebooks: priced, regions }, { rulebooks: priced, regions })
    const row = await visited(at)
    expect(row.content.hospitalShare).toBe(yuan('30.00'))
    const { ask } = enterAnew(at, 'P1', '甲', {
      settlement: row.id,
      cause: 'filing-late',
      about: { care: 'emergency' },
      institution: hospital,
    })
    expect(await word(at, ask)).toBe('resettlement-not-possible')
  })
})

test('a value is kept as JSON and read again as it was', () => {
  const value = { a: 12n, b: [1n, { c: null, d: 'n' }], e: { n: 'x', o: true } }
  expect(JSON.stringify(keep(value))).toBe(
    '{"a":{"n":"12"},"b":[{"n":"1"},{"c":null,"d":"n"}],"e":{"n":"x","o":true}}',
  )
  expect(reread(keep(value))).toEqual(value)
  expect(keep({ a: undefined })).toEqual({})
})
