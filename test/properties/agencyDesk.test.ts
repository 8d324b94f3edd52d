import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DeskCase } from '../../engine/deskCase.ts'
import { zero } from '../../engine/money.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Ask } from '../../engine/ports.ts'
import { isEffective } from '../../engine/undo.ts'
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
  reviewOf,
} from '../engine/support/agency.ts'
import { repaymentOf, setOffOf, writeOffEnd, writeOffOf } from '../engine/support/agencyDebts.ts'
import { hospital, numbers, settle } from '../engine/support/desk.ts'
import { yuan } from '../engine/support/world.ts'
import { day } from '../engine/support/packs.ts'
import { checkHands, checkInvoices, checkMoney, checkSums } from './support/agencyChecks.ts'

// Any sequence of steps by random people: nothing is paid twice, nothing by one person alone, and the money adds up.

const staff = ['甲', '乙', '丙', '丁']
const acts = [
  'direct',
  'paper',
  'anew',
  'debt',
  'review',
  'review',
  'approval',
  'refusal',
  'withdrawal',
  'order',
  'paid',
  'returned',
  'repay',
  'setOff',
  'writeOff',
  'writeOffApproval',
  'writeOffRefusal',
  'cancel',
] as const

interface Step {
  readonly act: (typeof acts)[number]
  readonly by: number
  readonly at: number
  readonly amount: number
  /** Sent in one batch with the step before it. */
  readonly together: boolean
}

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom(...acts),
  by: fc.nat(staff.length - 1),
  at: fc.nat(1000),
  amount: fc.constantFrom(1, 5, 20, 60, 200, 900),
  together: fc.boolean(),
})

const pick = <T>(of: readonly T[], at: number): T | undefined => of[at % of.length]

async function askOf(
  at: Agency,
  { act, by: hand, at: place, amount }: Step,
): Promise<Ask | undefined> {
  const by = staff[hand] as string
  const owner = `P${(place % numbers.length) + 1}`
  const money = yuan(`${amount}.00`)
  const live = (...states: DeskCase['state'][]): DeskCase | undefined =>
    pick(
      at.casesOf().filter(({ state }) => states.includes(state)),
      place,
    )
  const anyCase = live(
    'entered',
    'reviewed',
    'settled',
    'ordered',
    'returned',
    'open',
    'paid',
    'closed',
  )
  const rows = at.books.rows.filter((row) => isEffective(row))
  const row = pick(rows, place)
  const care = place % 2 === 0 ? 'outpatient' : 'emergency'
  switch (act) {
    case 'direct':
      return settle(
        `d${place}-${amount}`,
        (place % 3) as 0 | 1 | 2,
        {
          care,
          useAccount: place % 3 === 0,
          day: day('2026-03-02'),
        },
        `${amount}.00`,
      )
    case 'paper': {
      const invoices = [{ issuer: `I${place % 2}`, number: String(place % 4) }]
      return enterPaper(at, owner, by, (id) =>
        paperForm(id, `${amount}.00`, invoices, { care, useAccount: place % 5 === 0 }),
      ).ask
    }
    case 'anew':
      return (
        row &&
        enterAnew(at, row.content.person, by, {
          settlement: row.settlement,
          cause: 'filing-late',
          about: { care },
          institution: hospital,
        }).ask
      )
    case 'debt':
      return (
        row &&
        enterDebt(at, row.content.person, by, {
          settlement: row.settlement,
          debtor: { kind: place % 2 === 0 ? 'person' : 'institution' },
          amount: money,
          reason: 'overpaid',
        }).ask
      )
    case 'review':
    case 'approval': {
      const of = live('entered', 'reviewed') ?? anyCase
      return of && reviewOf(at, of, act, by)
    }
    case 'refusal':
    case 'withdrawal':
      return anyCase && endOf(at, anyCase, act, by)
    case 'order': {
      const of = live('settled', 'returned') ?? anyCase
      return of && orderOf(at, of, by)
    }
    case 'paid':
    case 'returned': {
      const of = live('ordered') ?? anyCase
      return of?.order && bankSays(at, of, act)
    }
    case 'repay': {
      const of = live('open')
      return of && repaymentOf(at, of, by, money)
    }
    case 'setOff': {
      const [of, against] = [live('open'), live('settled', 'returned')]
      return of && against && setOffOf(at, of, by, money, against.subject)
    }
    case 'writeOff': {
      const of = live('open')
      return of && writeOffOf(at, of, by, money)
    }
    case 'writeOffApproval':
    case 'writeOffRefusal': {
      const of =
        pick(
          at.casesOf().filter(({ writeOff }) => writeOff),
          place,
        ) ?? live('open')
      return of && writeOffEnd(at, of, by, act === 'writeOffApproval')
    }
    case 'cancel':
      return (
        row && {
          kind: 'cancel',
          key: {
            institution: hospital.code,
            key: `c${row.id}-${place}`,
            fingerprint: 'c',
            input: '',
          },
          settlement: row.settlement,
          institution: row.content.institution,
        }
      )
  }
}

test('whoever does whatever to cases in whatever order: paid once, by two, and to the fen', async () => {
  const seen = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 80 }), async (steps) => {
      const at = openAgency()
      let waiting: Ask[] = []
      const flush = async (): Promise<void> => {
        const told: Outcome[] = waiting.length > 0 ? await at.submit(...waiting) : []
        for (const [i, one] of told.entries()) {
          expect(one.kind).not.toBe('bug')
          const word =
            one.kind === 'refused' ? one.refusal.code : `${one.kind} ${waiting[i]?.kind ?? ''}`
          seen.set(word, (seen.get(word) ?? 0) + 1)
        }
        waiting = []
      }
      for (const one of steps) {
        if (!one.together) await flush()
        const ask = await askOf(at, one)
        if (ask && !waiting.some(({ key }) => key.key === ask.key.key)) waiting.push(ask)
      }
      await flush()
      const cases = at.casesOf()
      checkHands(cases)
      checkInvoices(cases)
      checkMoney(at)
      checkSums(at)
    }),
    { numRuns: 600, seed: 5 },
  )
  // The walk comes by everything that the desk does.
  for (const word of [
    'settled bill',
    'settled resettle',
    'moved move',
    'entered enter',
    'undone cancel',
    'second-person-needed',
    'invoice-already-used',
    'recovery-too-large',
    'recovery-stands',
    'case-state-forbids',
    'resettlement-not-possible',
  ])
    expect([word, seen.get(word) ?? 0]).not.toEqual([word, 0])
  expect(seen.get('settled resettle') ?? zero).toBeGreaterThan(20)
}, 120_000)
