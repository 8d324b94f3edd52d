import type { Claim } from '../../engine/claim.ts'
import { parseDay } from '../../engine/day.ts'
import { type Decision, decide } from '../../engine/decide.ts'
import type { SameBill } from '../../engine/duplicate.ts'
import { afterDraws } from '../../engine/home.ts'
import { type Fen, parseYuan } from '../../engine/money.ts'
import type { Path } from '../../engine/pack.ts'
import type { Person } from '../../engine/person.ts'
import type { Counters, Facts } from '../../engine/ports.ts'
import type { Settlement } from '../../engine/settlement.ts'
import { applyDeltas } from '../../engine/split.ts'
import { always } from '../../engine/tally.ts'
import type { CaseFields } from '../rulepacks/caseShape.ts'
import type { Say } from '../rulepacks/tables.ts'
import { countersBefore } from './casesBefore.ts'
import { claimOf } from './casesClaim.ts'
import { checkExpect, type Difference, differences, fundsOf } from './casesExpect.ts'
import { messageDifferences } from './casesMessage.ts'
import { balancesOf, careOf, institutionOf, personOf, type Visit } from './casesPerson.ts'
import { type CaseWorld, type Rules, worldOf } from './casesWorld.ts'

/** What has been used and what is left, from one visit to the next. */
interface State {
  readonly counters: Counters
  readonly balances: ReadonlyMap<string, Fen>
}

/** One visit as it was decided, with everything that went in. */
export interface Run {
  readonly claim: Claim
  readonly decision: Decision
  readonly world: CaseWorld
}

export type Outcome =
  | { readonly kind: 'ran'; readonly differences: readonly Difference[] }
  | { readonly kind: 'invalid'; readonly complaints: readonly { path: Path; message: string }[] }

/** Runs one case through the engine, visit after visit, and compares what it expects. Nothing is looked up in a database. */
export function runCase(fields: CaseFields, rules: Rules): Outcome {
  const complaints: { path: Path; message: string }[] = []
  const say: Say = (path, message) => complaints.push({ path, message })
  checkCase(fields, say)
  if (fields.expect?.identities !== undefined || fields.message)
    return complaints.length > 0
      ? { kind: 'invalid', complaints }
      : { kind: 'ran', differences: messageOf(fields) }
  const found = compareVisits(fields, rules, say)
  if (complaints.length > 0) return { kind: 'invalid', complaints }
  return { kind: 'ran', differences: found }
}

function messageOf({ message = {}, expect }: CaseFields): Difference[] {
  return messageDifferences(message, expect?.identities ?? 'hold')
}

function checkCase({ expect, visits, message }: CaseFields, say: Say): void {
  if ((expect === undefined) === (visits === undefined))
    say([], 'give either expect, or visits that each have their own')
  if ((message === undefined) !== (expect?.identities === undefined))
    say([], 'a message goes with expect: {identities: hold}')
}

/** Decides every visit of a case, one after the other; what is wrong with the case is said, not thrown. */
export function runVisits(fields: CaseFields, rules: Rules, say: Say): Run[] {
  const world = worldOf(fields, rules, say)
  if (!world) return []
  let state: State | undefined
  const runs: Run[] = []
  const visits: readonly Visit[] = fields.visits ?? [{}]
  for (const [i, visit] of visits.entries()) {
    const at: Path = fields.visits ? ['visits', i] : []
    const merged = merge(fields, visit)
    const before = visit.before ?? (state ? undefined : fields.before)
    const run = runVisit(merged, { world, before, state }, within(say, at))
    if (!run) return []
    state = run.state
    runs.push(run)
  }
  return runs
}

function compareVisits(fields: CaseFields, rules: Rules, say: Say): Difference[] {
  const runs = runVisits(fields, rules, say)
  const inline = runs[0]?.world.home.rules.flatMap((rule) => rule.layers.map((l) => l.payer)) ?? []
  const funds = fundsOf(rules, inline)
  const expectations = fields.visits?.map(({ expect }) => expect) ?? [fields.expect ?? {}]
  return runs.flatMap(({ decision }, i) => {
    const at: Path = fields.visits ? ['visits', i, 'expect'] : ['expect']
    const expect = expectations[i] ?? {}
    checkExpect(expect, funds, within(say, at))
    const prefix = fields.visits ? `visits[${i}].` : ''
    return differences(expect, decision).map((d) => ({ ...d, field: prefix + d.field }))
  })
}

const within =
  (say: Say, at: Path): Say =>
  (path, message) =>
    say([...at, ...path], message)

/** A visit has what it says itself and, for the rest, what the case says. */
export function merge(fields: CaseFields, own: Visit): Visit {
  const { lines, inScope, total } = own
  const billed = lines !== undefined || inScope !== undefined
  const { person, institution } = fields
  return {
    ...fields,
    ...own,
    ...(billed ? { lines, inScope, total } : {}),
    ...(person || own.person ? { person: { ...person, ...own.person } } : {}),
    ...(institution || own.institution
      ? { institution: { ...institution, ...own.institution } }
      : {}),
  }
}

