import type { Claim, Scheme } from '../../engine/claim.ts'
import { covers, type Day, dayBefore } from '../../engine/day.ts'
import { nothing, parseYuan } from '../../engine/money.ts'
import type { Coverage } from '../../engine/person.ts'
import type { Preview } from '../../engine/ports.ts'
import { refuse } from '../../engine/refusal.ts'
import { may, must, type ReadBy } from './field.ts'
import { code, moment, text } from './kinds.ts'
import { dayOf } from './moment.ts'
import type { Insured } from './needs.ts'
import { type CareOfType, careOf, slotOf } from './settings.ts'
import type { Call, Refused } from './transaction.ts'
import { schemeOf } from './translate.ts'

/** What a benefit check is about (2001, data). */
export const benefitsAsked = {
  psn_no: must(text(30), '人员编号'),
  insutype: must(code('insutype', 6), '险种类型'),
  fixmedins_code: must(text(12), '定点医药机构编号'),
  med_type: must(code('med_type', 6), '医疗类别'),
  begntime: must(moment, '开始时间'),
  endtime: may(moment, '结束时间'),
  dise_codg: may(text(30), '病种编码'),
  dise_name: may(text(500), '病种名称'),
  oprn_oprt_code: may(text(30), '手术操作代码'),
  oprn_oprt_name: may(text(500), '手术操作名称'),
  matn_type: may(code('matn_type', 6), '生育类别'),
  birctrl_type: may(code('birctrl_type', 6), '计划生育手术类别'),
}

type BenefitsAsked = ReadBy<typeof benefitsAsked>

/** A fund (fund_pay_type), and why the person has nothing of it, in Chinese; absent where they have. */
export interface Benefit {
  readonly type: string
  readonly because?: string | undefined
}

/** The funds asked about, and the days that the coverage behind them is for. */
export interface Benefits {
  readonly benefits: readonly Benefit[]
  readonly from: Day
  readonly until?: Day | undefined
}

/** Which funds would pay a bill of the day asked about: what the engine says of one, never a table of our own. */
export async function benefitsOf(asked: BenefitsAsked, call: Call): Promise<Benefits | Refused> {
  const { settings, world } = call
  const scheme = schemeOf(settings, asked.insutype)
  const care = careOf(settings, asked.med_type)
  if (!scheme) return { refused: `险种${asked.insutype}不能单独结算` }
  if (!care) return { refused: `本统筹区没有医疗类别${asked.med_type}` }
  const insured = await world.people.byId(asked.psn_no)
  if (!insured) return { refused: world.explain(refuse('person-unknown')) }
  const on = dayOf(asked.begntime)
  const preview = await world.preview(probe(asked, { scheme, care, insured, on }))
  return {
    benefits: tellBenefits(preview, { scheme, care, insured, on }, call),
    ...spanOf(coverageOf(insured, scheme, on), on),
  }
}

interface Probed {
  readonly scheme: Scheme
  readonly care: CareOfType
  readonly insured: Insured
  readonly on: Day
}

/** More than any fund's limits, so that each fund whose turn it may come to is reached. */
const largeBill = parseYuan('1000000.00')

/** A bill that is only looked at: one large line of class A. */
function probe(
  { fixmedins_code: institution, dise_codg: disease }: BenefitsAsked,
  { scheme, care: { care, emergency }, insured, on }: Probed,
): Claim {
  const inHospital = care === 'inpatient' || care === 'delivery' || care === 'daySurgery'
  const born = care === 'maternityOutpatient' || care === 'delivery' || care === 'familyPlanning'
  return {
    institution,
    day: on,
    credential: { type: 'citizen-number', number: insured.citizenNumber },
    scheme,
    care,
    stay: inHospital ? { admission: on, discharge: on, interim: false } : undefined,
    useAccount: true,
    useFamilyAccount: false,
    maternity: born ? { kind: 'natural', fetuses: 1 } : undefined,
    disease,
    emergency,
    total: largeBill,
    lines: [
      {
        id: '1',
        item: 'probe',
        at: on,
        quantity: 10_000n as Claim['lines'][number]['quantity'],
        unitPrice: (largeBill * 10_000n) as Claim['lines'][number]['unitPrice'],
        amount: largeBill,
        classification: { class: 'A', firstSelfPayRate: nothing, funds: ['medical', 'maternity'] },
      },
    ],
  }
}

function tellBenefits(preview: Preview, probed: Probed, call: Call): Benefit[] {
  const { settings, world } = call
  if (preview.kind === 'preview') {
    const { scheme, trace, account } = preview.settlement
    const funds = trace.map(({ payer }) => payer).filter(isFund)
    const types = funds.map((fund) => slotOf(settings, scheme, fund).type)
    if (account > 0n) types.push(settings.accountType.type)
    return [...new Set(types)].map((type) => ({ type }))
  }
  const because = world.explain(preview.refusal).slice(0, 500)
  return fundsOf(probed, call).map((type) => ({ type, because }))
}

const isFund = (payer: string): boolean => payer !== 'hospital' && payer !== 'employer'

/** Every fund that the scheme's rules of the day name for this care, or the pool where they name none. */
function fundsOf({ scheme, care, insured, on }: Probed, { settings, world }: Call): string[] {
  const { rulebooks, regions } = world.deciding()
  const insuredIn = coverageOf(insured, scheme, on)?.region ?? insured.region
  const book = rulebooks.of(regions.regionOf(insuredIn)?.division ?? '')
  const rules = book?.rules.filter(
    (rule) =>
      rule.scheme === scheme &&
      rule.care.includes(care.care) &&
      rule.from <= on &&
      on <= rule.until,
  )
  const funds = rules?.flatMap(({ layers }) => layers.map(({ payer }) => payer)).filter(isFund)
  const named = funds === undefined || funds.length === 0 ? ['pool'] : funds
  return [...new Set(named.map((fund) => slotOf(settings, scheme, fund).type))]
}

const coverageOf = (
  { person: { coverages } }: Insured,
  scheme: Scheme,
  on: Day,
): Coverage | undefined => coverages.find((row) => row.scheme === scheme && covers(row, on))

function spanOf(coverage: Coverage | undefined, on: Day): Pick<Benefits, 'from' | 'until'> {
  if (!coverage) return { from: on }
  const { from, paused, until } = coverage
  return { from, until: paused === undefined ? until : dayBefore(paused) }
}
