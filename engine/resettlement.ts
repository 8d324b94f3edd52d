import { careRulesOf } from './classify.ts'
import type { Claim, FeeLine, Scheme } from './claim.ts'
import { settle, type World } from './decide.ts'
import { caseSubject, type DeskCase, keptCase } from './deskCase.ts'
import { type Dossiers, MoreNeeded, subjectKey } from './dossier.ts'
import { dayOf } from './entitlement.ts'
import { computeAtHome } from './home.ts'
import type { Institution } from './institution.ts'
import { add, type Fen, subtract, zero } from './money.ts'
import { insuredIn, placeOf } from './paperBill.ts'
import { coverageFor, type PartiesHere } from './parties.ts'
import type { Facts, Row, UndoFacts } from './ports.ts'
import { headFor } from './recovery.ts'
import { type Refusal, isRefusal, refuse } from './refusal.ts'
import { scope } from './scope.ts'
import type { ScopedClaim } from './scoped.ts'
import { assertIdentities, type Settlement } from './settlement.ts'
import { applyDeltas } from './split.ts'
import { cancel, type Undone } from './undo.ts'
import { type About, keptVisit, settlementsInForce } from './visit.ts'

/** Why a settlement is settled anew (补充结算原因). */
export const resettlementCauses = [
  'filing-late', // 补办备案
  'certification-late', // 补办认定
  'coverage-late', // 参保补缴
  'identity-late', // 身份补认定
  'data-corrected', // 信息更正
  'other', // 其他
] as const
export type ResettlementCause = (typeof resettlementCauses)[number]

/** What is asked for: a settlement in force, and what is to be different about it. */
export interface ResettlementForm {
  readonly settlement: string
  readonly cause: ResettlementCause
  readonly note?: string | undefined
  /** What the claim says from now on; what it does not say stays. */
  readonly about: About
  readonly useAccount?: boolean | undefined
  /** As the register has it, or the form. */
  readonly institution: Institution
  /** The very lines again, where another catalogue is to classify them. */
  readonly lines?: readonly FeeLine[] | undefined
}

/** A settlement settled anew (补充结算): the row that undoes it, and the settlement that takes its place. */
export interface Resettled {
  readonly undone: Undone
  readonly settlement: Settlement
  /** What stood in the way of a cancellation at the window, and was passed over (decision 17). */
  readonly overrides: readonly string[]
  /** What the person is to get, what was paid to them for it before, or what they owe. */
  readonly due: Fen
  readonly owed: Fen
  /** Each account as it is once the settlement is undone, and nothing is drawn anew yet. */
  readonly balances: ReadonlyMap<string, Fen>
  /** The case that settled it before, which this one takes the place of. */
  readonly before: readonly DeskCase[]
}

/** What is found of the settlement and its person. */
export interface ToResettle {
  readonly facts: Facts
  readonly undo: UndoFacts
  readonly dossiers: Dossiers
  readonly region: string
  readonly postedOn: Settlement['day']
  /** What else stands in the way at the window, such as an applied clearing. */
  readonly blocked?: ((head: Row) => Refusal | undefined) | undefined
}

/**
 * Cancels a settlement and settles it again under what is known now. The institution has been paid, or is going to be, what
 * it was told: its money stays to the fen, and all that differs goes to the person or is owed by them.
 */
export function resettle(
  form: ResettlementForm,
  found: ToResettle,
  world: World,
): Resettled | Refusal {
  const head = headFor(found.undo.head, found.region, form.settlement)
  if (isRefusal(head)) return head
  const undone = undoFor(head, found, world)
  if (isRefusal(undone)) return undone
  const before = casesBefore(head.content, found.dossiers)
  const facts = { ...found.facts, ...standingAfter(undone.undone, found), sameBills: [] }
  const anew = settleAnew(form, head.content, { ...found, facts }, world)
  if (isRefusal(anew)) return anew
  const settlement = keepInstitution(anew, head.content)
  if (isRefusal(settlement)) return settlement
  const paid = before.reduce((sum, one) => add(sum, one.paid), zero)
  const advanced = settlement.advanced ?? zero
  const moved = before.some(({ state, touched }) => state === 'ordered' || touched)
  if (moved || paid > advanced)
    return refuse('resettlement-not-possible', { because: 'money-moved' })
  assertIdentities(settlement, facts.balances.get(settlement.person) ?? zero)
  return {
    ...undone,
    settlement,
    due: subtract(advanced, paid),
    owed: settlement.receivable ?? zero,
    balances: facts.balances,
    before,
  }
}

/** No boundary of months, years or clearing periods stops the agency, but it is recorded which were passed. */
function undoFor(
  head: Row,
  { undo, postedOn, region, blocked }: ToResettle,
  world: World,
): Pick<Resettled, 'undone' | 'overrides'> | Refusal {
  const { institution } = head.content
  const book = world.rulebooks.of(region)
  if (!book) return refuse('home-region-not-served', { region })
  const { undo: policy, yearStarts } = book.region
  const asked = { institution, today: world.today, postedOn, yearStarts, byAgency: true }
  const lenient = { acrossMonths: true, acrossYears: true, laterSettlements: 'list' } as const
  const undone = cancel(undo, { ...asked, policy: lenient })
  if (isRefusal(undone)) return undone
  const usual = cancel(undo, { ...asked, policy, blocked })
  const overrides = isRefusal(usual) ? [String(usual.facts['boundary'] ?? usual.code)] : []
  return { undone, overrides }
}

