import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { approveAdvance, askAdvance } from '../../engine/advance.ts'
import type { Clearable } from '../../engine/clearing.ts'
import { usualClearingPolicy } from '../../engine/clearingPolicy.ts'
import { subjectKey } from '../../engine/dossier.ts'
import { closeYear, finalChain } from '../../engine/finalRun.ts'
import { acceptRun, institutionChain } from '../../engine/institutionRun.ts'
import { type StepAsked, stepRun } from '../../engine/institutionSteps.ts'
import { type RunStep, runStepNames, runSubject, type Stages } from '../../engine/runStages.ts'
import { ClearingBooks } from './support/clearing.ts'
import { day } from './support/packs.ts'

const institution = 'H1'
const region = '510100'

/** What is kept and booked of one institution, step by step. */
class Desk extends ClearingBooks {
  #ids = 0

  accept(id: string, due: bigint, window = '2026-03'): string {
    const chain = institutionChain(institution, 'inpatient')
    const rows = due === 0n ? [] : [{ due, in: 'x', undo: due < 0n } as unknown as Clearable]
    const seen = this.dossiers.get(subjectKey(chain))?.length ?? 0
    const until = day(`${window}-28`)
    return this.take(
      acceptRun(this.found(), {
        chain,
        seen,
        window: { name: window, until },
        region,
        institution,
        category: 'inpatient',
        run: id,
        rows: rows.map((row) => ({ ...row, total: 0n, fundTotal: 0n, account: 0n })),
        operator: 'op1',
      }),
    )
  }
  step(id: string, step: RunStep, more: Partial<StepAsked> = {}): string {
    const kind = id.startsWith('F') ? 'final' : 'institution'
    const run = { id, institution, region, kind } as const
    const posting = `p${++this.#ids}`
    const asked = { run, step, operator: step === 'approval' || step === 'payment' ? 'op2' : 'op1' }
    return this.take(stepRun(this.found(), { ...asked, posting, ...more }, usualClearingPolicy))
  }
  closeYear(year: string): string {
    const chain = finalChain(institution)
    const seen = this.dossiers.get(subjectKey(chain))?.length ?? 0
    const window = { name: year, until: day(`${year}-12-31`) }
    const taken = new Set(this.written.flatMap((one) => one.taken ?? []).map((one) => one.run))
    const runs = this.written.flatMap(({ run }) =>
      run?.kind === 'institution' && run.until <= window.until && !taken.has(run.id)
        ? [run.id]
        : [],
    )
    const asked = { chain, seen, window, region, institution, runs, operator: 'op1' }
    return this.take(closeYear(this.found(), { ...asked, run: `F${year}` }))
  }
}

const whole = ['review', 'review-end', 'approval', 'payment-request', 'payment'] as const

