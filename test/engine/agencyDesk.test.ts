import { describe, expect, test } from 'vitest'
import { type DeskCase, caseSubject } from '../../engine/deskCase.ts'
import type { Fen } from '../../engine/money.ts'
import type { Ask, Outcome } from '../../engine/ports.ts'
import { fundsWrittenOff, partsOf, recoveryFormOf } from '../../engine/recovery.ts'
import { refuse } from '../../engine/refusal.ts'
import {
  type Agency,
  bankSays,
  endOf,
  enterAnew,
  enterDebt,
  enterPaper,
  openAgency,
  orderOf,
  paperForm,
  repaymentOf,
  reviewOf,
  setOffOf,
  writeOffEnd,
  writeOffOf,
} from './support/agency.ts'
import { hospital, settle, words } from './support/desk.ts'
import { day } from './support/packs.ts'
import { line, yuan } from './support/world.ts'

const first = async (at: Agency, ask: Ask): Promise<Outcome> => (await at.submit(ask))[0] as Outcome
const word = async (at: Agency, ask: Ask): Promise<string> => words(await at.submit(ask))[0] ?? ''
const caseOf = (at: Agency, id: string): DeskCase => {
  const found = at.casesOf().find((one) => one.id === id)
  if (!found) throw new Error(`no case ${id}`)
  return found
}
let invoices = 0
const invoice = () => ({ issuer: 'I', number: String(++invoices) })

/** A paper bill entered by 甲 and reviewed by 乙. */
async function reviewed(at: Agency, amount: string, owner = 'P1'): Promise<DeskCase> {
  const { id, ask } = enterPaper(at, owner, '甲', (of) => paperForm(of, amount, [invoice()]))
  await at.submit(ask)
  await at.submit(await reviewOf(at, caseOf(at, id), 'review', '乙'))
  return caseOf(at, id)
}

/** A settlement of P1 in the hospital, and what it came to. */
async function direct(at: Agency, key: string, more: object = {}, amount = '300.00') {
  const on = { day: day('2026-03-02') }
  const told = await first(at, settle(key, 0, { care: 'outpatient', ...on, ...more }, amount))
  if (told.kind !== 'settled') throw new Error(JSON.stringify(told.kind))
  return told.row
}

const anew = (
  at: Agency,
  settlement: string,
  care: 'outpatient' | 'emergency',
  more: object = {},
) =>
  enterAnew(at, 'P1', '甲', {
    settlement,
    cause: 'certification-late',
    about: { care },
    institution: hospital,
    ...more,
  })

async function settledAnew(at: Agency, settlement: string, care: 'outpatient' | 'emergency') {
  const { id, ask } = anew(at, settlement, care)
  await at.submit(ask)
  await at.submit(await reviewOf(at, caseOf(at, id), 'review', '乙'))
  return caseOf(at, id)
}