/** Sums and balances once the settlement is undone. */
const standingAfter = (
  { counters, balances }: Undone,
  { facts }: Pick<ToResettle, 'facts'>,
): Pick<Facts, 'counters' | 'balances'> => ({
  counters: applyDeltas(facts.counters, counters),
  balances: new Map([
    ...facts.balances,
    ...balances.map(({ owner, balance }): [string, Fen] => [owner, balance]),
  ]),
})

/** The cases that made the settlement, where the desk did: what they paid out counts. */
function casesBefore({ desk, person }: Settlement, dossiers: Dossiers): DeskCase[] {
  if (!desk) return []
  const kind = desk.kind === 'paper' ? 'reimbursement' : 'resettlement'
  const subjects = [
    caseSubject(person, kind, desk.case),
    caseSubject(person, 'recovery', desk.case),
  ]
  const missing = subjects.filter((subject) => !dossiers.has(subjectKey(subject)))
  if (missing.length > 0) throw new MoreNeeded(missing)
  return subjects.flatMap((subject) => keptCase(dossiers, subject) ?? [])
}

/** The claim as it was settled, but for what is different now. */
function claimAnew(form: ResettlementForm, old: Settlement, { dossiers }: ToResettle): Claim {
  const visit = keptVisit(dossiers, old)
  const about = { ...visit?.about, ...form.about }
  const own = old.draws.some(({ owner }) => owner === old.person)
  const earlier = visit && settlementsInForce(visit).filter(({ id }) => id !== form.settlement)
  return {
    ...about,
    institution: old.institution,
    day: old.day,
    credential: { type: old.credentialKind, number: '' },
    scheme: about.scheme ?? old.scheme,
    care: about.care ?? old.care,
    visit: old.visit,
    earlier: old.stay ? undefined : earlier?.flatMap(({ counted = [] }) => counted),
    stay: old.stay,
    disease: about.disease ?? old.disease,
    useAccount: form.useAccount ?? own,
    useFamilyAccount: old.familyAccount > zero,
    emergency: about.emergency ?? false,
    total: old.total,
    lines: form.lines ?? [],
  }
}

function settleAnew(
  form: ResettlementForm,
  old: Settlement,
  found: ToResettle,
  world: World,
): Settlement | Refusal {
  const claim = claimAnew(form, old, found)
  const at = partiesAnew(claim, form, old, found, world)
  if (isRefusal(at)) return at
  const scoped = scopeAnew(claim, form, old, at)
  if (isRefusal(scoped)) return scoped
  const computed = computeAtHome(scoped, claim, at, found.facts, world)
  if (isRefusal(computed)) return computed
  return settle(claim, scoped, computed, { at, facts: found.facts, world })
}

function partiesAnew(
  claim: Claim,
  { institution }: ResettlementForm,
  old: Settlement,
  { facts, region }: ToResettle,
  world: World,
): PartiesHere | Refusal {
  if (!facts.person) return refuse('person-unknown')
  const { died } = facts.person
  if (died !== undefined && dayOf('discharge', claim) > died)
    return refuse('person-deceased', { day: dayOf('discharge', claim) })
  const person = insuredIn(facts.person, region, world)
  const coverage = coverageFor(person, claim, world)
  if (isRefusal(coverage)) return coverage
  const home = world.regions.regionOf(region)
  const care = placeOf(old.careRegion, old.careRegion, world)
  const book = world.rulebooks.of(old.careRegion) ?? world.rulebooks.of(region)
  if (!home || isRefusal(care) || !book) return refuse('home-region-not-served', { region })
  // Where it was treated does not change, whatever is on our map today.
  const route = { care, home, place: old.route, computedHere: true }
  return { institution, person, coverage, route, care: book, warnings: [] }
}

/** The lines stay in the parts they were in; what another catalogue is to classify has to be told again. */
function scopeAnew(
  claim: Claim,
  { settlement, institution, lines }: ResettlementForm,
  old: Settlement,
  at: PartiesHere,
): ScopedClaim | Refusal {
  const paper = old.desk?.issuer !== undefined && { paidAtWindow: true }
  const anew = scope(claim, institution, careRulesOf(at.care, claim, at.coverage.scheme as Scheme))
  if (isRefusal(anew)) return anew
  const whole = { ...anew, careRegion: old.careRegion, ...paper }
  if (!lines) return { ...whole, lines: old.lines }
  const same =
    lines.length === old.lines.length &&
    lines.every(({ id, item, amount }, i) => {
      const line = old.lines[i]
      return line?.id === id && line.item === item && line.amount === amount
    })
  return same ? whole : refuse('lines-differ', { settlement })
}

/**
 * What the institution gets stays: its part of funds and accounts, or of what others owe for them. More than that is the
 * person's, who has paid it; less than that is owed by the person.
 */
function keepInstitution(anew: Settlement, old: Settlement): Settlement | Refusal {
  if (anew.hospitalShare !== old.hospitalShare)
    return refuse('resettlement-not-possible', { because: 'hospital-share' })
  const given = subtract(
    add(add(old.fundTotal, old.account), old.receivable ?? zero),
    old.advanced ?? zero,
  )
  const now = add(anew.fundTotal, anew.account)
  if (now > given) return { ...anew, advanced: subtract(now, given) }
  const receivable = subtract(given, now)
  if (receivable === zero) return anew
  return add(anew.employerShare, receivable) > anew.cash
    ? refuse('resettlement-not-possible', { because: 'employer-share' })
    : { ...anew, receivable }
}
