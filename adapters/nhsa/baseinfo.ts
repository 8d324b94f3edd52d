import type { Scheme } from '../../engine/claim.ts'
import { ageOn, covers, type Day } from '../../engine/day.ts'
import type { Json } from '../../engine/dossier.ts'
import { type Fen, zero } from '../../engine/money.ts'
import type { Coverage, Person } from '../../engine/person.ts'
import { type Kind, many, may, must, one, type WrittenNodes } from './field.ts'
import { amount, code, day, moment, text } from './kinds.ts'
import { readMoment } from './moment.ts'
import type { RegionSettings } from './settings.ts'
import {
  gendOf,
  hasNationalCode,
  insutypeOf,
  psnCertTypeOf,
  psnTypeOf,
  supplementTypes,
} from './translate.ts'

/** 数值型4,1: an age in years. */
const age: Kind<number> = {
  type: '数值型4,1',
  read: (given) => {
    const value = Number(given)
    return value >= 0 && value < 1000 ? { value } : { wrong: '须为年龄' }
  },
  write: (value) => value,
}

/** What is told of a person (人员信息) by 1101, 1161 and 1162. */
export const personNodes = {
  baseinfo: one({
    psn_no: must(text(30), '人员编号'),
    psn_cert_type: must(code('psn_cert_type', 6), '人员证件类型'),
    certno: must(text(50), '证件号码'),
    psn_name: must(text(50), '人员姓名'),
    gend: must(code('gend', 6), '性别'),
    naty: may(text(3), '民族'),
    brdy: may(day, '出生日期'),
    age: must(age, '年龄'),
  }),
  insuinfo: many({
    balc: must(amount, '余额'),
    insutype: must(code('insutype', 6), '险种类型'),
    psn_type: must(code('psn_type', 6), '人员类别'),
    psn_insu_stas: may(code('psn_insu_stas', 6), '人员参保状态'),
    psn_insu_date: may(day, '个人参保日期'),
    paus_insu_date: may(day, '暂停参保日期'),
    cvlserv_flag: must(code('flag', 3), '公务员标志'),
    insuplc_admdvs: must(text(6), '参保地医保区划'),
    emp_name: may(text(200), '单位名称'),
  }),
  idetinfo: many({
    psn_idet_type: must(text(3), '人员身份类别'),
    psn_type_lv: may(text(3), '人员类别等级'),
    memo: may(text(500), '备注'),
    begntime: must(moment, '开始时间'),
    endtime: may(moment, '结束时间'),
  }),
} as const

export type PersonTold = WrittenNodes<typeof personNodes>

/** Somebody who may be told of. */
export interface Known {
  readonly person: Person
  readonly name: string
  readonly citizenNumber: string
  readonly balance: Fen
  readonly ethnicGroup?: string | undefined
  readonly employer?: string | undefined
}

/** Tells a person as insured on a day: one row of insuinfo for each scheme that has a national code. */
export function tellPerson(known: Known, settings: RegionSettings, on: Day): PersonTold {
  const { person, name, citizenNumber, ethnicGroup: naty } = known
  return {
    baseinfo: {
      psn_no: person.id,
      psn_cert_type: psnCertTypeOf(citizenNumber),
      certno: citizenNumber,
      psn_name: name,
      gend: gendOf(person.sex),
      naty,
      brdy: person.birth,
      age: ageOn(person.birth, on),
    },
    insuinfo: rowsOf(person.coverages, on).map((row) => tellCoverage(row, known, settings, on)),
    idetinfo: person.identities.filter((each) => covers(each, on)).map(tellIdentity),
  }
}

/** Of each scheme the row of the day, or else the last one that ended before; what has not begun is not told. */
function rowsOf(coverages: readonly Coverage[], on: Day): Coverage[] {
  const rows = new Map<Coverage['scheme'], Coverage>()
  const begun = coverages
    .filter(
      (row) => row.from <= on && (hasNationalCode(row.scheme) || row.scheme in supplementTypes),
    )
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
  for (const row of begun) rows.set(row.scheme, row)
  return [...rows.values()]
}

function tellCoverage(
  row: Coverage,
  { person, balance, employer }: Known,
  settings: RegionSettings,
  on: Day,
): PersonTold['insuinfo'][number] {
  return {
    // The personal account (个人账户) belongs to the employees' scheme; no other row holds money.
    balc: row.scheme === 'employee' ? balance : zero,
    insutype: codeOfScheme(row.scheme, settings),
    psn_type: psnTypeOf(row.group),
    psn_insu_stas: statusOf(row, on),
    psn_insu_date: row.from,
    paus_insu_date: row.paused !== undefined && row.paused <= on ? row.paused : undefined,
    cvlserv_flag: isCivilServant(person, on) ? '1' : '0',
    insuplc_admdvs: row.region,
    emp_name: row.scheme === 'employee' ? employer : undefined,
  }
}

const codeOfScheme = (scheme: Coverage['scheme'], settings: RegionSettings): string =>
  scheme in supplementTypes
    ? supplementTypes[scheme as keyof typeof supplementTypes]
    : insutypeOf(settings, scheme as Scheme)

/** 1 in force, 2 paused, 4 ended (人员参保状态, psn_insu_stas). */
function statusOf(row: Coverage, on: Day): string {
  if (!covers(row, on)) return '4'
  return row.paused !== undefined && row.paused <= on ? '2' : '1'
}

const isCivilServant = ({ civilServant, coverages }: Person, on: Day): boolean =>
  civilServant ||
  coverages.some((row) => row.scheme === 'civilServant' && statusOf(row, on) === '1')

/** No public table of identity classes (人员身份类别) is confirmed, so the class is told as "other" and in words. */
const otherIdentity = '99'
const identityNames: Readonly<Record<string, string>> = {
  'minimum-living': '最低生活保障对象',
}

const tellIdentity = ({
  kind,
  from,
  until,
}: Person['identities'][number]): PersonTold['idetinfo'][number] => ({
  psn_idet_type: otherIdentity,
  psn_type_lv: undefined,
  memo: identityNames[kind] ?? kind,
  begntime: readMoment(from) ?? 0,
  endtime: until === undefined ? undefined : readMoment(`${until} 23:59:59`),
})

/** What was told, as an answer keeps it: JSON has no whole numbers of that size, so balances become text. */
export const keepPerson = (told: PersonTold): Json => ({
  ...told,
  insuinfo: told.insuinfo.map((row) => ({ ...row, balc: String(row.balc) })),
})

/** What was told when the message came first. */
export function keptPerson(kept: Json): PersonTold {
  const told = kept as unknown as PersonTold
  return {
    ...told,
    insuinfo: told.insuinfo.map((row) => ({ ...row, balc: BigInt(row.balc) as Fen })),
  }
}