interface Setting {
  readonly world: CaseWorld
  readonly before: CaseFields['before']
  readonly state: State | undefined
}

/** Decides one visit, from the case's sums or from those that the visit before left. */
export function runVisit(
  visit: Visit,
  { world, before, state }: Setting,
  say: Say,
): (Run & { readonly state: State }) | undefined {
  const written = visit.day ?? visit.stay?.discharge ?? visit.stay?.admission
  if (written === undefined) {
    say([], '"day" is missing')
    return undefined
  }
  let said = false
  const note: Say = (path, message) => {
    said = true
    say(path, message)
  }
  const day = parseDay(written)
  const claim = claimOf(visit, world, day, note)
  const person = personOf(visit, world, day)
  const parties = { claim, person, world }
  // Sums that a visit states itself take the place of those that earlier visits left.
  const start: State = {
    counters:
      state && before === undefined ? state.counters : countersBefore(before, parties, note),
    balances: state?.balances ?? balancesOf(visit),
  }
  if (said) return undefined
  const earlier = afterEarlierParts(visit, { ...parties, before }, start, say)
  if (!earlier) return undefined
  const decision = decide(claim, factsOf(visit, parties, earlier), world.worldOn(day))
  const next = decision.kind === 'settle' ? advance(earlier, decision.settlement) : earlier
  return { claim, decision, world, state: next }
}

interface Parties {
  readonly claim: Claim
  readonly person: Person
  readonly world: CaseWorld
}

function factsOf(visit: Visit, parties: Parties, { counters, balances }: State): Facts {
  const { person, world } = parties
  return {
    institution: institutionOf(visit, careOf(visit), world.home.region.division),
    person,
    card: undefined,
    balances,
    counters,
    settledLines: new Set(),
    sameBills: sameBillsOf(visit, parties),
  }
}

/** The very same bill, as a case says that it was settled before. */
function sameBillsOf({ sameBill }: Visit, { claim, world }: Parties): SameBill[] {
  if (!sameBill) return []
  const { now } = world.worldOn(claim.day)
  const at = now - Number(sameBill.seconds) * 1000
  return [{ settlement: 'CASE-SAME-BILL', at, terminal: sameBill.terminal }]
}

function advance({ counters, balances }: State, settlement: Settlement): State {
  return {
    counters: applyDeltas(counters, settlement.counters),
    balances: afterDraws(balances, settlement.draws),
  }
}

/**
 * Interim parts of the same stay that were settled before: given as bills, they are settled; given as a number, they are
 * taken to have used the deductible as far as `before.deductible` says, or else wholly.
 */
function afterEarlierParts(
  visit: Visit,
  parties: Parties & { before: CaseFields['before'] },
  state: State,
  say: Say,
): State | undefined {
  const parts = visit.stay?.earlierParts
  if (parts === undefined || parts === '0') return state
  if (typeof parts === 'string') return countParts(visit, parties, state, Number(parts))
  let current: State | undefined = state
  for (const [i, part] of parts.entries()) {
    const { earlierParts: _, ...rest } = visit.stay ?? {}
    const stay = { ...rest, interim: 'true' as const }
    const own = merge(visit as CaseFields, { ...part, stay })
    const at = within(say, ['stay', 'earlierParts', i])
    current = runVisit(own, { ...parties, before: undefined, state: current }, at)?.state
    if (!current) return undefined
  }
  return current
}

function countParts(
  visit: Visit,
  parties: Parties & { before: CaseFields['before'] },
  state: State,
  count: number,
): State {
  const { claim, world, before } = parties
  const facts = factsOf(visit, parties, state)
  const part = { ...claim, stay: claim.stay && { ...claim.stay, interim: true } }
  const fresh = decide(part, facts, world.worldOn(claim.day))
  if (fresh.kind !== 'settle') return state
  const used = before?.['deductible']
  const standards = new Map(
    fresh.settlement.trace.flatMap(({ deductible: d }) =>
      d ? [[d.accumulator, used === undefined ? d.standard : parseYuan(used)]] : [],
    ),
  )
  // What a first part would leave behind for the next says under which names the engine looks for it.
  const left = fresh.settlement.counters.flatMap((counter) => {
    const name = counter.year === always ? (counter.key.split('|').at(-1) ?? '') : ''
    if (name === 'parts') return [{ ...counter, delta: BigInt(count) }]
    const taken = name.startsWith('deductible ') ? standards.get(name.slice(11)) : undefined
    return taken === undefined ? [] : [{ ...counter, delta: taken }]
  })
  return { ...state, counters: applyDeltas(state.counters, left) }
}
