import type { DeskCase } from '../../../engine/deskCase.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask } from '../../../engine/ports.ts'
import { type Agency, enterAnew, enterPaper, paperForm, reviewOf } from './agency.ts'
import { hospital, settle, words } from './desk.ts'
import { day } from './packs.ts'

export const first = async (at: Agency, ask: Ask): Promise<Outcome> =>
  (await at.submit(ask))[0] as Outcome
export const word = async (at: Agency, ask: Ask): Promise<string> =>
  words(await at.submit(ask))[0] ?? ''
export const caseOf = (at: Agency, id: string): DeskCase => {
  const found = at.casesOf().find((one) => one.id === id)
  if (!found) throw new Error(`no case ${id}`)
  return found
}
let invoices = 0
export const invoice = () => ({ issuer: 'I', number: String(++invoices) })

/** A paper bill entered by 甲 and reviewed by 乙. */
export async function reviewed(at: Agency, amount: string, owner = 'P1'): Promise<DeskCase> {
  const { id, ask } = enterPaper(at, owner, '甲', (of) => paperForm(of, amount, [invoice()]))
  await at.submit(ask)
  await at.submit(await reviewOf(at, caseOf(at, id), 'review', '乙'))
  return caseOf(at, id)
}

/** A settlement of P1 in the hospital, and what it came to. */
export async function direct(at: Agency, key: string, more: object = {}, amount = '300.00') {
  const on = { day: day('2026-03-02') }
  const told = await first(at, settle(key, 0, { care: 'outpatient', ...on, ...more }, amount))
  if (told.kind !== 'settled') throw new Error(JSON.stringify(told.kind))
  return told.row
}

export const anew = (
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

export async function settledAnew(
  at: Agency,
  settlement: string,
  care: 'outpatient' | 'emergency',
) {
  const { id, ask } = anew(at, settlement, care)
  await at.submit(ask)
  await at.submit(await reviewOf(at, caseOf(at, id), 'review', '乙'))
  return caseOf(at, id)
}
