import { describe, expect, test } from 'vitest'
import { decide } from '../../engine/decide.ts'
import type { Fen } from '../../engine/money.ts'
import { noFacts } from '../../engine/ports.ts'
import { directory } from '../../engine/route.ts'
import {
  type Agency,
  bankSays,
  endOf,
  enterPaper,
  openAgency,
  orderOf,
  paperForm,
  reviewOf,
} from './support/agency.ts'
import { caseOf, invoice, reviewed, word } from './support/agencySteps.ts'
import { hospital, numbers } from './support/desk.ts'
import { day } from './support/packs.ts'
import { yuan } from './support/world.ts'

describe('a paper bill', () => {
  test('(300.00 - 100.00) × 50 % is owed to the person once two people have dealt with it, and paid by a third', async () => {
    const at = openAgency()
    const of = await reviewed(at, '300.00')
    expect(of).toMatchObject({ state: 'settled', due: yuan('100.00'), hands: ['甲', '乙'] })
    const legs = at.books.transfers.get(of.settlement ?? '')
    expect(legs?.map(({ kind, credit, amount }) => [kind, credit, amount])).toEqual([
      ['fund', 'owed:510100:person:P1', yuan('100.00')],
      ['cash', 'memo:window:unlisted', yuan('200.00')],
      ['advanced', 'memo:window:unlisted', yuan('100.00')],
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

  test('is decided where its agency is, and no other region is ever asked about it', async () => {
    const at = openAgency()
    const [number] = numbers
    const person = at.books.people.get(number)
    const { claim } = paperForm('C1', '300.00', [])
    const shown = { ...claim, credential: { type: 'citizen-number', number } } as const
    const facts = { ...noFacts, person }
    expect(decide(shown, facts, at.world)).toMatchObject({ kind: 'settle' })
    const areas = ['510100', '440100'].flatMap((one) => at.world.regions.regionOf(one) ?? [])
    const regions = directory(areas, ['440100'], ['510100'])
    const elsewhere = decide(shown, facts, { ...at.world, regions })
    expect(elsewhere).toMatchObject({ refusal: { code: 'home-region-not-served' } })
  })
})
