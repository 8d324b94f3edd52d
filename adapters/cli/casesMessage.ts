import { type Fen, parseYuan, sum, zero } from '../../engine/money.ts'
import { Bug } from '../../engine/refusal.ts'
import type { ScopedLine } from '../../engine/scoped.ts'
import { amountNames, type Amounts, assertIdentities } from '../../engine/settlement.ts'
import type { MessageFields, MessageLineFields } from '../rulepacks/expectShape.ts'
import type { Difference } from './casesExpect.ts'
import type { Day } from '../../engine/day.ts'

/**
 * Checks the amounts of a real answer against identities I1 to I8 by the engine's own assertion. What an answer leaves
 * out is filled in so that it proves nothing: only amounts that were given can contradict each other.
 */
export function messageDifferences(
  message: MessageFields,
  expected: 'hold' | 'broken',
): Difference[] {
  const { amounts, lines, balanceBefore } = complete(message)
  const broken = firstBroken({ ...amounts, lines }, balanceBefore)
  if ((broken === undefined) === (expected === 'hold')) return []
  return [{ field: 'identities', expected, actual: broken ?? 'hold' }]
}

function firstBroken(
  amounts: Amounts & { lines: readonly ScopedLine[] },
  balanceBefore: Fen,
): string | undefined {
  try {
    assertIdentities(amounts, balanceBefore)
    return undefined
  } catch (error) {
    if (error instanceof Bug) return error.message
    throw error
  }
}

interface Complete {
  readonly amounts: Amounts
  readonly lines: readonly ScopedLine[]
  readonly balanceBefore: Fen
}

function complete(message: MessageFields): Complete {
  const given = (name: string): Fen | undefined => {
    const value = message[name]
    return typeof value === 'string' ? parseYuan(value) : undefined
  }
  const shares = fundNames(message).map((fund) => ({ fund, amount: given(fund) ?? zero }))
  const or = (name: string, otherwise: () => Fen): Fen => given(name) ?? otherwise()
  const nil = (name: string): Fen => or(name, () => zero)
  const hospitalShare = nil('hospitalShare')
  const lineSum = (name: keyof MessageLineFields): Fen =>
    sum((message.lines ?? []).map((line) => parseYuan(line[name] ?? '0')))
  const scopes = (['selfPaid', 'overLimit', 'firstSelfPay'] as const).map((name) =>
    or(name, () => lineSum(name)),
  )
  const bill = given('total') ?? (message.lines && lineSum('amount'))
  const ownTotal = given('personTotal') ?? both(given('account'), given('cash'))
  const fundTotal = or('fundTotal', () =>
    shares.length > 0
      ? sum(shares.map((s) => s.amount))
      : rest(bill, both(ownTotal, hospitalShare)),
  )
  const personTotal = ownTotal ?? rest(bill, sum([fundTotal, hospitalShare]))
  const account = or('account', () => rest(personTotal, given('cash')))
  const cash = or('cash', () => rest(personTotal, account))
  const total = bill ?? sum([fundTotal, personTotal, hospitalShare])
  const inScope = or('inScope', () => rest(total, sum(scopes)))
  const familyAccount = nil('familyAccount')
  const drawn = (account - familyAccount) as Fen
  const accountBalance = or('accountBalance', () => rest(given('balanceBefore'), drawn))
  return {
    amounts: {
      total,
      selfPaid: scopes[0] as Fen,
      overLimit: scopes[1] as Fen,
      firstSelfPay: scopes[2] as Fen,
      inScope,
      deductible: nil('deductible'),
      crossRegionFirstPay: nil('crossRegionFirstPay'),
      shares: shares.length > 0 ? shares : [{ fund: 'unnamed', amount: fundTotal }],
      fundTotal,
      personTotal,
      account,
      familyAccount,
      cash,
      hospitalShare,
      employerShare: nil('employerShare'),
      accountBalance,
    },
    lines: linesOf(message, { total, scopes, inScope }),
    balanceBefore: or('balanceBefore', () => (accountBalance + drawn) as Fen),
  }
}

const both = (a: Fen | undefined, b: Fen | undefined): Fen | undefined =>
  a === undefined || b === undefined ? undefined : sum([a, b])

const rest = (whole: Fen | undefined, part: Fen | undefined): Fen =>
  whole === undefined || part === undefined || part > whole ? zero : ((whole - part) as Fen)

/** Whatever is not a known amount is a fund. */
function fundNames(message: MessageFields): string[] {
  const known = new Set<string>([...amountNames, 'balanceBefore', 'lines'])
  return Object.keys(message).filter((name) => !known.has(name))
}

function linesOf(
  { lines }: MessageFields,
  bill: { total: Fen; scopes: readonly Fen[]; inScope: Fen },
): ScopedLine[] {
  const line = (id: number, amount: Fen, scopes: readonly Fen[], inScope: Fen): ScopedLine => ({
    id: String(id),
    item: 'unnamed',
    day: '2026-01-01' as Day,
    amount,
    class: 'A',
    selfPaid: scopes[0] as Fen,
    overLimit: scopes[1] as Fen,
    firstSelfPay: scopes[2] as Fen,
    inScope,
  })
  if (!lines) return [line(1, sum([...bill.scopes, bill.inScope]), bill.scopes, bill.inScope)]
  return lines.map((fields, i) => {
    const amount = parseYuan(fields.amount)
    const { selfPaid, overLimit, firstSelfPay } = fields
    const scopes = [selfPaid, overLimit, firstSelfPay].map((t) =>
      t === undefined ? zero : parseYuan(t),
    )
    const inScope =
      fields.inScope === undefined ? rest(amount, sum(scopes)) : parseYuan(fields.inScope)
    return line(i + 1, amount, scopes, inScope)
  })
}
