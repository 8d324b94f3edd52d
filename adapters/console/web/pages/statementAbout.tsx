import type { Person, SettlementDetail, Stay } from '../api/types.ts'

export interface FormProps {
  readonly of: SettlementDetail
  readonly person: Person | undefined
  readonly institution: string | undefined
  /** What regions are called, as far as that is known. */
  readonly regions: ReadonlyMap<string, string>
}

const schemes: Readonly<Record<string, string>> = {
  employee: '职工基本医疗保险',
  resident: '城乡居民基本医疗保险',
  retiredCadre: '离休人员医疗保障',
  workInjury: '工伤保险',
  maternity: '生育保险',
  unemployment: '失业人员医疗保险',
  pension: '养老保险人员医疗',
}
const cares: Readonly<Record<string, string>> = {
  outpatient: '普通门诊',
  emergency: '急诊',
  specialOutpatient: '门诊慢特病',
  inpatient: '普通住院',
  daySurgery: '日间手术',
  pharmacy: '定点药店购药',
  maternityOutpatient: '产前检查',
  delivery: '住院分娩',
  familyPlanning: '计划生育手术',
  workInjury: '工伤门诊',
  workInjuryInpatient: '工伤住院',
  workInjuryRehabilitation: '工伤康复',
}
const routes: Readonly<Record<string, string>> = {
  local: '本地就医',
  inProvince: '省内异地就医',
  crossProvince: '跨省异地就医',
}
interface CellProps {
  readonly name: string
  readonly children: preact.ComponentChildren
  readonly wide?: number
}

export const Cell = ({ name, children, wide = 1 }: CellProps) => (
  <>
    <th scope="row">{name}</th>
    <td colSpan={wide}>{children}</td>
  </>
)

const day_ms = 86_400_000

/** Days of a stay as hospitals count them (住院天数): nights, and one for who leaves on the day they came. */
const daysOf = ({ admission, discharge }: Stay): number =>
  Math.max(1, Math.round((Date.parse(discharge) - Date.parse(admission)) / day_ms))

const nameAndCode = (name: string | undefined, code: string): string =>
  name === undefined ? code : `${name}（${code}）`

/** Who was treated where and when (参保人与就诊). */
export function About({ of: s, person, institution, regions }: FormProps) {
  const sex = person?.sex === 'male' ? '男' : person?.sex === 'female' ? '女' : ''
  return (
    <table>
      <caption class="unseen">参保人与就诊</caption>
      <tbody>
        <tr>
          <Cell name="姓名">{person?.name ?? ''}</Cell>
          <Cell name="性别">{sex}</Cell>
          <Cell name="证件号码">{person?.citizenNumber ?? ''}</Cell>
        </tr>
        <tr>
          <Cell name="人员编号">{s.person}</Cell>
          <Cell name="险种">{schemes[s.scheme] ?? s.scheme}</Cell>
          <Cell name="医疗类别">{cares[s.care] ?? s.care}</Cell>
        </tr>
        <tr>
          <Cell name="定点医药机构" wide={3}>
            {nameAndCode(institution, s.institution)}
          </Cell>
          <Cell name="结算日期">{s.day}</Cell>
        </tr>
        <tr>
          <Cell name="参保地">{nameAndCode(regions.get(s.homeRegion), s.homeRegion)}</Cell>
          <Cell name="就医地">{nameAndCode(regions.get(s.careRegion), s.careRegion)}</Cell>
          <Cell name="就医方式">{routes[s.route] ?? s.route}</Cell>
        </tr>
        {s.stay && (
          <tr>
            <Cell name="入院日期">{s.stay.admission}</Cell>
            <Cell name={s.stay.interim ? '截止日期' : '出院日期'}>{s.stay.discharge}</Cell>
            <Cell name="住院天数">
              {daysOf(s.stay)}
              {s.stay.interim && '（中途结算）'}
            </Cell>
          </tr>
        )}
        {(s.visit !== undefined || s.disease !== undefined) && (
          <tr>
            <Cell name="就诊编号" wide={3}>
              {s.visit ?? ''}
            </Cell>
            <Cell name="病种">{s.disease ?? ''}</Cell>
          </tr>
        )}
      </tbody>
    </table>
  )
}
