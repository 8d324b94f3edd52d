import type { CareKind, Claim, Classification, FeeLine } from './claim.ts'
import { covers, type Day } from './day.ts'
import type { Institution } from './institution.ts'
import {
  extend,
  least,
  nothing,
  type Ratio,
  share,
  subtract,
  type UnitPrice,
  whole,
  zero,
} from './money.ts'
import type { CatalogueItem, DatePolicy, ScopePolicy } from './pack.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { ScopedClaim, ScopedLine } from './scoped.ts'

/** The care region's part of the rules: its catalogue, its prices, and how this care is classified. */
export interface CareRules {
  readonly region: string
  readonly policy: ScopePolicy
  readonly dates: Pick<DatePolicy, 'catalogue'>
  readonly item: (code: string, on: Day) => CatalogueItem | undefined
  readonly cite: (source: string) => string
}

/** Classifies every line by the catalogue and prices of the place of treatment (就医地目录). */
export function scope(
  claim: Claim,
  institution: Institution,
  rules: CareRules,
): ScopedClaim | Refusal {
  const lines: ScopedLine[] = []
  for (const line of claim.lines) {
    const { found, scoped } = classify(line, claim, institution, rules)
    const refusal = refuseService(line, claim.care, institution) ?? refuseLine(line, found, claim)
    if (refusal) return refusal
    lines.push(scoped)
  }
  const level = institution.level
  return {
    careRegion: rules.region,
    institution: {
      code: institution.code,
      type: institution.type,
      level,
      deductibleLevel: institution.deductibleLevel ?? level,
      agreements: institution.agreements
        .filter((a) => covers(a, claim.day))
        .map(({ kind }) => kind),
    },
    day: claim.day,
    care: claim.care,
    visit: claim.visit,
    stay: claim.stay,
    useAccount: claim.useAccount,
    useFamilyAccount: claim.useFamilyAccount,
    injury: claim.injury,
    maternity: claim.maternity,
    disease: claim.disease,
    emergency: claim.emergency,
    prescription: claim.prescription,
    ...(claim.quick && { accountOnly: true }),
    ...(claim.paper && { paidAtWindow: true }),
    total: claim.total,
    lines,
  }
}

/** A line with what the catalogue says of its item, the rate of its first self-payment, and its four parts. */
export interface Classified {
  readonly found: Classification
  readonly firstSelfPayRate: Ratio
  readonly scoped: ScopedLine
}

/** Classifies one line, as its bill does and as is told beforehand (费用明细上传 2204). */
export function classify(
  line: FeeLine,
  claim: Pick<Claim, 'day' | 'stay'>,
  institution: Institution,
  rules: CareRules,
): Classified {
  const on = catalogueDay(line, claim, rules.dates.catalogue)
  const listed = line.classification ?? lookUp(line, on, institution, rules)
  const found = line.atOwnCost ? { ...listed, funds: [] } : listed
  const scoped = scopeLine(line, line.at ?? claim.day, found, rules.policy)
  const isCovered = found.class !== 'C' && found.funds.includes(rules.policy.catalogue)
  return { found, firstSelfPayRate: isCovered ? firstRate(found, rules.policy) : whole, scoped }
}

function catalogueDay(
  line: FeeLine,
  claim: Pick<Claim, 'day' | 'stay'>,
  basis: DatePolicy['catalogue'],
): Day {
  switch (basis) {
    case 'line':
      return line.at ?? claim.day
    case 'admission':
      return claim.stay?.admission ?? claim.day
    case 'discharge':
      return claim.stay?.discharge ?? claim.day
    case 'settlement':
      return claim.day
  }
}

/** What is in no catalogue is fully self-paid, like class C. */
const uncatalogued: Classification = { class: 'C', firstSelfPayRate: whole, funds: [] }

function lookUp(
  line: FeeLine,
  on: Day,
  institution: Institution,
  rules: CareRules,
): Classification {
  const item = rules.item(line.item, on)
  if (!item) return uncatalogued
  const { funds, kind, diseases, prescriptionOnly, firstSelfPayRate } = item
  return {
    class: item.class,
    name: item.name,
    firstSelfPayRate,
    limit: item.limits[institution.priceLevel ?? institution.level],
    funds,
    kind,
    diseases,
    prescriptionOnly,
    source: rules.cite(item.source),
  }
}

/** National codes (医疗目录编码) of medical services are digits alone; those of drugs and consumables begin with a letter. */
const serviceCode = /^\d/

/** A pharmacy sells goods against an account or a fund, and never a medical service (医疗服务项目, decision 14). */
export function refuseService(
  { id, item }: FeeLine,
  care: CareKind | undefined,
  institution: Institution | undefined,
): Refusal | undefined {
  const sellsGoods = care === 'pharmacy' || institution?.type === 'pharmacy'
  return sellsGoods && serviceCode.test(item)
    ? refuse('not-a-pharmacy-item', { line: id, item })
    : undefined
}

function refuseLine(line: FeeLine, found: Classification, claim: Claim): Refusal | undefined {
  const { care, disease } = claim
  if (
    care === 'specialOutpatient' &&
    disease !== undefined &&
    found.diseases?.includes(disease) === false
  )
    return refuse('line-not-of-disease', { line: line.id, item: line.item, disease })
  if (care === 'pharmacy' && found.prescriptionOnly === true && !claim.prescription)
    return refuse('prescription-missing', { line: line.id, item: line.item })
  return undefined
}

/**
 * One line in four parts: fully self-paid, over the price limit, first self-pay of what the limit leaves (half up, per
 * line), and the rest in scope.
 */
export function scopeLine(
  line: FeeLine,
  day: Day,
  found: Classification,
  policy: ScopePolicy,
): ScopedLine {
  const { id, item, amount } = line
  const common = {
    id,
    item,
    day,
    amount,
    class: found.class,
    name: found.name,
    kind: found.kind,
    source: found.source,
  }
  if (found.class === 'C' || !found.funds.includes(policy.catalogue))
    return { ...common, selfPaid: amount, overLimit: zero, firstSelfPay: zero, inScope: zero }
  const limit = policy.priceLimit === 'apply' ? found.limit : undefined
  const over = limit !== undefined && line.unitPrice > limit ? line.unitPrice - limit : 0n
  const overLimit = least(amount, extend(over as UnitPrice, line.quantity, 'halfUp'))
  const within = subtract(amount, overLimit)
  const firstSelfPay = share(within, firstRate(found, policy), 'halfUp')
  return {
    ...common,
    selfPaid: zero,
    overLimit,
    firstSelfPay,
    inScope: subtract(within, firstSelfPay),
  }
}

function firstRate(found: Classification, policy: ScopePolicy): Classification['firstSelfPayRate'] {
  if (policy.firstSelfPay === 'none') return nothing
  const own = policy.rates.find((rate) => rate.kind === found.kind)
  if (own) return own.rate
  return found.class === 'B' ? found.firstSelfPayRate : nothing
}
