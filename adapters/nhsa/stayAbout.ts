import type { CareKind } from '../../engine/claim.ts'
import type { Json } from '../../engine/dossier.ts'
import type { Person } from '../../engine/person.ts'
import type { About, Details } from '../../engine/visit.ts'
import { aboutOf, schemeAsked, schemeNotServed, type Typed } from './about.ts'
import type { ReadBy, Table } from './field.ts'
import { careOf, type RegionSettings } from './settings.ts'
import { stayDiagnosisTable } from './stayTables.ts'
import type { Refused } from './transaction.ts'
import { schemeOf } from './translate.ts'
import { writeTable } from './write.ts'

/** Kinds of care that a stay may be for. */
const stays: ReadonlySet<CareKind> = new Set([
  'inpatient',
  'daySurgery',
  'delivery',
  'familyPlanning',
  'workInjuryInpatient',
  'workInjuryRehabilitation',
])

/** What of a message is checked before anybody is asked for. */
interface StaySaid {
  readonly psn_no: string
  readonly mdtrt_id?: string | undefined
  readonly med_type?: string | undefined
  readonly insutype?: string | undefined
}

type Diagnosis = ReadBy<typeof stayDiagnosisTable>

/** Why a message can be about no stay, whoever it is for: another's diagnoses, or codes that no stay has here. */
export function refuseStay(
  { psn_no, mdtrt_id, med_type, insutype }: StaySaid,
  diagnoses: readonly Diagnosis[],
  settings: RegionSettings,
): Refused | undefined {
  const strange = diagnoses.find(
    (one) => (one.psn_no ?? psn_no) !== psn_no || (one.mdtrt_id ?? mdtrt_id) !== mdtrt_id,
  )
  if (strange) return { refused: `诊断${strange.diag_srt_no}的人员编号或就诊ID与住院信息不一致。` }
  const care = med_type === undefined ? undefined : careOf(settings, med_type)?.care
  if (med_type !== undefined && (care === undefined || !stays.has(care)))
    return { refused: `医疗类别（med_type）${med_type}不是本统筹区受理的住院类别。` }
  const isInjury = care?.startsWith('workInjury') === true
  if (insutype !== undefined && !isInjury && schemeOf(settings, insutype) === undefined)
    return { refused: schemeNotServed(insutype) }
  return undefined
}

/** The wire's words of a stay, as they were told so far: each transaction tells some of them. */
export type StayDetails = Details & {
  readonly med_type?: string
  readonly insutype?: string
  readonly dscg_maindiag_code?: string
  readonly diseinfo?: readonly { readonly maindiag_flag?: string; readonly diag_code?: string }[]
}

/** What a stay is about, in our words, by all that was told of it until now. */
export function aboutStay(
  details: StayDetails,
  settings: RegionSettings,
  person: Person | undefined,
): About {
  const { med_type = '', insutype = '' } = details
  const main = mainDiagnosis(details)
  const typed = {
    ...details,
    med_type,
    // Some clients write 0 where nobody is born yet.
    fetus_cnt: details.fetus_cnt || undefined,
    diagnoses: main === undefined ? [] : [main],
  } as Typed
  const about = aboutOf(settings, typed) ?? {}
  const scheme = schemeAsked(settings, insutype, about.care, person)
  // Work injury has no national insutype: its med_type says it, or the region's own code beside a usual med_type.
  if (scheme !== 'workInjury' || about.care !== 'inpatient') return { ...about, scheme }
  return {
    ...about,
    scheme,
    care: 'workInjuryInpatient',
    injury: { certification: '', diagnoses: typed.diagnoses ?? [], recurrence: false },
  }
}

/**
 * The principal diagnosis (主诊断): as marked among the diagnoses, or else as the stay names it. A work injury is claimed
 * for it alone: the others on the sheet may be of other diseases, whose fees are a bill of their own (decision 10).
 */
const mainDiagnosis = ({ diseinfo = [], dscg_maindiag_code }: StayDetails): string | undefined =>
  diseinfo.find(({ maindiag_flag }) => maindiag_flag === '1')?.diag_code ?? dscg_maindiag_code

/** What was told, as it was told and without what was left empty, to be told again by queries. */
export function stayDetails<T extends Table>(
  table: T,
  told: ReadBy<T>,
  diagnoses: readonly Diagnosis[] = [],
): StayDetails {
  const list = diagnoses.map((one) => plain(stayDiagnosisTable, one))
  return { ...plain(table, told), ...(list.length > 0 ? { diseinfo: list } : {}) }
}

const plain = <T extends Table>(table: T, told: ReadBy<T>): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(writeTable(table, told)).filter(([, value]) => value !== null),
  ) as Record<string, Json>
