import type { CareKind, Claim, Classification, FeeLine, Stay } from '../../engine/claim.ts'
import { catalogueFunds } from '../../engine/claim.ts'
import type { Day } from '../../engine/day.ts'
import {
  extend,
  nothing,
  parseQuantity,
  parseRatio,
  parseUnitPrice,
  parseYuan,
  type Quantity,
  sum,
  type UnitPrice,
} from '../../engine/money.ts'
import type { LineFields } from '../rulepacks/caseShape.ts'
import { decodeClass } from '../rulepacks/decodeLayer.ts'
import type { Say } from '../rulepacks/tables.ts'
import { careOf, certification, detailsOf, institutionOf, type Visit } from './casesPerson.ts'
import type { CaseWorld } from './casesWorld.ts'

const maybeTrue = (value: 'true' | 'false' | undefined): boolean => value === 'true'

/** Care that is given during a stay in hospital, so that a case need not say when it began and ended. */
const isStay = (care: CareKind): boolean =>
  ['inpatient', 'daySurgery', 'delivery', 'workInjuryInpatient'].includes(care)

/** Stays begin and end on the day of the case unless it says otherwise. */
export function stayOf(visit: Visit, day: Day): Stay | undefined {
  const { stay } = visit
  if (!stay && !isStay(careOf(visit))) return undefined
  const admission = (stay?.admission ?? day) as Day
  const discharge = (stay?.discharge ?? day) as Day
  return { admission, discharge, interim: maybeTrue(stay?.interim) }
}

/** A citizen number that is well formed and belongs to nobody (see the sandbox world). */
const credential = { type: 'citizen-number', number: '510199198603120110' } as const

/** The claim that a visit of a case stands for. */
export function claimOf(visit: Visit, { home, scheme }: CaseWorld, day: Day, say: Say): Claim {
  const care = careOf(visit)
  const stay = stayOf(visit, day)
  const institution = institutionOf(visit, care, home.region.division)
  const lines = linesOf(visit, say)
  const { account, crossRegion } = visit
  const injury = detailsOf(visit.injury)
  const maternity = detailsOf(visit.maternity)
  const prescription = detailsOf(visit.prescription)
  // An insured work injury is claimed under its own scheme; so is any scheme with rules of its own.
  const ruled = home.rules.some((rule) => rule.scheme === scheme)
  const own = ruled && !care.startsWith('workInjury') ? scheme : undefined
  return {
    institution: institution.code,
    day,
    credential,
    scheme: visit.scheme ?? own,
    care,
    visit: stay && `${institution.code} ${stay.admission}`,
    stay,
    useAccount:
      account?.use === undefined ? account?.balance !== undefined : account.use === 'true',
    useFamilyAccount: account?.family !== undefined,
    injury: injury && {
      certification: injury.certification ?? certification,
      diagnoses: injury.diagnoses ?? [],
      consent: injury.consent,
      recurrence: maybeTrue(injury.recurrence),
    },
    externalInjury: visit.externalInjury && {
      noThirdParty: maybeTrue(visit.externalInjury.noThirdParty),
    },
    maternity: maternity && {
      kind: maternity.kind ?? 'natural',
      registration: maternity.registration,
      fetuses: Number(maternity.fetuses ?? 1),
    },
    disease: visit.disease,
    emergency: maybeTrue(visit.emergency) || crossRegion?.reason === 'emergency',
    prescription: prescription && {
      number: prescription.number ?? 'CASE-PRESCRIPTION',
      circulating: maybeTrue(prescription.circulating),
    },
    terminal: visit.terminal,
    total:
      visit.total === undefined ? sum(lines.map((line) => line.amount)) : parseYuan(visit.total),
    lines,
  }
}

function linesOf({ lines, inScope }: Visit, say: Say): FeeLine[] {
  if ((lines === undefined) === (inScope === undefined)) {
    say([], 'give either lines or inScope')
    return []
  }
  if (inScope !== undefined) return [lineOf({ amount: inScope, class: 'A' }, 0, say)]
  return (lines ?? []).map((line, i) => lineOf(line, i, say))
}

const one = parseQuantity('1')

function lineOf(fields: LineFields, index: number, say: Say): FeeLine {
  const quantity = fields.quantity === undefined ? one : parseQuantity(fields.quantity)
  const unitPrice = priceOf(fields, quantity)
  if (unitPrice === undefined) {
    say(['lines', index], 'give amount, or price; an amount needs a quantity that divides it')
    return lineOf({ ...fields, amount: '0', price: '0' }, index, say)
  }
  if (fields.class === undefined && fields.item === undefined)
    say(['lines', index], 'give a class, or an item of the catalogue')
  return {
    id: fields.id ?? String(index + 1),
    item: fields.item ?? `case-item-${index + 1}`,
    at: fields.date as Day | undefined,
    quantity,
    unitPrice,
    amount:
      fields.amount === undefined
        ? extend(unitPrice, quantity, 'halfUp')
        : parseYuan(fields.amount),
    classification: fields.class === undefined ? undefined : classificationOf(fields, fields.class),
  }
}

/** The price given, or the one that the amount and the quantity come to, if it has at most six decimals. */
function priceOf({ price, amount }: LineFields, quantity: Quantity): UnitPrice | undefined {
  if (price !== undefined) return parseUnitPrice(price)
  if (amount === undefined || quantity === 0n) return undefined
  const millionths = parseYuan(amount) * 100_000_000n
  return millionths % quantity === 0n ? ((millionths / quantity) as UnitPrice) : undefined
}

/** What class B pays first where a line does not say: the usual tenth. */
const usualFirstSelfPay = parseRatio('0.1')

function classificationOf(fields: LineFields, name: string): Classification {
  const chargeClass = decodeClass(name)
  const { firstSelfPayRate, limit, funds, kind } = fields
  const usual = chargeClass === 'B' ? usualFirstSelfPay : nothing
  return {
    class: chargeClass,
    firstSelfPayRate: firstSelfPayRate === undefined ? usual : parseRatio(firstSelfPayRate),
    limit: limit === undefined ? undefined : parseUnitPrice(limit),
    funds: funds ?? catalogueFunds,
    kind,
    source: 'the rule case',
  }
}
