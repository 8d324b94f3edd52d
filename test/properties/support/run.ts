import { join } from 'node:path'
import { loadRules } from '../../../adapters/rulepacks/load.ts'
import { decide, type World } from '../../../engine/decide.ts'
import { randomBill, rulesOf, today } from './bills.ts'
import { wordsOf } from './words.ts'
import {
  checkAgain,
  checkIdentities,
  checkKeys,
  checkLedger,
  checkMonotone,
  checkOrder,
  checkTrace,
  checkUndo,
} from './checks.ts'
import { Random } from './random.ts'

const { rulebooks, packs } = loadRules(join(import.meta.dirname, '../../../rules'), {
  sandbox: true,
})
export const rules = rulesOf(rulebooks)
export const words = wordsOf(packs)
export const world: World = {
  rulebooks,
  regions: rulebooks.directory(rulebooks.all.map((book) => book.region.division)),
  now: Date.UTC(2026, 10, 23),
  today,
  packHash: 'hash',
}

/** BILLS says how many, SEED where to begin: a failure names the seed of its bill, so SEED=… BILLS=1 repeats it. */
export const bills = Number(process.env['BILLS'] ?? 100_000)
export const seed = Number(process.env['SEED'] ?? 20_260_302)

const mayBeRefused = new Set(['interim-settlement-required', 'no-rule-for-day', 'no-rule-for-care'])

interface Result {
  readonly rule: string
  readonly refused?: string
  readonly wrong: string[]
}

function tryOne(own: number): Result {
  const r = new Random(own)
  const at = r.one(rules)
  const rule = `${at[1].pack} ${at[1].id}`
  const wrong: string[] = []
  const say = (what: string): void => void wrong.push(`SEED=${own} BILLS=1: ${rule}: ${what}`)
  try {
    const bill = randomBill(r, world, at, words)
    const found = decide(bill.claim, bill.facts, world)
    if (found.kind !== 'settle')
      return { rule, refused: found.kind === 'refuse' ? found.refusal.code : found.kind, wrong }
    const { settlement } = found
    checkIdentities(settlement, bill, say)
    checkTrace(settlement, say)
    checkLedger(settlement, say)
    checkUndo(settlement, bill, say)
    checkKeys(settlement, bill, say)
    checkAgain(settlement, bill, world, say)
    checkOrder(settlement, bill, world, say)
    checkMonotone(settlement, bill, world, BigInt(1 + r.magnitude(10_000_000)), say)
  } catch (error) {
    say(String(error))
  }
  return { rule, wrong }
}

/** Settles every so many-th bill and tells all that does not hold of it, and which rules had too few bills. */
export function tryBills(first: number, step: number): string[] {
  const settled = new Map(rules.map(([, rule]) => [`${rule.pack} ${rule.id}`, 0]))
  const wrong: string[] = []
  for (let number = first; number < bills && wrong.length < 10; number += step) {
    const { rule, refused, wrong: own } = tryOne(seed + number)
    wrong.push(...own)
    if (refused === undefined) settled.set(rule, (settled.get(rule) ?? 0) + 1)
    else if (!mayBeRefused.has(refused))
      wrong.push(`SEED=${seed + number} BILLS=1: ${rule}: ${refused}`)
  }
  if (bills < 10_000 || wrong.length > 0) return wrong
  const few = bills / step / rules.length / 3
  return [...settled].filter(([, count]) => count < few).map(([rule]) => `${rule} had few bills`)
}
