import type { AgencyDesk } from '../../../adapters/http/agencyNeeds.ts'
import {
  askEnd,
  askPayment,
  askReview,
  beginAsk,
  type StepAsked,
} from '../../../adapters/http/caseAsk.ts'
import type { FeeLine } from '../../../engine/claim.ts'
import type { World } from '../../../engine/decide.ts'
import {
  type CaseAct,
  type CaseKind,
  caseSubject,
  type DeskCase,
  readCase,
} from '../../../engine/deskCase.ts'
import { keptOf, type Subject } from '../../../engine/dossier.ts'
import type { Invoice } from '../../../engine/invoice.ts'
import type { Fen } from '../../../engine/money.ts'
import { enterPaid, enterReturned } from '../../../engine/payout.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask, Key } from '../../../engine/ports.ts'
import { enterRecovery, type RecoveryForm } from '../../../engine/recovery.ts'
import { enterReimbursement, type PaperForm } from '../../../engine/reimbursement.ts'
import type { ResettlementForm } from '../../../engine/resettlement.ts'
import { enterResettlement } from '../../../engine/resettlementCase.ts'
import type { Ports } from '../../../engine/process.ts'
import { desk, hospital, numbers } from './desk.ts'
import { deductible, layer, pays, region, rule, rulebooks, scheme } from './packs.ts'
import { day } from './packs.ts'
import { line, now, today, yuan } from './world.ts'

/** A region whose desk approves above 500.00 and sets off, and whose outpatient pool pays half, in an emergency nine tenths. */
export const agencyPacks = rulebooks({
  regions: [
    region('510100', {
      desk: { approvalAbove: yuan('500.00'), setOff: true },
      undo: { acrossMonths: false, acrossYears: false, laterSettlements: 'list' },
    }),
    region('440100'),
  ],
  schemes: [
    scheme([
      rule([layer('pool', pays('0.5'), { deductible: deductible('year', '100.00') })], {
        care: ['outpatient'],
      }),
      rule([layer('pool', pays('0.9'))], { id: 'emergency', care: ['emergency'] }),
    ]),
  ],
})

export const home = '510100'
export const agencyName = `agency:${home}`

/** The agency's desk on books in memory: the asks are those of the HTTP interface. */
export function openAgency(more: Partial<World> = {}, ports: Partial<Ports> = {}) {
  const regions = agencyPacks.directory([home])
  const world: World = { rulebooks: agencyPacks, regions, packHash: 'hash', now, today, ...more }
  const inside = desk({
    rulebooks: agencyPacks,
    regions,
    clock: { now: () => world.now, today: () => world.today },
    ...ports,
  })
  const { books } = inside
  for (const [i, citizenNumber] of numbers.entries()) {
    books.identities.set(`P${i + 1}`, {
      name: '演示',
      citizenNumber,
      bankAccount: `62000000000000${i}`,
    })
    books.balances.set(`P${i + 1}`, yuan('80.00'))
  }
  const casesOf = (kind?: CaseKind): DeskCase[] =>
    [...books.dossiers.keys()].flatMap((key) => {
      const [owner = '', word, of = '', id] = key.split(' ')
      if (word !== 'case' || (kind !== undefined && of !== kind)) return []
      const subject: Subject = { owner, name: `case ${of} ${id ?? ''}` }
      return readCase(subject, keptOf(books.dossiers, subject)) ?? []
    })
  let ids = 0
  const agency: AgencyDesk = {
    world: () => world,
    newId: () => `C${++ids}`,
    dayOf: () => today,
    find: async (kind, id) => casesOf(kind).find((one) => one.id === id),
    list: async ({ kind }) => ({ items: casesOf(kind) }),
    sameTotals: async () => [],
    institution: async (code) => books.institutions.get(code),
  }
  const submit = async (...asks: Ask[]): Promise<Outcome[]> => inside.settle(asks)
  let keys = 0
  const key = (): Key => ({
    institution: agencyName,
    key: `k${++keys}`,
    fingerprint: `k${keys}`,
    input: '{}',
  })
  return { ...inside, books, agency, world, casesOf, submit, key }
}

export type Agency = ReturnType<typeof openAgency>