describe('a run of an institution', () => {
  test('retains a part by the region’s rate, half up, and pays the rest', () => {
    const desk = new Desk()
    desk.accept('R1', 10_010n)
    for (const step of whole) expect(desk.step('R1', step)).toBe('done')
    expect(desk.balance('payable:H1:retained')).toBe(501n)
    expect(desk.balance('bank:510100')).toBe(9_509n)
    expect(desk.balance('payable:H1:settled')).toBe(-10_010n)
    expect(desk.step('R1', 'payment')).toBe('clearing-state-forbids')
    expect(desk.step('R9', 'review')).toBe('clearing-run-unknown')
  })

  test('that owes more than it is owed pays nothing out: it becomes an advance that the next one pays back', () => {
    const desk = new Desk()
    desk.accept('R1', -300n)
    for (const step of whole) expect(desk.step('R1', step)).toBe('done')
    expect(desk.balance('bank:510100')).toBe(0n)
    expect(desk.balance('advance:H1')).toBe(-300n)
    desk.accept('R2', 1_000n, '2026-04')
    for (const step of whole)
      expect(desk.step('R2', step, step === 'review-end' ? { amount: 0n } : {})).toBe('done')
    expect(desk.balance('bank:510100')).toBe(700n)
    expect(desk.balance('advance:H1')).toBe(0n)
  })

  test('that pays an advance back leaves another that was asked for waiting', () => {
    const desk = new Desk()
    const asked = { institution, region, amount: 500n, operator: 'op1', posting: 'a1' }
    desk.take(askAdvance(desk.found(), asked))
    desk.take(approveAdvance(desk.found(), { ...asked, operator: 'op2' }))
    expect(desk.take(askAdvance(desk.found(), { ...asked, amount: 90n }))).toBe('done')
    desk.accept('R1', 1_000n)
    for (const step of whole) desk.step('R1', step, step === 'review-end' ? { amount: 0n } : {})
    expect(desk.balance('advance:H1')).toBe(0n)
    expect(desk.take(askAdvance(desk.found(), asked))).toBe('approval-pending')
    expect(desk.take(approveAdvance(desk.found(), asked))).toBe('second-person-needed')
    expect(desk.take(approveAdvance(desk.found(), { ...asked, operator: 'op2' }))).toBe('done')
    expect(desk.balance('advance:H1')).toBe(-90n)
  })

  test('of nothing goes through without moving anything', () => {
    const desk = new Desk()
    desk.accept('R1', 0n)
    for (const step of whole) expect(desk.step('R1', step)).toBe('done')
    expect(desk.transfers).toEqual([])
  })

  test('takes its steps as the table says, whatever is tried, and its stages are the ledger’s', () => {
    const amount = fc.bigInt({ min: 0n, max: 1_200n })
    const tried = fc.array(fc.tuple(fc.constantFrom(...runStepNames), amount, fc.boolean()), {
      maxLength: 30,
    })
    fc.assert(
      fc.property(fc.bigInt({ min: -500n, max: 5_000n }), tried, (due, steps) => {
        const desk = new Desk()
        desk.accept('R1', due)
        for (const [step, given, more] of steps) {
          const takes = step === 'difference' && more ? -given : given
          desk.step('R1', step, more || step === 'deduction' ? { amount: takes } : {})
          const kept = desk.dossiers.get(subjectKey(runSubject({ id: 'R1', institution }))) ?? []
          const body: unknown = kept.at(-1)?.body
          const { stages } = body as { readonly stages: Record<keyof Stages, string> }
          for (const stage of ['review', 'deducted', 'retained', 'approved'] as const)
            expect(desk.balance(`payable:H1:${stage}`)).toBe(BigInt(stages[stage]))
          expect(desk.balance('payable:H1:paid')).toBe(0n)
          expect(desk.balance('bank:510100')).toBe(BigInt(stages.paid))
          expect(desk.balance('bank:510100') >= 0n).toBe(true)
          expect(desk.balance('case-difference:510100')).toBe(-BigInt(stages.difference))
          // Nothing of a run is lost: what was owed is in one stage or another.
          const parts = [
            stages.review,
            stages.deducted,
            stages.retained,
            stages.approved,
            stages.drawn,
            stages.paid,
          ]
          expect(parts.reduce((all, each) => all + BigInt(each), 0n)).toBe(
            due + BigInt(stages.difference),
          )
          // And none of it was ever a person's.
          expect(desk.transfers.some((t) => /personal|memo:/.test(t.debit + t.credit))).toBe(false)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('the year of an institution', () => {
  test('is closed once all of its runs are paid, with what they retained', () => {
    const desk = new Desk()
    expect(() => desk.closeYear('2026')).not.toThrow()
    expect(desk.closeYear('2026')).toBe('runs-open')
    desk.accept('R1', 1_000n)
    desk.accept('R2', 2_000n, '2026-04')
    desk.accept('R0', 5_000n, '2027-01')
    for (const step of whole) desk.step('R1', step)
    expect(desk.closeYear('2026')).toBe('runs-open')
    for (const step of whole) desk.step('R2', step)
    expect(desk.closeYear('2026')).toBe('done')
    expect(desk.closeYear('2026')).toBe('window-closed')
    expect(desk.balance('payable:H1:retained')).toBe(0n)
    for (const step of whole) expect(desk.step('F2026', step, { amount: 0n })).toBe('done')
    expect(desk.balance('bank:510100')).toBe(3_000n)
  })

  test('has in the next one what was accepted after it was closed: nothing stays retained for ever', () => {
    const desk = new Desk()
    desk.accept('R1', 1_000n, '2025-11')
    for (const step of whole) desk.step('R1', step)
    expect(desk.closeYear('2025')).toBe('done')
    desk.accept('R2', 2_000n, '2025-12')
    for (const step of whole) desk.step('R2', step)
    expect(desk.balance('payable:H1:retained')).toBe(100n)
    expect(desk.closeYear('2026')).toBe('done')
    expect(desk.balance('payable:H1:retained')).toBe(0n)
    for (const step of whole) expect(desk.step('F2026', step, { amount: 0n })).toBe('done')
    expect(desk.balance('bank:510100')).toBe(950n + 1_900n + 100n)
  })

  test('retains nothing again, as no later year would give it back, and deducts for good', () => {
    const desk = new Desk()
    desk.accept('R1', 1_000n)
    for (const step of whole) desk.step('R1', step, step === 'review-end' ? { amount: 400n } : {})
    expect(desk.closeYear('2026')).toBe('done')
    desk.step('F2026', 'review')
    expect(desk.step('F2026', 'deduction', { amount: 100n })).toBe('done')
    expect(desk.balance('payable:H1:deducted')).toBe(0n)
    expect(desk.balance('deductions:510100')).toBe(100n)
    expect(desk.step('F2026', 'review-end', { amount: 1n })).toBe('clearing-amount-too-large')
    for (const step of whole.slice(1)) expect(desk.step('F2026', step)).toBe('done')
    expect(desk.balance('payable:H1:retained')).toBe(0n)
    expect(desk.balance('bank:510100')).toBe(900n)
  })

  test('reads what is kept of runs that it only knows by their number', () => {
    const desk = new Desk()
    desk.accept('R1', 1_000n)
    desk.dossiers.delete(subjectKey(runSubject({ id: 'R1', institution })))
    expect(() => desk.closeYear('2026')).toThrow(/clearing-run R1/)
  })

  test('is not over before its last day, and not closed while another window is', () => {
    const desk = new Desk()
    expect(desk.closeYear('2027')).toBe('period-not-over')
    desk.accept('R1', 1n)
    const chain = institutionChain(institution, 'inpatient')
    const late = { chain, seen: 0, window: { name: '2026-05', until: day('2026-05-31') } }
    const asked = { ...late, region, institution, category: 'inpatient' as const }
    const told = acceptRun(desk.found(), { ...asked, run: 'R2', rows: [], operator: 'op1' })
    expect(told).toMatchObject({ code: 'window-overtaken' })
  })
})
