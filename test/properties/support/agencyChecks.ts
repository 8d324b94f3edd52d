import { expect } from 'vitest'
import type { DeskCase } from '../../../engine/deskCase.ts'
import { type Fen, sum } from '../../../engine/money.ts'
import { applyDeltas } from '../../../engine/split.ts'
import { isEffective } from '../../../engine/undo.ts'
import type { Agency } from '../../engine/support/agency.ts'
import { hospital, numbers } from '../../engine/support/desk.ts'
import { yuan } from '../../engine/support/world.ts'

/** What stands on ledger accounts, credits less debits. */
function balances({ books }: Agency): Map<string, bigint> {
  const all = new Map<string, bigint>()
  const legs = [...books.transfers.values(), ...books.movements.transfers.values()].flat()
  for (const { debit, credit, amount } of legs) {
    all.set(debit, (all.get(debit) ?? 0n) - amount)
    all.set(credit, (all.get(credit) ?? 0n) + amount)
  }
  return all
}

const total = (cases: readonly DeskCase[], of: (one: DeskCase) => Fen): bigint => sum(cases.map(of))

export function checkHands(cases: readonly DeskCase[]): void {
  for (const { state, hands, approval, steps, kind } of cases) {
    if (['entered', 'reviewed', 'refused', 'withdrawn'].includes(state)) continue
    expect(new Set(hands).size).toBe(hands.length)
    // What a resettlement leaves owed was reviewed with it.
    if (kind === 'recovery' && steps.some(({ facts }) => facts['movement'] === undefined)) continue
    expect(hands.length).toBe(approval ? 3 : 2)
    const orders = steps.filter((one) => one.kind === 'ordered').map(({ by }) => by)
    for (const by of orders) expect(hands).not.toContain(by)
  }
}

export function checkMoney(at: Agency): void {
  const cases = at.casesOf()
  const standing = balances(at)
  const stands = (account: string): bigint => standing.get(account) ?? 0n
  for (let i = 1; i <= numbers.length; i++) {
    const own = cases.filter(({ subject }) => subject.owner === `P${i}`)
    const paying = own.filter(({ state }) => ['settled', 'ordered', 'returned'].includes(state))
    expect(stands(`owed:510100:person:P${i}`)).toBe(
      total(paying, (one) => (one.due - one.paid) as Fen),
    )
    const open = own.filter(({ kind, state }) => kind === 'recovery' && state === 'open')
    const byPerson = open.filter(({ form }) => JSON.stringify(form).includes('"person:'))
    expect(stands(`receivable:510100:person:P${i}`)).toBe(-total(byPerson, (one) => one.left))
  }
  const paid = cases.flatMap(({ steps }) => steps).filter(({ kind }) => kind === 'paid').length
  const booked = at.books.movements.rows.filter(({ content }) => content.kind === 'reimbursement')
  expect(booked.length).toBe(paid)
  expect(stands('payout:510100:reimbursement')).toBe(
    sum(booked.map(({ content }) => content.total)),
  )
  // The institution has what it was told for what it settled and did not take back, whatever the desk did since.
  const undone = new Set(at.books.rows.map(({ undoes }) => undoes))
  const replaced = new Set(at.books.rows.map(({ content }) => content.desk?.replaces?.row))
  const told = at.books.rows.filter(
    (row) =>
      row.kind === 'settlement' &&
      row.content.desk === undefined &&
      (!undone.has(row.id) ||
        at.books.rows.some(({ id, undoes }) => undoes === row.id && replaced.has(id))),
  )
  const due = told.map(({ content }) => content.fundTotal + content.account)
  expect(stands(`payable:${hospital.code}:settled`)).toBe(due.reduce((a, b) => a + b, 0n))
}

export function checkSums({ books }: Agency): void {
  const undone = new Set(books.rows.map(({ undoes }) => undoes))
  for (let i = 1; i <= numbers.length; i++) {
    const own = books.rows.filter(
      (row) => row.content.person === `P${i}` && isEffective(row) && !undone.has(row.id),
    )
    let counters: ReadonlyMap<string, ReadonlyMap<string, bigint>> = new Map()
    for (const { content } of own) counters = applyDeltas(counters, content.counters)
    const kept = [...(books.counters.get(`P${i}`) ?? [])].map(([year, sums]) => [
      year,
      Object.fromEntries(sums),
    ])
    const told = [...counters].map(([year, sums]) => [year, Object.fromEntries(sums)])
    const drop = (all: unknown[][]) =>
      all.filter(([, sums]) => Object.keys(sums as object).length > 0)
    expect(new Map(drop(kept) as [string, object][])).toEqual(
      new Map(drop(told) as [string, object][]),
    )
    const drawn = own
      .flatMap(({ content }) => content.draws)
      .filter(({ owner }) => owner === `P${i}`)
    expect(books.balances.get(`P${i}`)).toBe(yuan('80.00') - sum(drawn.map(({ amount }) => amount)))
  }
}

export function checkInvoices(cases: readonly DeskCase[]): void {
  const held = cases
    .filter(
      ({ kind, state }) => kind === 'reimbursement' && !['refused', 'withdrawn'].includes(state),
    )
    .map(({ form }) => JSON.stringify((form as { invoices: unknown }).invoices))
  expect(new Set(held).size).toBe(held.length)
}
