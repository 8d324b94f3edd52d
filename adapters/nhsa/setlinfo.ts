import { ageOn, covers, type Day, type Instant } from '../../engine/day.ts'
import type { Json } from '../../engine/dossier.ts'
import { type Fen, type Ratio, subtract, sum, toYuan, zero } from '../../engine/money.ts'
import type { Person } from '../../engine/person.ts'
import type { Billed, Found } from '../../engine/ports.ts'
import type { Settlement } from '../../engine/settlement.ts'
import type { WrittenBy } from './field.ts'
import type { cancelTable, setlinfoTable } from './setlinfoTable.ts'
import {
  clrTypeOf,
  clrWayOf,
  type RegionSettings,
  type SlotField,
  slotFields,
  slotOf,
} from './settings.ts'
import {
  gendOf,
  insutypeOf,
  mdtrtCertTypeOf,
  psnCertTypeOf,
  psnTypeOf,
  schemeOf,
} from './translate.ts'
import type { Call } from './transaction.ts'

/** What an answer says that no row of the books holds: kept beside it, so that a repeat is told the same. */
export interface SetlResult {
  readonly psn_name: string
  readonly psn_cert_type: string
  readonly certno: string
  readonly gend: string
  readonly naty?: string | undefined
  readonly brdy: Day
  readonly age: number
  readonly insutype: string
  readonly psn_type: string
  readonly cvlserv_flag: '0' | '1'
  readonly mdtrt_cert_type: string
  readonly med_type: string
  readonly medins_setl_id: string
  readonly clr_optins: string
  readonly clr_way: string
  readonly clr_type: string
}

/** Which call settles, under which med_type, and under which insutype where its sender named one. */
export interface Settling {
  readonly call: Pick<Call, 'envelope' | 'settings'>
  readonly med_type: string
  readonly insutype?: string | undefined
}

/** What is kept with the answer to 2207, 2304 or 2102, and told with a preview. */
export function resultOf(found: Pick<Found, 'facts'>, billed: Billed, told: Settling): SetlResult {
  const { facts } = found
  const { settlement: content, claim } = billed
  const { settings, envelope } = told.call
  const { person, identity } = facts
  if (!person) throw new TypeError('a bill was decided without a person')
  const { name = '', citizenNumber = '', ethnicGroup: naty } = identity ?? {}
  const sent = told.insutype
  const isMeant = sent !== undefined && schemeOf(settings, sent) === content.scheme
  return {
    psn_name: name,
    psn_cert_type: psnCertTypeOf(citizenNumber),
    certno: citizenNumber,
    gend: gendOf(person.sex),
    naty,
    brdy: person.birth,
    age: ageOn(person.birth, content.day),
    insutype: isMeant ? sent : insutypeOf(settings, content.scheme),
    psn_type: psnTypeOn(person, content),
    cvlserv_flag: isCivilServant(person, content.day) ? '1' : '0',
    mdtrt_cert_type: mdtrtCertTypeOf(claim.credential.type),
    med_type: told.med_type,
    medins_setl_id: envelope.msgid,
    ...clearingOf(content, settings),
  }
}

/** Where and how a settlement is cleared (清算). */
export const clearingOf = ({ care }: Pick<Settlement, 'care'>, settings: RegionSettings) => ({
  clr_optins: settings.clearing.agency,
  clr_way: clrWayOf(settings, care),
  clr_type: clrTypeOf(settings, care),
})

/** The population group's code on the day of a settlement, by the row of the scheme it was settled under. */
export function psnTypeOn(
  { coverages }: Person,
  { scheme, day: on }: Pick<Settlement, 'scheme' | 'day'>,
): string {
  const held = coverages.filter((coverage) => covers(coverage, on))
  const row = held.find((c) => c.scheme === scheme) ?? held[0] ?? coverages[0]
  return psnTypeOf(row?.group ?? 'working')
}

export const isCivilServant = ({ civilServant, coverages }: Person, on: Day): boolean =>
  civilServant || coverages.some((c) => c.scheme === 'civilServant' && covers(c, on))

/** What is kept with the answer to a cancellation (2208, 2305, 2103). */
export interface CancelResult {
  readonly psn_name: string
  readonly medins_setl_id: string
  readonly clr_optins: string
  readonly clr_way: string
  readonly clr_type: string
}

export function cancelResultOf(
  psn_name: string,
  content: Settlement,
  { envelope, settings }: Settling['call'],
): CancelResult {
  return { psn_name, medins_setl_id: envelope.msgid, ...clearingOf(content, settings) }
}