describe('a paper bill', () => {
  test('(300.00 - 100.00) × 50 % is owed to the person once two people have dealt with it, and paid by a third', async () => {
    const at = openAgency()
    const of = await reviewed(at, '300.00')
    expect(of).toMatchObject({ state: 'settled', due: yuan('100.00'), hands: ['甲', '乙'] })
    const legs = at.books.transfers.get(of.settlement ?? '')
    expect(legs?.map(({ kind, credit, amount }) => [kind, credit, amount])).toEqual([
      ['fund', 'owed:510100:person:P1', yuan('100.00')],
      ['cash', 'memo:window:unlisted', yuan('200.00')],
      ['advance', 'memo:window:unlisted', yuan('100.00')],
    ])
    expect(await word(at, orderOf(at, of, ' 乙 '))).toBe('second-person-needed')
    expect(await word(at, orderOf(at, of, '丙'))).toBe(`entered ${of.subject.name}`)
    const ordered = caseOf(at, of.id)
    expect(await word(at, bankSays(at, ordered, 'returned'))).toContain('entered')
    expect(caseOf(at, of.id).state).toBe('returned')
    // The bank says it again, and what it says is not under way any more.
    await at.submit(bankSays(at, ordered, 'returned'))
    expect(await word(at, bankSays(at, ordered, 'paid'))).toBe('case-unknown')
    await at.submit(orderOf(at, caseOf(at, of.id), '丙'))
    expect(await word(at, bankSays(at, caseOf(at, of.id), 'paid'))).toBe('moved movement')
    expect(caseOf(at, of.id)).toMatchObject({ state: 'paid', paid: yuan('100.00') })
  })

  test('that no fund pays anything of is closed at once', async () => {
    expect(await reviewed(openAgency(), '90.00')).toMatchObject({ state: 'closed', due: 0n })
  })

  test('is not paid without a bank account, and not to the dead', async () => {
    const at = openAgency()
    at.books.identities.set('P2', { name: '演示', citizenNumber: '510199198110101114' })
    const of = await reviewed(at, '300.00', 'P2')
    expect(await word(at, orderOf(at, of, '丙'))).toBe('bank-account-missing')
    const [number, person] = [...at.books.people][0] as [string, never]
    at.books.people.set(number, { ...(person as object), died: day('2026-03-01') } as never)
    const { ask } = enterPaper(at, 'P1', '甲', (of) => paperForm(of, '300.00', [invoice()]))
    expect(await word(at, ask)).toBe('person-deceased')
  })

  test('of nobody, of a place on no map, of an agency elsewhere, or wrong in itself is refused', async () => {
    const at = openAgency()
    const enter = async (change: (form: ReturnType<typeof paperForm>) => object, owner = 'P1') => {
      const { ask } = enterPaper(at, owner, '甲', (of) => {
        const form = paperForm(of, '300.00', [invoice()])
        return { ...form, ...change(form) }
      })
      return word(at, ask)
    }
    const changed =
      (more: object, paper: object = {}) =>
      ({ claim }: ReturnType<typeof paperForm>) => ({
        claim: { ...claim, ...more, paper: { ...claim.paper, ...paper } },
      })
    expect(await enter(() => ({}), 'P9')).toBe('person-unknown')
    const nowhere = { institution: { ...hospital, code: 'unlisted', division: '530199' } }
    expect(await enter(changed({}, nowhere))).toBe('division-unknown')
    expect(await enter(changed({}, { ...nowhere, province: '530000' }))).toContain('entered')
    expect(await enter(changed({}, { region: '440100' }))).toBe('institution-unknown')
    expect(await enter(changed({ total: 1n as Fen }))).toBe('total-mismatch')
    expect(await enter(changed({ scheme: 'resident' }))).toBe('not-insured')
    expect(await enter(changed({ care: 'inpatient' }))).toBe('no-rule-for-care')
  })

  test('above 500.00 needs a third person, and suspects need somebody who looked', async () => {
    const at = openAgency()
    const suspicious = { ...at, agency: { ...at.agency, sameTotals: async () => ['S1'] } }
    const { id, ask } = enterPaper(at, 'P1', '甲', (of) => paperForm(of, '600.00', [invoice()]))
    await at.submit(ask)
    const review = async (who: Agency, by: string, act: 'review' | 'approval', checked = false) => {
      const asked = { of: caseOf(at, id), act, by, region: '510100', key: at.key(), checked }
      const { askReview } = await import('../../adapters/http/caseAsk.ts')
      return word(at, await askReview(who.agency, asked))
    }
    expect(await review(suspicious, '乙', 'review')).toBe('suspects-unchecked')
    expect(await review(suspicious, '乙', 'review', true)).toContain('entered')
    expect(await review(suspicious, '乙', 'approval', true)).toBe('second-person-needed')
    expect(await review(suspicious, '丙', 'approval')).toBe('suspects-unchecked')
    expect(await review(suspicious, '丙', 'approval', true)).toBe('25000')
  })

  test('is not settled by a first review where a second is due, whoever asks for it so', async () => {
    const at = openAgency()
    const { id, ask } = enterPaper(at, 'P1', '甲', (of) => paperForm(of, '600.00', [invoice()]))
    await at.submit(ask)
    const small = { ...caseOf(at, id), approval: false }
    expect(await word(at, await reviewOf(at, small, 'review', '乙'))).toBe('case-state-forbids')
  })

  test('lets go of its invoices where it is refused or withdrawn', async () => {
    const at = openAgency()
    const one = [invoice()]
    const enter = () => enterPaper(at, 'P2', '甲', (of) => paperForm(of, '300.00', one))
    const { id, ask } = enter()
    await at.submit(ask)
    expect(await word(at, enter().ask)).toBe('invoice-already-used')
    await at.submit(endOf(at, caseOf(at, id), 'refusal', '乙'))
    const again = enter()
    expect(await word(at, again.ask)).toContain('entered')
    await at.submit(endOf(at, caseOf(at, again.id), 'withdrawal', '甲'))
    expect(await word(at, enter().ask)).toContain('entered')
  })
})

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
})

