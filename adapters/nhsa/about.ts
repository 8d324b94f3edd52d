import type { MaternityClaim, Scheme } from '../../engine/claim.ts'
import type { Person } from '../../engine/person.ts'
import type { About, Visit } from '../../engine/visit.ts'
import { must, may, type ReadBy, type Table } from './field.ts'
import { code, count, moment, text } from './kinds.ts'
import { type CareOfType, careOf, type RegionSettings } from './settings.ts'
import type { Refused } from './transaction.ts'
import { schemeOf } from './translate.ts'

/** 诊断信息 diseinfo of 2203, 2401 and 2402. */
export const diagnosisTable = {
  diag_type: must(code('diag_type', 3), '诊断类别'),
  diag_srt_no: must(count(2), '诊断排序号'),
  diag_code: must(text(20), '诊断代码'),
  diag_name: must(text(100), '诊断名称'),
  diag_dept: may(text(50), '诊断科室'),
  dise_dor_no: may(text(30), '诊断医生编码'),
  dise_dor_name: may(text(50), '诊断医生姓名'),
  diag_time: may(moment, '诊断时间'),
  vali_flag: may(code('flag', 3), '有效标志'),
} as const satisfies Table

type Diagnosis = ReadBy<typeof diagnosisTable>

/** The codes of the diagnoses that hold, the main one first. */
export const diagnosisCodes = (diagnoses: readonly Diagnosis[]): string[] =>
  diagnoses
    .filter(({ vali_flag }) => vali_flag !== '0')
    .toSorted((a, b) => a.diag_srt_no - b.diag_srt_no)
    .map(({ diag_code }) => diag_code)

/** What of a message says what a visit is about. */
export interface Typed {
  readonly med_type: string
  readonly dise_codg?: string | undefined
  readonly matn_type?: string | undefined
  readonly birctrl_type?: string | undefined
  readonly fetus_cnt?: number | undefined
  /** 外伤标志 and 涉及第三方标志: 0 is the declaration that no third party is liable. */
  readonly trum_flag?: string | undefined
  readonly rel_ttp_flag?: string | undefined
  readonly diagnoses?: readonly string[] | undefined
}

/** What a message says of a visit, in our words; nothing where its med_type is not one of the region's. */
export function aboutOf(settings: Pick<RegionSettings, 'care'>, typed: Typed): About | undefined {
  const type = careOf(settings, typed.med_type)
  if (!type) return undefined
  const { care, emergency } = type
  return {
    care,
    emergency,
    disease: takesDisease(type) ? typed.dise_codg : undefined,
    externalInjury: isExternal(type, typed)
      ? { noThirdParty: typed.rel_ttp_flag === '0' }
      : undefined,
    injury: care.startsWith('workInjury')
      ? { certification: '', diagnoses: typed.diagnoses ?? [], recurrence: false }
      : undefined,
    maternity: maternityOf(type, typed),
  }
}

/** A filed disease, or one that is priced as a whole (单病种); elsewhere dise_codg says nothing to a rule. */
const takesDisease = ({ care }: CareOfType): boolean =>
  care === 'specialOutpatient' || care === 'inpatient' || care === 'daySurgery'

const isExternal = ({ externalInjury }: CareOfType, { trum_flag }: Typed): boolean =>
  externalInjury || trum_flag === '1'

/** Kinds of birth and check by matn_type, as rule packs call them. */
const maternityKinds: Readonly<Record<string, string>> = {
  '1': 'natural',
  '2': 'assisted',
  '3': 'caesarean',
  '4': 'difficult',
  '5': 'miscarriage',
  '6': 'induction',
  '7': 'prenatal',
  '9': 'other',
}

function maternityOf({ care }: CareOfType, typed: Typed): MaternityClaim | undefined {
  const usual = { maternityOutpatient: 'prenatal', delivery: 'natural', familyPlanning: 'other' }
  if (!(care in usual)) return undefined
  const told = maternityKinds[typed.matn_type?.slice(0, 1) ?? '']
  return { kind: told ?? usual[care as keyof typeof usual], fetuses: typed.fetus_cnt ?? 1 }
}

/** What a settlement says of its visit, filled up with what was told before where both speak of the same. */
export function aboutNow(said: About, { about: before }: Pick<Visit, 'about'>): About {
  return {
    ...said,
    disease: said.disease ?? (said.care === before.care ? before.disease : undefined),
    externalInjury:
      before.externalInjury && said.care === before.care
        ? before.externalInjury
        : said.externalInjury,
    injury: said.injury && (before.injury ?? said.injury),
    maternity: said.maternity && (before.maternity ?? said.maternity),
  }
}

/** Said where a med_type is not one of the region's. */
export const typeNotServed = (medType: string): string =>
  `本统筹区不受理医疗类别（med_type）${medType}`

const onlyStays: ReadonlySet<About['care']> = new Set([
  'inpatient',
  'daySurgery',
  'delivery',
  'workInjuryInpatient',
])

/** Why a med_type is none of an outpatient visit or a sale: a stay's rules would split a bill that is of no stay. */
export const refuseStayType = (
  { care }: Pick<About, 'care'>,
  medType: string,
): Refused | undefined =>
  onlyStays.has(care)
    ? { refused: `医疗类别（med_type）${medType}是住院类别，不能用于门诊或购药。` }
    : undefined

/**
 * The scheme that an insutype asks for. Work injury has no national code, so its med_type says it; maternity is part of
 * the employees' insurance where nobody is insured for it alone. Undefined where no bill is settled under the code.
 */
export function schemeAsked(
  settings: Pick<RegionSettings, 'insutypes'>,
  insutype: string,
  care: About['care'],
  person: Pick<Person, 'coverages'> | undefined,
): Scheme | undefined {
  if (care?.startsWith('workInjury')) return 'workInjury'
  const scheme = schemeOf(settings, insutype)
  if (scheme !== 'maternity') return scheme
  return person?.coverages.some((c) => c.scheme === 'maternity') === true ? 'maternity' : 'employee'
}

/** Said where an insutype is no scheme that bills are settled under. */
export const schemeNotServed = (insutype: string): string =>
  `险种类型（insutype）${insutype}不能用于结算`
