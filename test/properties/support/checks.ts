import { isDeepStrictEqual } from 'node:util'
import type { Claim } from '../../../engine/claim.ts'
import { decide, type World } from '../../../engine/decide.ts'
import { afterDraws } from '../../../engine/home.ts'
import { monthOf } from '../../../engine/day.ts'
import { dueFromAccount, dueToAccount, post } from '../../../engine/ledger.ts'
import type { Fen, UnitPrice } from '../../../engine/money.ts'
import type { Row } from '../../../engine/ports.ts'
import type { Settlement, Step } from '../../../engine/settlement.ts'
import { applyDeltas } from '../../../engine/split.ts'
import { turn } from '../../../engine/undo.ts'
import { type Bill, namesOf } from './bills.ts'

/** What does not hold, in words; the arithmetic here is its own and shares nothing with the engine's. */
type Say = (what: string) => void

const total = (amounts: Iterable<bigint>): bigint => {
  let all = 0n
  for (const amount of amounts) all += amount
  return all
}
const least = (...amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => (a < b ? a : b))
const left = (limit: bigint, used: bigint): bigint => (limit > used ? limit - used : 0n)

export function checkIdentities(s: Settlement, { facts, claim }: Bill, say: Say): void {
  const parts = (x: Settlement | Settlement['lines'][number]): bigint =>
    x.selfPaid + x.overLimit + x.firstSelfPay + x.inScope
  if (s.total !== claim.total || s.total !== parts(s)) say('I1')
  if (s.lines.some((line) => line.amount !== parts(line))) say("I1'")
  if (s.fundTotal !== total(s.shares.map((x) => x.amount))) say('I2')
  if (s.personTotal !== s.account + s.cash) say('I3')
  if (s.total !== s.fundTotal + s.personTotal + s.hospitalShare) say('I4')
  const own = total(s.draws.filter((d) => d.owner === 'P1').map((d) => d.amount))
  if (s.accountBalance !== (facts.balances.get('P1') ?? 0n) - own) say('I7')
  if (s.account !== total(s.draws.map((d) => d.amount)) || s.familyAccount !== s.account - own)
    say('I3 family')
  for (const { owner, amount } of s.draws)
    if (amount <= 0n || amount > (facts.balances.get(owner) ?? 0n)) say(`draw on ${owner}`)
  if (!claim.useAccount && own > 0n) say('an account that was not to be used')
  const amounts = Object.entries(s).filter(
    (entry): entry is [string, bigint] => typeof entry[1] === 'bigint',
  )
  for (const [name, amount] of amounts) if (amount < 0n) say(`${name} is negative`)
  if (s.employerShare > s.cash) say('the employer pays more than the cash')
}

/** The amount of a rate in decimal text, rounded half up once over all stretches. */
function atRates(step: Step): bigint {
  let numerator = 0n
  const scale = 10n ** 6n
  for (const { from, to, rate } of step.rates) {
    const [units = '0', decimals = ''] = rate.split('.')
    numerator += (to - from) * BigInt(units + decimals.padEnd(6, '0'))
  }
  return (2n * numerator + scale) / (2n * scale)
}

/** Recomputes a step from the numbers it prints. */
export function checkStep(step: Step, say: Say): void {
  const wrong = (what: string): void => say(`${step.layer}: ${what}`)
  const taken = step.deductible?.taken ?? 0n
  if (step.baseTotal !== total(step.base.map((b) => b.amount))) wrong('base')
  if (step.deductible) {
    const { standard, usedBefore } = step.deductible
    if (taken !== least(step.baseTotal, left(standard, usedBefore))) wrong('deductible')
  }
  const cut = (counts: 'paid' | 'base', amount: bigint): bigint => {
    let allowed = amount
    for (const cap of step.caps.filter((c) => c.counts === counts)) {
      const under = least(allowed, left(cap.limit, cap.usedBefore))
      if (cap.cut !== allowed - under) wrong(`cap per ${cap.per}`)
      allowed = under
    }
    return allowed
  }
  const payable = cut('base', step.baseTotal - taken)
  const full = step.fixed
    ? least(payable, left(step.fixed.amount, step.fixed.usedBefore))
    : atRates(step)
  if (!step.fixed && total(step.rates.map((r) => r.to - r.from)) !== payable) wrong('stretches')
  if (!step.fixed && total(step.rates.map((r) => r.paid)) !== full) wrong('rates')
  if (step.paid !== cut('paid', full)) wrong('paid')
  if (step.paid > step.baseTotal) wrong('more than the base')
}

export function checkTrace(s: Settlement, say: Say): void {
  const byPayer = new Map<string, bigint>()
  for (const step of s.trace) {
    checkStep(step, say)
    byPayer.set(step.payer, (byPayer.get(step.payer) ?? 0n) + step.paid)
  }
  if (s.hospitalShare !== (byPayer.get('hospital') ?? 0n)) say('hospital')
  if (s.employerShare !== (byPayer.get('employer') ?? 0n)) say('employer')
  for (const payer of ['hospital', 'employer']) byPayer.delete(payer)
  for (const { fund, amount } of s.shares) {
    if (byPayer.get(fund) !== amount) say(`share of ${fund}`)
    byPayer.delete(fund)
  }
  if ([...byPayer.values()].some((amount) => amount !== 0n)) say('a payer without a share')
}

