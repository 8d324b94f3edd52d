import type { Division } from '../../engine/claim.ts'
import { parseDay } from '../../engine/day.ts'
import type { AgreementKind, HospitalLevel, Institution } from '../../engine/institution.ts'
import { type Picker, pickerOf, zipf } from './draw.ts'

/** What people go to: one picker a kind, since nobody compares a pharmacy with a hospital. */
export interface Institutions {
  readonly all: readonly Institution[]
  readonly hospital: Picker<Institution>
  readonly clinic: Picker<Institution>
  readonly pharmacy: Picker<Institution>
}

interface Sort {
  readonly letter: string
  readonly count: number
  readonly type: string
  readonly name: string
  readonly level: HospitalLevel
  readonly agreements: readonly AgreementKind[]
}

const hospitalAgreements = ['outpatient', 'inpatient', 'specialOutpatient', 'crossRegion'] as const
const sorts: readonly Sort[] = [
  {
    letter: 'A',
    count: 6,
    type: 'hospital',
    name: '三级医院',
    level: 'tertiary',
    agreements: hospitalAgreements,
  },
  {
    letter: 'B',
    count: 14,
    type: 'hospital',
    name: '二级医院',
    level: 'secondary',
    agreements: hospitalAgreements,
  },
  {
    letter: 'C',
    count: 80,
    type: 'community',
    name: '社区卫生服务中心',
    level: 'community',
    agreements: ['outpatient', 'specialOutpatient'],
  },
  {
    letter: 'D',
    count: 150,
    type: 'pharmacy',
    name: '药店',
    level: 'none',
    agreements: ['pharmacy', 'pooledPharmacy'],
  },
]

/** Six big hospitals, fourteen smaller ones, many clinics and more pharmacies, of which a few have most of the people. */
export function institutionsOf(region: Division): Institutions {
  const all = sorts.flatMap((sort) =>
    Array.from({ length: sort.count }, (_, i) => institutionOf(region, sort, i + 1)),
  )
  const of = (...types: string[]): Institution[] => all.filter(({ type }) => types.includes(type))
  return {
    all,
    hospital: pickerOf(of('hospital'), zipf),
    clinic: pickerOf(of('community'), zipf),
    pharmacy: pickerOf(of('pharmacy'), zipf),
  }
}

const always = parseDay('2020-01-01')

function institutionOf(region: Division, sort: Sort, number: number): Institution {
  const { letter, type, name, level, agreements } = sort
  return {
    code: `${type === 'pharmacy' ? 'P' : 'H'}${region}${letter}${String(number).padStart(4, '0')}`,
    name: `演示${name}${number}`,
    type,
    level,
    division: region,
    cardEvidence: 'reader-trusted',
    agreements: agreements.map((kind) => ({ kind, from: always })),
  }
}
