import { describe, expect, test } from 'vitest'
import type { Fen } from '../../engine/money.ts'
import type { Ask } from '../../engine/ports.ts'
import { refuse } from '../../engine/refusal.ts'
import { enterAnew, enterDebt, openAgency, orderOf, reviewOf } from './support/agency.ts'
import { anew, caseOf, direct, first, settledAnew, word } from './support/agencySteps.ts'
import { hospital } from './support/desk.ts'
import { day } from './support/packs.ts'
import { line, yuan } from './support/world.ts'

describe('a settlement settled anew', () => {
  test('pays the person what they had paid too much: (300 - 100) × 50 % before, 300 × 90 % after', async () => {
    const at = openAgency()
    const row = await direct(at, 's')
    const later = await direct(at, 'later')
    const of = await settledAnew(at, row.id, 'emergency')
    expect(of).toMatchObject({ state: 'settled', due: yuan('170.00') })
    const legs = at.books.transfers.get(of.settlement ?? '') ?? []
    const credited = legs.map(({ credit, amount }): [string, Fen] => [credit, amount])
    expect(credited).toContainEqual([`payable:${hospital.code}:settled`, yuan('100.00')])
    expect(credited).toContainEqual(['owed:510100:person:P1', yuan('170.00')])
    const settled = of.steps.find(({ kind }) => kind === 'settled')
    expect(settled?.facts).toMatchObject({ affected: [later.id], overrides: [] })
    expect(at.books.rows.map(({ kind }) => kind)).toEqual([
      'settlement',
      'settlement',
      'cancellation',
      'settlement',
    ])
  })

  test('that is settled again takes the place of the case before it', async () => {
    const at = openAgency()
    const one = await settledAnew(at, (await direct(at, 's')).id, 'emergency')
    const two = await settledAnew(at, one.settlement ?? '', 'outpatient')
    expect(two).toMatchObject({ state: 'closed', due: 0n })
    expect(caseOf(at, one.id).state).toBe('superseded')
    // Paid out, it cannot come to less: that is to be recovered.
    const three = await settledAnew(at, two.settlement ?? '', 'emergency')
    await at.submit(orderOf(at, three, '丙'))
    const { ask } = anew(at, three.settlement ?? '', 'outpatient')
    expect(await word(at, ask)).toBe('resettlement-not-possible')
  })

  test('passes over the end of a month and an applied clearing, and says so', async () => {
    const at = openAgency({}, { dayOf: () => day('2026-10-31') })
    const row = await direct(at, 's')
    const { id, ask } = anew(at, row.id, 'emergency')
    await at.submit(ask)
    await at.submit(await reviewOf(at, caseOf(at, id), 'review', '乙'))
    const settled = caseOf(at, id).steps.find(({ kind }) => kind === 'settled')
    expect(settled?.facts).toMatchObject({ overrides: ['month'] })

    const here = openAgency()
    const other = anew(here, (await direct(here, 's')).id, 'emergency')
    await here.submit(other.ask)
    const review = await reviewOf(here, caseOf(here, other.id), 'review', '乙')
    const blocked = () => refuse('period-applied', { period: '202603' })
    await here.submit({ ...review, blocked } as Ask)
    const again = caseOf(here, other.id).steps.find(({ kind }) => kind === 'settled')
    expect(again?.facts).toMatchObject({ overrides: ['period-applied'] })
  })

  test('leaves a receivable where it pays less, known by the number of its case', async () => {
    const at = openAgency()
    const row = await direct(at, 's', { care: 'emergency' })
    const of = await settledAnew(at, row.id, 'outpatient')
    const owed = at.casesOf('recovery').find(({ id }) => id === of.id)
    expect(owed).toMatchObject({ state: 'open', left: yuan('170.00'), hands: ['甲', '乙'] })
    expect(at.books.balances.get('P1')).toBe(yuan('80.00'))
  })

  test('above 500.00 is approved by a third person, also where something is owed', async () => {
    const at = openAgency()
    const row = await direct(at, 's', { care: 'emergency' }, '600.00')
    const { id, ask } = anew(at, row.id, 'outpatient')
    await at.submit(ask)
    await at.submit(await reviewOf(at, caseOf(at, id), 'review', '乙'))
    await at.submit(await reviewOf(at, caseOf(at, id), 'approval', '丙'))
    expect(at.casesOf('recovery')).toMatchObject([{ hands: ['甲', '乙', '丙'], state: 'open' }])
  })

  test('draws on the account anew, and gives back what it drew before', async () => {
    const at = openAgency()
    const row = await direct(at, 's', { useAccount: true })
    expect(at.books.balances.get('P1')).toBe(0n)
    await settledAnew(at, row.id, 'emergency')
    // The person's 30.00 come from the account, and the rest stays in it.
    expect(at.books.balances.get('P1')).toBe(yuan('50.00'))
  })

  test('is classified anew only by the very lines it had', async () => {
    const at = openAgency()
    const row = await direct(at, 's')
    const lines = [line('300.00', { id: 'L1', class: 'C' })]
    expect(await word(at, anew(at, row.id, 'emergency', { lines }).ask)).toContain('entered')
    const other = [line('300.00', { id: 'L9' })]
    expect(await word(at, anew(at, row.id, 'emergency', { lines: other }).ask)).toBe('lines-differ')
    const bad = anew(at, row.id, 'emergency', {
      lines: [line('300.00', { id: 'L1' })],
      about: { care: 'pharmacy' },
    })
    expect(await word(at, bad.ask)).toBe('no-rule-for-care')
  })

  test('is refused where nobody, nothing or no rule is found', async () => {
    const at = openAgency()
    const row = await direct(at, 's')
    expect(await word(at, anew(at, 'nothing', 'emergency').ask)).toBe('settlement-unknown')
    const scheme = { about: { care: 'emergency', scheme: 'resident' } }
    expect(await word(at, anew(at, row.id, 'emergency', scheme).ask)).toBe('not-insured')
    const pharmacy = {
      about: { care: 'pharmacy' },
      lines: [line('300.00', { id: 'L1', item: '001101000010000' })],
    }
    expect(await word(at, anew(at, row.id, 'emergency', pharmacy).ask)).toBe('not-a-pharmacy-item')
    const foreign = enterAnew(at, 'P9', '甲', {
      settlement: row.id,
      cause: 'other',
      about: {},
      institution: hospital,
    })
    expect(await word(at, foreign.ask)).toBe('person-unknown')
    const [number, person] = [...at.books.people][0] as [string, object]
    at.books.people.set(number, { ...person, died: day('2026-03-01') } as never)
    expect(await word(at, anew(at, row.id, 'emergency').ask)).toBe('person-deceased')
  })

  test('is refused where another region keeps its other half, and so is money recovered of it', async () => {
    const at = openAgency()
    const row = await direct(at, 's')
    const content = { ...row.content, side: 'home', reference: 'H1 k1' } as const
    at.books.rows.splice(0, 1, { ...row, content })
    const told = await first(at, anew(at, row.id, 'emergency').ask)
    const refusal = { code: 'resettlement-not-possible', facts: { because: 'other-region' } }
    expect(told).toMatchObject({ kind: 'refused', refusal })
    const debt = enterDebt(at, 'P1', '甲', {
      settlement: row.id,
      debtor: { kind: 'person' },
      amount: yuan('10.00'),
      reason: 'overpaid',
    })
    expect(await first(at, debt.ask)).toMatchObject({ kind: 'refused', refusal })
  })
})
