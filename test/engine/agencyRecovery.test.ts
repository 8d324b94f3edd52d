import { describe, expect, test } from 'vitest'
import { caseSubject } from '../../engine/deskCase.ts'
import type { Fen } from '../../engine/money.ts'
import { fundsWrittenOff, partsOf, recoveryFormOf } from '../../engine/recovery.ts'
import { type Agency, endOf, enterDebt, openAgency, reviewOf } from './support/agency.ts'
import { repaymentOf, setOffOf, writeOffEnd, writeOffOf } from './support/agencyDebts.ts'
import { anew, caseOf, direct, reviewed, word } from './support/agencySteps.ts'
import { hospital } from './support/desk.ts'
import { yuan } from './support/world.ts'

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
