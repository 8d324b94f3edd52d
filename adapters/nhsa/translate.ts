import type { ChargeClass, Credential, Scheme } from '../../engine/claim.ts'
import { isCitizenNumber } from '../../engine/identity.ts'
import type { HospitalLevel } from '../../engine/institution.ts'
import type { Group, Person } from '../../engine/person.ts'
import type { RegionSettings } from './settings.ts'

/** Schemes and the national codes they have (险种类型, insutype). Work injury, unemployment and pension have none. */
const nationalSchemes: Readonly<Partial<Record<Scheme, string>>> = {
  employee: '310',
  resident: '390',
  retiredCadre: '340',
  maternity: '510',
}

/** Older names of a scheme, which are still sent: the new rural scheme and the urban residents' became one. */
const olderSchemes: readonly (readonly [string, Scheme])[] = [
  ['380', 'resident'],
  ['391', 'resident'],
]

/** Whether the national table knows a scheme: only those appear in 1101. */
export const hasNationalCode = (scheme: string): boolean => scheme in nationalSchemes

/** The code of a scheme (insutype): the nation's, or the region's own where the nation has none. */
export function insutypeOf(
  { insutypes }: Pick<RegionSettings, 'insutypes'>,
  scheme: Scheme,
): string {
  const code = insutypes.get(scheme) ?? nationalSchemes[scheme]
  if (code === undefined) throw new Error(`No insutype is configured for ${scheme}.`)
  return code
}

/** The scheme that a code means in a region; supplements (320, 330, 370) are no scheme to settle under. */
export function schemeOf(
  { insutypes }: Pick<RegionSettings, 'insutypes'>,
  insutype: string,
): Scheme | undefined {
  const known: (readonly [string, Scheme])[] = [
    ...[...insutypes].map(([scheme, code]) => [code, scheme] as const),
    ...Object.entries(nationalSchemes).map(([scheme, code]) => [code, scheme as Scheme] as const),
    ...olderSchemes,
  ]
  return known.find(([code]) => insutype.startsWith(code))?.[1]
}

/** Supplements that 1101 lists beside a scheme: civil servants' 公务员医疗补助 and enterprises' 企业补充. */
export const supplementTypes = { civilServant: '320', enterpriseSupplement: '370' } as const

const psnTypes: Readonly<Record<Group, string>> = {
  working: '11',
  retired: '12',
  retiredCadre: '13',
  child: '14',
  student: '1404',
  adult: '15',
  elder: '16',
}

/** The code of a population group (人员类别, psn_type). */
export const psnTypeOf = (group: Group): string => psnTypes[group]

/** The population group that a code means, by its longest prefix. */
export const groupOf = (psnType: string): Group | undefined =>
  (Object.entries(psnTypes) as [Group, string][])
    .toSorted(([, a], [, b]) => b.length - a.length)
    .find(([, code]) => psnType.startsWith(code))?.[0]

const chrgitmLevels: Readonly<Record<ChargeClass, string>> = { A: '01', B: '02', C: '03' }

/** The code of a charge class (收费项目等级, chrgitm_lv). */
export const chrgitmLvOf = (of: ChargeClass): string => chrgitmLevels[of]
export const classOf = (chrgitmLv: string): ChargeClass | undefined =>
  (Object.entries(chrgitmLevels) as [ChargeClass, string][]).find(([, code]) =>
    chrgitmLv.startsWith(code),
  )?.[0]

const hospLevels: Readonly<Record<HospitalLevel, string>> = {
  tertiary: '02',
  secondary: '05',
  primary: '08',
  community: '11',
  none: '11',
}

/** The code of a hospital level (医院等级, hosp_lv); which of its grades A to C is not kept. */
export const hospLvOf = (level: HospitalLevel): string => hospLevels[level]

const levelsByCode: readonly (readonly [HospitalLevel, readonly string[]])[] = [
  ['tertiary', ['01', '02', '03', '04']],
  ['secondary', ['05', '06', '07']],
  ['primary', ['08', '09', '10']],
  ['none', ['11']],
]

/** The hospital level that a code means. */
export const levelOf = (hospLv: string): HospitalLevel | undefined =>
  levelsByCode.find(([, codes]) => codes.some((code) => hospLv.startsWith(code)))?.[0]

const credentialTypes: Readonly<Record<Credential['type'], string>> = {
  'e-card': '01',
  'citizen-number': '02',
  card: '03',
}

/** The code of a kind of credential (就诊凭证类型, mdtrt_cert_type). */
export const mdtrtCertTypeOf = (type: Credential['type']): string => credentialTypes[type]
export const credentialTypeOf = (mdtrtCertType: string): Credential['type'] | undefined =>
  (Object.entries(credentialTypes) as [Credential['type'], string][]).find(([, code]) =>
    mdtrtCertType.startsWith(code),
  )?.[0]

/** The kind of document (人员证件类型, psn_cert_type) that a number is of. */
export const psnCertTypeOf = (number: string): string => (isCitizenNumber(number) ? '01' : '99')

/** The code of a sex (性别, gend). */
export const gendOf = (sex: Person['sex']): string => (sex === 'male' ? '1' : '2')

/** What is presented (就诊凭证); nothing where no number is given. Whether it is well-formed is the engine's to say. */
export function credentialOf(presented: {
  readonly mdtrt_cert_type: string
  readonly mdtrt_cert_no?: string | undefined
  readonly card_sn?: string | undefined
}): Credential | undefined {
  const type = credentialTypeOf(presented.mdtrt_cert_type)
  const given = presented.mdtrt_cert_no?.trim()
  if (type === undefined || !given) return undefined
  if (type === 'e-card') return { type, number: given }
  const number = given.toUpperCase()
  if (type === 'citizen-number') return { type, number }
  return { type, number, cardSn: presented.card_sn?.trim().toUpperCase() }
}
