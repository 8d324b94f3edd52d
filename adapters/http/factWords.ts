import type { CareKind, Scheme } from '../../engine/claim.ts'
import type { AgreementKind } from '../../engine/institution.ts'
import type { FactValue } from '../../engine/refusal.ts'
import type { VisitKind } from '../../engine/visit.ts'
import { becauseWords, documentWords, inChineseOf, serviceWords, stateSaid } from './cardWords.ts'
import { actWords, caseStateWords, deskBecause } from './deskWords.ts'
import { clearingStates, clearingSteps } from './clearingWords.ts'
import { filingDocumentWords, reachWords } from './filingMessages.ts'
import { quickBecause } from './quickWords.ts'

const schemes: Readonly<Record<Scheme, string>> = {
  employee: '职工基本医疗保险',
  resident: '城乡居民基本医疗保险',
  retiredCadre: '离休人员医疗保障',
  workInjury: '工伤保险',
  maternity: '生育保险',
  unemployment: '失业保险',
  pension: '养老保险',
}

const cares: Readonly<Record<CareKind, string>> = {
  outpatient: '普通门诊',
  emergency: '急诊',
  specialOutpatient: '门诊慢特病',
  inpatient: '住院',
  daySurgery: '日间手术',
  pharmacy: '药店购药',
  maternityOutpatient: '生育门诊',
  delivery: '生育住院',
  familyPlanning: '计划生育',
  workInjury: '工伤门诊',
  workInjuryInpatient: '工伤住院',
  workInjuryRehabilitation: '工伤康复',
}

const agreements: Readonly<Record<AgreementKind, string>> = {
  outpatient: '门诊',
  inpatient: '住院',
  specialOutpatient: '门诊慢特病',
  workInjury: '工伤',
  maternity: '生育',
  crossRegion: '异地就医',
  pharmacy: '零售药店',
  pooledPharmacy: '门诊统筹药店',
}

const credentials: Readonly<Record<string, string>> = {
  'citizen-number': '居民身份证',
  card: '社会保障卡',
  'e-card': '医保电子凭证',
}

const kinds: Readonly<Record<VisitKind, string>> = {
  outpatient: '门诊（2208）',
  inpatient: '住院（2305）',
  pharmacy: '药店（2103）',
}

/** The facts of a refusal whose values are words of ours, and what these are called in Chinese. */
const words: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  scheme: schemes,
  care: cares,
  agreement: agreements,
  type: credentials,
  kind: kinds,
  service: inChineseOf(serviceWords),
  state: { ...inChineseOf(stateSaid), ...clearingStates },
  caseState: caseStateWords,
  step: clearingSteps,
  act: actWords,
  needed: inChineseOf(documentWords),
  because: { ...inChineseOf(becauseWords), ...quickBecause, ...deskBecause },
  documents: filingDocumentWords,
  reach: reachWords,
}

const instantForm = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):\d{2}(?:\.\d{3})?\+08:00$/

/** Our words in Chinese, moments as a desk reads them; anything else stands as it is. */
export const wordsInChinese = (
  facts: Readonly<Record<string, FactValue>>,
): Record<string, FactValue> =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      wordOf(Object.hasOwn(words, name) ? words[name] : undefined, value),
    ]),
  )

const wordOf = (
  known: Readonly<Record<string, string>> | undefined,
  value: FactValue,
): FactValue => {
  const words = new Map(Object.entries(known ?? {}))
  const inChinese = (text: string): string => words.get(text) ?? text.replace(instantForm, '$1 $2')
  if (typeof value === 'string') return inChinese(value)
  return Array.isArray(value) ? value.map(inChinese) : value
}
