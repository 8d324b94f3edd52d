import type { Decision } from '../../engine/decide.ts'
import { parseYuan, sum, toYuan, zero } from '../../engine/money.ts'
import {
  type AmountName,
  amountNames,
  type Settlement,
  type Step,
} from '../../engine/settlement.ts'
import type { ExpectFields } from '../rulepacks/expectShape.ts'
import type { Say } from '../rulepacks/tables.ts'
import type { Rules } from './casesWorld.ts'

/** One field in which a case came out otherwise than it says. */
export interface Difference {
  readonly field: string
  readonly expected: string
  readonly actual: string
}

/** Funds that have a field on the wire, or a slot of their own (decision 8), whether or not a pack uses them. */
const usualFunds = [
  'pool',
  'criticalIllness',
  'largeExpense',
  'enterpriseSupplement',
  'civilServant',
  'medicalAid',
  'disabled',
  'other',
  'workInjury',
  'maternity',
  'unemployment',
  'pension',
  'retiredCadre',
]

const notAmounts = new Set(['refused', 'identities', 'layers'])
const isAmount = (name: string): name is AmountName =>
  (amountNames as readonly string[]).includes(name)

/** Every fund that some layer pays from, and those that exist everywhere. */
export function fundsOf(rules: Rules, inline: readonly string[]): ReadonlySet<string> {
  const payers = rules.rulebooks.all.flatMap((book) =>
    book.rules.flatMap((rule) => rule.layers.map((layer) => layer.payer)),
  )
  return new Set([...usualFunds, ...payers, ...inline])
}

/** A name under expect that is neither an amount nor a fund is a slip of the pen, and never passes. */
export function checkExpect(expect: ExpectFields, funds: ReadonlySet<string>, say: Say): void {
  const names = Object.keys(expect)
  if (names.length === 0) say([], 'expect compares nothing')
  for (const name of names)
    if (!notAmounts.has(name) && !isAmount(name) && !funds.has(name))
      say([name], `found "${name}", expected an amount of the settlement or a fund`)
  if (expect.refused !== undefined && names.length > 1)
    say(['refused'], 'a refused claim has no amounts')
}

/** Compares what is named and nothing else. */
export function differences(expect: ExpectFields, decision: Decision): Difference[] {
  const { refused } = expect
  if (decision.kind === 'askHome')
    return [{ field: 'outcome', expected: 'settled', actual: 'asked of home' }]
  if (decision.kind === 'refuse') {
    const { code, facts } = decision.refusal
    if (code === refused) return []
    const actual = `${code} ${JSON.stringify(facts)}`
    return [{ field: 'refused', expected: refused ?? 'settled', actual }]
  }
  if (refused !== undefined) return [{ field: 'refused', expected: refused, actual: 'settled' }]
  const { settlement } = decision
  const amounts = Object.entries(expect).filter(([name]) => !notAmounts.has(name))
  return [
    ...amounts.flatMap(([name, text]) => {
      const expected = toYuan(parseYuan(String(text)))
      const actual = toYuan(amountOf(settlement, name))
      return expected === actual ? [] : [{ field: name, expected, actual }]
    }),
    ...(expect.layers ?? []).flatMap((layer) => layerDifferences(layer, settlement.trace)),
  ]
}

function amountOf(s: Settlement, name: string): bigint {
  if (isAmount(name)) return s[name]
  return s.shares.find((share) => share.fund === name)?.amount ?? 0n
}

type LayerExpectation = NonNullable<ExpectFields['layers']>[number]

function layerDifferences(expected: LayerExpectation, trace: readonly Step[]): Difference[] {
  const id = typeof expected === 'string' ? expected : expected.id
  const steps = trace.filter((step) => step.layer === id)
  const [first] = steps
  const field = `layers.${id}`
  if (!first) {
    const actual = trace.map((step) => step.layer).join(', ') || 'none'
    return [{ field, expected: 'took part', actual: `only ${actual}` }]
  }
  if (typeof expected === 'string') return []
  // A stay split at the end of a year has a step of this layer for each year.
  const actual = {
    payer: first.payer,
    base: toYuan(sum(steps.map((step) => step.baseTotal))),
    deductible: toYuan(sum(steps.map((step) => step.deductible?.taken ?? zero))),
    paid: toYuan(sum(steps.map((step) => step.paid))),
  }
  const wanted = (['payer', 'base', 'deductible', 'paid'] as const).filter(
    (k) => expected[k] !== undefined,
  )
  return wanted.flatMap((key) => {
    const text = String(expected[key])
    const value = key === 'payer' ? text : toYuan(parseYuan(text))
    return value === actual[key]
      ? []
      : [{ field: `${field}.${key}`, expected: value, actual: actual[key] }]
  })
}
