import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import type { Claim } from '../../engine/claim.ts'
import { decide } from '../../engine/decide.ts'
import { afterDraws } from '../../engine/home.ts'
import type { Facts, Row } from '../../engine/ports.ts'
import type { Settlement } from '../../engine/settlement.ts'
import { applyDeltas } from '../../engine/split.ts'
import { turn } from '../../engine/undo.ts'
import { type Bill, randomBill } from './support/bills.ts'
import { checkIdentities, checkTrace } from './support/checks.ts'
import { Random } from './support/random.ts'
import { bills, rules, seed, words, world } from './support/run.ts'

const sequences = Math.max(1, Math.floor(bills / 50))

interface Done {
  readonly claim: Claim
  readonly settlement: Settlement
}

/** Bills of one person and institution one after the other: stays in interim parts, visits between them. */
function settleAll(
  r: Random,
  first: Bill,
  say: (what: string) => void,
): { done: Done[]; facts: Facts } {
  const done: Done[] = []
  let { facts } = first
  for (let i = 0; i < 6; i++) {
    const stay = first.claim.stay && { ...first.claim.stay, interim: r.chance(0.6) }
    const visit = stay ? `V${Math.floor(i / 3)}` : `V${i}`
    const lines = r.chance(0.5) ? first.claim.lines : first.claim.lines.slice(0, 1)
    const total = lines.reduce((all, line) => all + line.amount, 0n) as Claim['total']
    const claim = { ...first.claim, stay, visit, lines, total }
    const found = decide(claim, facts, world)
    if (found.kind !== 'settle') continue
    const { settlement } = found
    checkIdentities(settlement, { ...first, claim, facts }, say)
    checkTrace(settlement, say)
    done.push({ claim, settlement })
    facts = {
      ...facts,
      counters: applyDeltas(facts.counters, settlement.counters),
      balances: afterDraws(facts.balances, settlement.draws),
    }
  }
  return { done, facts }
}

/** A deductible charged by the visit is charged once a stay, until its last part is settled. */
function checkStays(done: readonly Done[], say: (what: string) => void): void {
  const taken = new Map<string, bigint>()
  for (const { claim, settlement } of done) {
    for (const { deductible: d } of settlement.trace) {
      if (d?.mode !== 'visit' || !claim.stay) continue
      const name = `${claim.visit} ${d.accumulator}`
      const all = (taken.get(name) ?? 0n) + d.taken
      if (all > d.standard) say(`${name}: ${all} of ${d.standard}`)
      taken.set(name, all)
    }
    if (claim.stay?.interim === false) taken.clear()
  }
}

function cancelAll(done: readonly Done[], last: Facts): Facts {
  let facts = last
  for (const { settlement } of done.toReversed()) {
    const head: Row = {
      id: 'S',
      settlement: 'S',
      sequence: 1,
      kind: 'settlement',
      postedAt: 0,
      content: settlement,
    }
    const back = turn(head, { head, transfers: [], later: [], ...facts })
    const balances = new Map(facts.balances)
    for (const { owner, balance } of back.balances) balances.set(owner, balance)
    facts = { ...facts, balances, counters: applyDeltas(facts.counters, back.counters) }
  }
  return facts
}

const filled = (counters: Facts['counters']) =>
  [...counters].filter(([, sums]) => sums.size > 0).toSorted(([a], [b]) => (a < b ? -1 : 1))

test(`${sequences} sequences of bills from SEED=${seed}, cancelled last first, leave every sum and balance as it was`, () => {
  const wrong: string[] = []
  for (let number = 0; number < sequences && wrong.length < 10; number++) {
    const own = seed + number
    const say = (what: string): void => void wrong.push(`SEED=${own} BILLS=1: ${what}`)
    const r = new Random(own)
    try {
      const first = randomBill(r, world, r.one(rules), words)
      const { done, facts } = settleAll(r, first, say)
      checkStays(done, say)
      const back = cancelAll(done, facts)
      if (!isDeepStrictEqual(back.balances, first.facts.balances)) say('balances')
      if (!isDeepStrictEqual(filled(back.counters), filled(first.facts.counters))) say('sums')
    } catch (error) {
      say(String(error))
    }
  }
  expect(wrong).toEqual([])
}, 300_000)
