import { careRulesOf } from './classify.ts'
import type { Claim, FeeLine, Scheme } from './claim.ts'
import { decide, type World } from './decide.ts'
import {
  type ActAsked,
  caseEntry,
  caseFor,
  caseResult,
  type DeskCase,
  endedEntry,
  enteredEntry,
  keptCase,
} from './deskCase.ts'
import type { Entry, Json, Subject } from './dossier.ts'
import { schemesFor } from './entitlement.ts'
import { claimInvoices, type Invoice, releaseInvoices } from './invoice.ts'
import { keep, reread } from './keptJson.ts'
import { toYuan } from './money.ts'
import { findPaperParties, type PaperBill } from './paperBill.ts'
import type { Billed, Entered, Found } from './ports.ts'
import { releaseRecovery } from './recovered.ts'
import { usualDeskPolicy } from './regionPack.ts'
import { assert, type Refusal, isRefusal, refuse } from './refusal.ts'
import { amountNames, type Settlement } from './settlement.ts'

/** A paper bill as its form is kept: the claim it makes, and the invoices that show it. */
export interface PaperForm {
  readonly claim: Omit<Claim, 'credential' | 'paper'> & { readonly paper: PaperBill }
  readonly invoices: readonly Invoice[]
  readonly note?: string | undefined
}

export const paperFormOf = ({ form }: Pick<DeskCase, 'form'>): PaperForm =>
  reread(form) as PaperForm

/** Settlements in force that look like the same bill, and whether somebody has looked at them. */
export interface Suspects {
  readonly suspects: readonly string[]
  readonly checked?: boolean | undefined
}

/** What somebody enters of a paper bill, and the case that it begins. */
export interface PaperEntered extends Suspects {
  readonly subject: Subject
  readonly by: string
  readonly form: PaperForm
}

/** Enters a paper bill (手工报销录入): what could not be settled as it is is refused at once, and its invoices are taken. */
export function enterReimbursement(
  found: Found,
  { subject, by, form, suspects }: PaperEntered,
  world: World,
): Entered | Refusal {
  const { paper, total } = form.claim
  const { region, case: id } = paper
  if (!world.regions.serves(region))
    return refuse('institution-unknown', { institution: `agency:${region}` })
  const claim = paperClaim(form, found)
  const settlement = settled(claim, found, world)
  if (isRefusal(settlement)) return settlement
  const listed = refuseListed(claim, paper, found, world)
  if (listed) return listed
  const invoices = claimInvoices(found.dossiers, form.invoices, id)
  if (isRefusal(invoices)) return invoices
  const { approvalAbove } = deskPolicyOf(world, region)
  const approval = total > approvalAbove
  const entry = enteredEntry(subject, { by, form: keep(form), amount: total, approval })
  const expected = expectedOf(settlement)
  return {
    entries: [entry, ...invoices],
    result: caseResult({ id, kind: 'reimbursement' }, 'entered', { approval, suspects, expected }),
  }
}

export const deskPolicyOf = ({ rulebooks }: Pick<World, 'rulebooks'>, region: string) =>
  rulebooks.of(region)?.region.desk ?? usualDeskPolicy

/** The claim that a form makes: the person is the one who is named, and shows nothing. */
function paperClaim({ claim }: PaperForm, { facts }: Pick<Found, 'facts'>): Claim {
  const number = facts.identity?.citizenNumber ?? ''
  return { ...claim, credential: { type: 'citizen-number', number } }
}

function settled(claim: Claim, { facts }: Found, world: World): Settlement | Refusal {
  const decision = decide(claim, facts, world)
  if (decision.kind === 'settle') return decision.settlement
  assert(decision.kind === 'refuse', 'nobody else is asked about a paper bill')
  return decision.refusal
}