export function checkLedger(s: Settlement, say: Say): void {
  const legs = post(s)
  const balances = new Map<string, bigint>()
  for (const { debit, credit, amount } of legs) {
    if (amount <= 0n || debit === credit) say('an empty leg')
    balances.set(debit, (balances.get(debit) ?? 0n) - amount)
    balances.set(credit, (balances.get(credit) ?? 0n) + amount)
  }
  if (total(balances.values()) !== 0n) say('trial balance')
  if (total(legs.filter((t) => t.kind !== 'dueTo').map((t) => t.amount)) !== s.total)
    say('each fen in one leg')
  const paid = s.fundTotal + s.account
  if ((balances.get(`payable:${s.institution}:settled`) ?? 0n) !== paid) say('payable')
  if (s.homeRegion === s.careRegion) return
  const pair = { home: s.homeRegion, care: s.careRegion, scheme: s.scheme, month: monthOf(s.day) }
  if ((balances.get(dueToAccount(pair)) ?? 0n) !== paid) say('due-to')
  if ((balances.get(dueFromAccount(pair)) ?? 0n) !== -paid) say('due-from')
}

/** Settled and cancelled, every sum and every balance is what it was. */
export function checkUndo(s: Settlement, { facts }: Bill, say: Say): void {
  const after = applyDeltas(facts.counters, s.counters)
  const balances = afterDraws(facts.balances, s.draws)
  const head: Row = {
    id: 'S1',
    settlement: 'S1',
    sequence: 1,
    kind: 'settlement',
    postedAt: 0,
    content: s,
  }
  const back = turn(head, { head, transfers: [], later: [], balances, counters: after })
  for (const { owner, balance } of back.balances)
    if (balance !== facts.balances.get(owner)) say(`the balance of ${owner}`)
  const restored = applyDeltas(after, back.counters)
  for (const [year, sums] of restored)
    if (!isDeepStrictEqual(sums, facts.counters.get(year) ?? new Map())) say(`the sums of ${year}`)
  for (const sums of after.values())
    for (const [key, sum] of sums) if (sum < 0n) say(`${key} is negative`)
}

export function checkKeys(s: Settlement, { rule, book }: Bill, say: Say): void {
  const seen = new Set<string>()
  const own = book.rules.find((r) => r.id === s.rules[0]?.id && r.pack === s.rules[0]?.pack) ?? rule
  const names = namesOf(own)
  for (const { year, key, delta } of s.counters) {
    const [region, scheme, name = '', period] = key.split('|')
    if (region !== s.homeRegion || scheme !== s.scheme || period === undefined)
      say(`the key ${key}`)
    if (!name.startsWith('stay ') && !names.has(name)) say(`the name ${key}`)
    if (!/^(all|\d{4})$/.test(year) || delta === 0n) say(`the year of ${key}`)
    if (seen.has(`${year} ${key}`)) say(`${key} twice`)
    seen.add(`${year} ${key}`)
  }
}

const settle = (claim: Claim, { facts }: Bill, world: World): Settlement | undefined => {
  const found = decide(claim, facts, world)
  return found.kind === 'settle' ? found.settlement : undefined
}

export function checkAgain(s: Settlement, bill: Bill, world: World, say: Say): void {
  if (!isDeepStrictEqual(settle(bill.claim, bill, world), s))
    say('decided twice, decided otherwise')
}

export function checkOrder(s: Settlement, bill: Bill, world: World, say: Say): void {
  const turned = settle({ ...bill.claim, lines: bill.claim.lines.toReversed() }, bill, world)
  if (!turned || !isDeepStrictEqual({ ...turned, lines: turned.lines.toReversed() }, s))
    say('the order of lines')
}

/** One more line of class A: the funds pay as much or more. */
export function checkMonotone(
  s: Settlement,
  bill: Bill,
  world: World,
  more: bigint,
  say: Say,
): void {
  const line = {
    id: 'more',
    item: 'more',
    quantity: 10_000n as never,
    unitPrice: (more * 10_000n) as UnitPrice,
    amount: more as Fen,
    at: bill.claim.lines[0]?.at,
    classification: {
      class: 'A' as const,
      firstSelfPayRate: { numerator: 0n, denominator: 1n },
      funds: ['medical', 'workInjury', 'maternity'] as const,
    },
  }
  const { claim } = bill
  const richer = settle(
    { ...claim, lines: [...claim.lines, line], total: (claim.total + more) as Fen },
    bill,
    world,
  )
  if (!richer) return say('one more line is refused')
  if (
    richer.fundTotal + richer.hospitalShare + richer.employerShare <
    s.fundTotal + s.hospitalShare + s.employerShare
  )
    say(`${more} more in scope, less from the payers: ${richer.fundTotal} < ${s.fundTotal}`)
}