/** What was kept with a settlement or a cancellation, as it was kept: only our own writers wrote it. */
export const keptResult = (result: Json | undefined): SetlResult => kept(result) as SetlResult
export const keptCancelResult = (result: Json | undefined): CancelResult =>
  kept(result) as CancelResult

function kept(result: Json | undefined): unknown {
  if (result === undefined)
    throw new TypeError('an answer of the national interface kept no result')
  return result
}

export const asJson = (result: SetlResult | CancelResult): Json => result as unknown as Json

/** The id of a settlement and when it was posted; a preview has no id yet. */
export interface Posting {
  readonly id?: string | undefined
  readonly postedAt: Instant
}

/** 结算信息 setlinfo of a settlement or, where there is no id, of a preview. */
export function setlinfoOf(
  content: Settlement,
  result: SetlResult,
  { id, postedAt }: Posting,
  settings: RegionSettings,
): WrittenBy<typeof setlinfoTable> {
  return {
    mdtrt_id: content.visit ?? '',
    setl_id: id ?? '',
    psn_no: content.person,
    ...result,
    naty: result.naty,
    setl_time: postedAt,
    ...amountsOf(content, settings),
    expContent: noteOf(content),
  }
}

/** setlinfo of a cancellation: what the settlement gave is taken back, so every amount is negative but the balance. */
export function cancelinfoOf(
  content: Settlement,
  result: CancelResult,
  { id = '', postedAt }: Posting,
  settings: RegionSettings,
): WrittenBy<typeof cancelTable> {
  const { balc, pool_prop_selfpay, ...amounts } = amountsOf(content, settings)
  const negated = Object.fromEntries(
    Object.entries(amounts).map(([name, value]) => [name, -value]),
  ) as typeof amounts
  return {
    mdtrt_id: content.visit ?? '',
    setl_id: id,
    psn_no: content.person,
    ...result,
    setl_time: postedAt,
    ...negated,
    pool_prop_selfpay,
    balc,
    pdn_cash_pay: negated.psn_cash_pay,
    expContent: noteOf(content),
  }
}

/** The amounts of a settlement under their wire names (identities I1 to I4). */
function amountsOf(content: Settlement, settings: RegionSettings) {
  const { account, familyAccount } = content
  return {
    medfee_sumamt: content.total,
    fulamt_ownpay_amt: content.selfPaid,
    overlmt_selfpay: content.overLimit,
    preselfpay_amt: content.firstSelfPay,
    inscp_scp_amt: content.inScope,
    act_pay_dedc: content.deductible,
    ...fundFieldsOf(content, settings),
    pool_prop_selfpay: poolRatioOf(content, settings),
    fund_pay_sumamt: content.fundTotal,
    psn_part_amt: content.personTotal,
    acct_pay: settings.accountHoldsFamily ? account : subtract(account, familyAccount),
    psn_cash_pay: content.cash,
    hosp_part_amt: content.hospitalShare,
    balc: content.accountBalance,
    acct_mulaid_pay: familyAccount,
  }
}

/** What the funds paid, each in its field; the fields of funds that paid nothing are zero. */
function fundFieldsOf({ shares, scheme }: Settlement, settings: RegionSettings) {
  const fieldOf = (fund: string): SlotField => slotOf(settings, scheme, fund).field
  return Object.fromEntries(
    slotFields.map((field) => [
      field,
      sum(shares.filter(({ fund }) => fieldOf(fund) === field).map((s) => s.amount)),
    ]),
  ) as Record<SlotField, Fen>
}

const whole = 10_000n

/** The pool's ratio, 0 to 1: the one rate it paid at, or what several came to. */
function poolRatioOf({ trace, scheme }: Settlement, settings: RegionSettings): Ratio {
  const steps = trace.filter(
    ({ payer, paid }) =>
      paid > 0n && isFund(payer) && slotOf(settings, scheme, payer).field === 'hifp_pay',
  )
  const paid = sum(steps.map((step) => step.paid))
  const payable = sum(steps.map((step) => subtract(step.baseTotal, step.deductible?.taken ?? zero)))
  if (payable === 0n) return { numerator: 0n, denominator: 1n }
  return { numerator: (2n * whole * paid + payable) / (2n * payable), denominator: whole }
}

export const isFund = (payer: string): boolean => payer !== 'hospital' && payer !== 'employer'

/** An employer's share is collected with the cash (decision 8), so only a note can tell of it. */
const noteOf = ({ employerShare }: Settlement): string | null =>
  employerShare > 0n ? `个人现金支出中单位负担${toYuan(employerShare)}元` : null