/** The desk says the class of what no catalogue holds, and of nothing else. */
function refuseListed(
  claim: Claim,
  paper: PaperBill,
  { facts }: Found,
  world: World,
): Refusal | undefined {
  const parties = findPaperParties(claim, paper, facts, world)
  if (isRefusal(parties)) return parties
  const [likeliest] = schemesFor(claim)
  const { item } = careRulesOf(parties.care, claim, likeliest as Scheme)
  const isListed = ({ classification, item: code, at = claim.day }: FeeLine): boolean =>
    classification !== undefined && item(code, at) !== undefined
  const line = claim.lines.find(isListed)
  return line && refuse('line-class-known', { line: line.id, item: line.item })
}

/** What a bill is expected to come to, in yuan. */
export const expectedOf = (s: Settlement): Json =>
  Object.fromEntries(amountNames.map((name) => [name, toYuan(s[name])]))

const isUnchecked = ({ suspects, checked }: Suspects): boolean =>
  suspects.length > 0 && checked !== true

/** An act, and the case that it is done to. */
export interface CaseAsked extends ActAsked {
  readonly subject: Subject
}

/** The case that is acted on as it is found, or why it may not be. */
export const actOn = (found: Pick<Found, 'dossiers'>, asked: CaseAsked): DeskCase | Refusal =>
  caseFor(keptCase(found.dossiers, asked.subject), asked)

/** A first review that a second approval follows (初审): nothing is settled yet. */
export function reviewCase(found: Found, asked: CaseAsked & Suspects): Entered | Refusal {
  const of = actOn(found, asked)
  if (isRefusal(of)) return of
  const { suspects, by, subject } = asked
  if (isUnchecked(asked)) return refuse('suspects-unchecked', { settlements: suspects })
  return {
    entries: [caseEntry(subject, 'reviewed', { by })],
    result: caseResult(of, 'reviewed', { suspects }),
  }
}

/** What the last review of a case writes: an approval where one was due. */
export function lastReview(
  found: Found,
  asked: CaseAsked & Suspects,
): { readonly of: DeskCase; readonly entry: Entry } | Refusal {
  const of = actOn(found, asked)
  if (isRefusal(of)) return of
  const { act, by, subject, suspects } = asked
  if (act === 'review' && of.approval)
    return refuse('case-state-forbids', { case: of.id, caseState: of.state, act: 'settle' })
  if (isUnchecked(asked)) return refuse('suspects-unchecked', { settlements: suspects })
  const kind = act === 'review' ? 'reviewed' : 'approved'
  return { of, entry: caseEntry(subject, kind, { by }) }
}

/** The claim of a paper bill, once its last review lets it be settled. */
export function claimOfCase(found: Found, asked: CaseAsked & Suspects): Claim | Refusal {
  const last = lastReview(found, asked)
  return isRefusal(last) ? last : paperClaim(paperFormOf(last.of), found)
}

/** Enters that a paper bill is settled: what funds and accounts pay is to go to the person. */
export function enterSettled(
  found: Found,
  { settlement, id = '' }: Billed,
  asked: CaseAsked & Suspects,
): Entered | Refusal {
  const last = lastReview(found, asked)
  if (isRefusal(last)) return last
  const due = toYuan(settlement.advanced ?? settlement.fundTotal)
  const entry = caseEntry(asked.subject, 'settled', { settlement: id, due })
  return {
    entries: [last.entry, entry],
    result: caseResult(last.of, due === '0.00' ? 'closed' : 'settled', { settlement: id, due }),
  }
}

/** A case is refused (不予办理) or withdrawn (撤回): what it held on to is free again. */
export function endCase(found: Found, asked: CaseAsked, reason: string): Entered | Refusal {
  const of = actOn(found, asked)
  if (isRefusal(of)) return of
  const state = asked.act === 'refusal' ? 'refused' : 'withdrawn'
  return {
    entries: [endedEntry(of, state, asked.by, reason), ...heldBy(of)],
    result: caseResult(of, state),
  }
}

function heldBy(of: DeskCase): readonly Entry[] {
  if (of.kind === 'reimbursement') return releaseInvoices(paperFormOf(of).invoices, of.id)
  return of.kind === 'recovery' ? [releaseRecovery(of)] : []
}