export const paperForm = (
  id: string,
  amount: string,
  invoices: readonly Invoice[],
  more: Partial<PaperForm['claim']> = {},
): PaperForm => {
  const lines: FeeLine[] = [line(amount, { id: 'L1' })]
  return {
    claim: {
      institution: 'unlisted',
      day: day('2026-03-02'),
      care: 'outpatient',
      useAccount: false,
      useFamilyAccount: false,
      emergency: false,
      total: yuan(amount),
      lines,
      paper: {
        case: id,
        region: home,
        reason: 'unfiled',
        institution: { ...hospital, code: 'unlisted', name: '演示县医院', agreements: [] },
      },
      ...more,
    },
    invoices,
  }
}

/** The ask that enters a paper bill, and the number of the case it begins. */
export function enterPaper(
  { agency, world, key }: Agency,
  owner: string,
  by: string,
  made: (id: string) => PaperForm,
): { readonly id: string; readonly ask: Ask } {
  const id = agency.newId(owner)
  const form = made(id)
  const subject = caseSubject(owner, 'reimbursement', id)
  const enter = { subject, by, form, suspects: [] }
  const ask = beginAsk({
    kind: 'reimbursement',
    owner,
    id,
    key: key(),
    region: home,
    invoices: form.invoices,
    enter: (found) => enterReimbursement(found, enter, world),
  })
  return { id, ask }
}

export function enterAnew(
  { agency, world, key }: Agency,
  owner: string,
  by: string,
  form: ResettlementForm,
): { readonly id: string; readonly ask: Ask } {
  const id = agency.newId(owner)
  const subject = caseSubject(owner, 'resettlement', id)
  const dayOf = () => today
  const enter = { subject, id, region: home, by, form, dayOf }
  const { settlement } = form
  const ask = beginAsk({
    kind: 'resettlement',
    owner,
    id,
    key: key(),
    region: home,
    settlement,
    enter: (found) => enterResettlement(found, enter, world),
  })
  return { id, ask }
}

export function enterDebt(
  { agency, world, key }: Agency,
  owner: string,
  by: string,
  form: RecoveryForm,
): { readonly id: string; readonly ask: Ask } {
  const id = agency.newId(owner)
  const enter = { subject: caseSubject(owner, 'recovery', id), id, region: home, by, form }
  const { settlement } = form
  const ask = beginAsk({
    kind: 'recovery',
    owner,
    id,
    key: key(),
    region: home,
    settlement,
    enter: (found) => enterRecovery(found, enter, world),
  })
  return { id, ask }
}

export const stepOf = ({ key }: Agency, of: DeskCase, act: CaseAct, by: string): StepAsked => ({
  of,
  act,
  by,
  region: home,
  key: key(),
})

export const reviewOf = async (at: Agency, of: DeskCase, act: 'review' | 'approval', by: string) =>
  askReview(at.agency, stepOf(at, of, act, by))

export const endOf = (at: Agency, of: DeskCase, act: 'refusal' | 'withdrawal', by: string): Ask =>
  askEnd(stepOf(at, of, act, by), 'because')

export const orderOf = (at: Agency, of: DeskCase, by: string): Ask =>
  askPayment(stepOf(at, of, 'payment', by), at.agency.newId(''))

/** What a bank says of the payment that is under way, as the adapter of banks tells it. */
export function bankSays(at: Agency, of: DeskCase, says: 'paid' | 'returned'): Ask {
  const { subject, order, settlement } = of
  const { reference = '', amount = 0n as Fen } = order ?? {}
  if (says === 'returned')
    return {
      kind: 'enter',
      key: at.key(),
      institution: agencyName,
      owner: subject.owner,
      subjects: [subject],
      enter: (found) => enterReturned(found, subject, { reference, reason: 'account-closed' }),
    }
  return {
    kind: 'move',
    key: at.key(),
    institution: agencyName,
    movement: {
      kind: 'reimbursement',
      person: subject.owner,
      region: home,
      month: '2026-03',
      day: day('2026-03-02'),
      reference,
      total: amount,
      paid: [],
      funds: [],
      account: 0n as Fen,
      settlement,
    },
    within: {
      subjects: [subject],
      enter: (found, movement) => enterPaid(found, subject, { reference, movement }),
    },
  }
}