describe('a recovery', () => {
  const debt = async (at: Agency, amount: string, more: object = {}, key = 's') => {
    const row = await direct(at, key)
    const { id, ask } = enterDebt(at, 'P1', '甲', {
      settlement: row.id,
      debtor: { kind: 'person' },
      amount: yuan(amount),
      reason: 'overpaid',
      ...more,
    })
    await at.submit(ask)
    await at.submit(await reviewOf(at, caseOf(at, id), 'review', '乙'))
    return { row, of: caseOf(at, id) }
  }

  test('comes back by instalments, by set-off, and the rest is written off by two', async () => {
    const at = openAgency()
    const { row, of } = await debt(at, '90.00')
    expect(of).toMatchObject({ state: 'open', left: yuan('90.00') })
    expect(await word(at, repaymentOf(at, of, '丙', yuan('30.00')))).toBe('moved movement')
    expect(await word(at, repaymentOf(at, of, '丙', yuan('60.01')))).toBe('recovery-too-large')
    const paying = await reviewed(at, '300.00')
    const setOff = (amount: string) =>
      word(at, setOffOf(at, caseOf(at, of.id), '丙', yuan(amount), paying.subject))
    expect(await setOff('40.00')).toBe('moved movement')
    expect(caseOf(at, paying.id)).toMatchObject({ state: 'settled', paid: yuan('40.00') })
    expect(await word(at, writeOffOf(at, of, '丙', yuan('20.01')))).toBe('recovery-too-large')
    expect(await word(at, writeOffOf(at, of, '丙', yuan('20.00')))).toContain('entered')
    expect(await word(at, writeOffOf(at, of, '丁', yuan('0.01')))).toBe('recovery-too-large')
    expect(await word(at, writeOffEnd(at, caseOf(at, of.id), '丙', true))).toBe(
      'second-person-needed',
    )
    const stale = {
      ...caseOf(at, of.id),
      writeOff: { by: '丙', amount: yuan('10.00'), reason: '' },
    }
    expect(await word(at, writeOffEnd(at, stale, '丁', true))).toBe('case-state-forbids')
    expect(await word(at, writeOffEnd(at, caseOf(at, of.id), '丁', false))).toContain('entered')
    await at.submit(writeOffOf(at, of, '丙', yuan('20.00')))
    expect(fundsWrittenOff(caseOf(at, of.id))).toEqual([{ fund: 'pool', amount: yuan('20.00') }])
    expect(await word(at, writeOffEnd(at, caseOf(at, of.id), '丁', true))).toBe('moved movement')
    expect(caseOf(at, of.id)).toMatchObject({ state: 'closed', left: 0n })
    expect(await word(at, repaymentOf(at, of, '丙', yuan('1.00')))).toBe('case-state-forbids')
    expect(await word(at, writeOffEnd(at, caseOf(at, of.id), '丁', true))).toBe(
      'case-state-forbids',
    )
    const cancel = { kind: 'cancel', settlement: row.id, institution: hospital.code } as const
    const key = { institution: hospital.code, key: 'c', fingerprint: 'c', input: '' }
    expect(await word(at, { ...cancel, key })).toBe('recovery-stands')
    const original = { institution: hospital.code, key: 's' }
    const reversal = {
      kind: 'reverse',
      institution: hospital.code,
      original,
      person: 'P1',
    } as const
    expect(await word(at, { ...reversal, key: { ...key, key: 'r' } })).toBe('recovery-stands')
    const asked = anew(at, row.id, 'emergency')
    await at.submit(asked.ask)
    expect(await word(at, await reviewOf(at, caseOf(at, asked.id), 'review', '乙'))).toBe(
      'recovery-stands',
    )
  })

  test('a write-off that waits is not asked for again, and none is refused that was not asked for', async () => {
    const at = openAgency()
    const { of } = await debt(at, '90.00')
    expect(await word(at, writeOffEnd(at, of, '丁', false))).toBe('case-state-forbids')
    await at.submit(writeOffOf(at, of, '丙', yuan('20.00')))
    expect(await word(at, writeOffOf(at, of, '丁', yuan('20.00')))).toBe('case-state-forbids')
  })

  test('set off in full closes the case that was to be paid; another debtor’s is not set off', async () => {
    const at = openAgency()
    const { of } = await debt(at, '100.00')
    const paying = await reviewed(at, '102.00')
    const rest = paying.due
    expect(await word(at, setOffOf(at, of, '丙', (rest + 1n) as Fen, paying.subject))).toBe(
      'recovery-too-large',
    )
    expect(await word(at, setOffOf(at, of, '丙', yuan('100.01'), paying.subject))).toBe(
      'recovery-too-large',
    )
    expect(await word(at, setOffOf(at, of, '丙', rest, paying.subject))).toBe('moved movement')
    expect(caseOf(at, paying.id)).toMatchObject({ state: 'closed' })
    expect(await word(at, setOffOf(at, of, '丙', yuan('1.00'), paying.subject))).toBe(
      'case-state-forbids',
    )
    const nobody = caseSubject('P1', 'reimbursement', 'C0')
    expect(await word(at, setOffOf(at, of, '丙', yuan('1.00'), nobody))).toBe('case-unknown')
    const theirs = await debt(at, '10.00', { debtor: { kind: 'institution' } }, 't')
    const more = await reviewed(at, '300.00')
    expect(await word(at, setOffOf(at, theirs.of, '丙', yuan('1.00'), more.subject))).toBe(
      'set-off-not-allowed',
    )
  })

  test('of a settlement of another region, of one that is undone, or of an agency elsewhere is refused', async () => {
    const at = openAgency()
    const row = await direct(at, 's')
    const form = {
      settlement: row.id,
      debtor: { kind: 'employer', employer: 'E1' },
      amount: yuan('10.00'),
      reason: 'employer-liable',
    } as const
    const { id, ask } = enterDebt(at, 'P1', '甲', form)
    await at.submit(ask)
    expect(recoveryFormOf(caseOf(at, id)).party).toBe('employer:E1')
    const ended = endOf(at, caseOf(at, id), 'withdrawal', '甲')
    await at.submit(ended)
    const second = enterDebt(at, 'P1', '甲', form)
    await at.submit(second.ask)
    const nothing = enterDebt(at, 'P1', '甲', { ...form, amount: 0n as Fen })
    expect(await word(at, nothing.ask)).toBe('recovery-too-large')
    const one = caseOf(at, second.id)
    const review = await reviewOf(at, one, 'review', '乙')
    const before = at.books.rows.length
    at.books.rows.push({ ...row, id: 'undone', kind: 'cancellation', sequence: 2, undoes: row.id })
    expect(await word(at, review)).toBe('already-undone')
    expect(await word(at, enterDebt(at, 'P1', '甲', form).ask)).toBe('already-undone')
    at.books.rows.length = before
    expect(await word(at, await reviewOf(at, one, 'review', '甲'))).toBe('second-person-needed')
  })

  test('is spread over funds in their order, behind what others recover', () => {
    const shares = [
      { fund: 'a', amount: yuan('10.00') },
      { fund: 'b', amount: yuan('20.00') },
    ]
    expect(partsOf(shares, yuan('4.00'), yuan('12.00'))).toEqual([
      { fund: 'a', amount: yuan('6.00') },
      { fund: 'b', amount: yuan('6.00') },
    ])
  })
})
