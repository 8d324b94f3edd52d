import type { SandboxPerson } from '../sandbox/world.ts'
import type { Piece, Sale, Stay, Visit } from './hospitalDayScript.ts'

type Fields = Readonly<Record<string, unknown>>

/** Whom a message is about, as the hospital's own register has them. */
export interface Patient {
  readonly psn_no: string
  readonly homeRegion: string
  readonly insutype: string
  readonly credential: Fields
}

const insutypes: Readonly<Record<string, string>> = {
  employee: '310',
  resident: '390',
  retiredCadre: '340',
}

/** A person of the sandbox world, presenting a card or a citizen number. */
export function patientOf(
  { person, citizenNumber, card, region }: SandboxPerson,
  byCard: boolean,
): Patient {
  return {
    psn_no: person.id,
    homeRegion: region,
    insutype: insutypes[person.coverages[0]?.scheme ?? ''] ?? '310',
    credential: byCard
      ? { mdtrt_cert_type: '03', mdtrt_cert_no: card.number, card_sn: card.serial }
      : { mdtrt_cert_type: '02', mdtrt_cert_no: citizenNumber },
  }
}

/** Yuan as a JSON number, of fen. */
export const yuan = (fen: number): number => fen / 100

export const sumOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, [, quantity, fen]) => sum + quantity * fen, 0)

const doctor = { atddr_no: 'DR1', dr_name: '演示医师', dept_code: 'D1', dept_name: '演示科室' }

const diagnosisOf = ({ code, name }: Visit['diagnosis'], day: string) => ({
  diag_type: '1',
  diag_srt_no: 1,
  diag_code: code,
  diag_name: name,
  diag_dept: '演示科室',
  dise_dor_no: 'DR1',
  dise_dor_name: '演示医师',
  diag_time: `${day} 08:30:00`,
  vali_flag: '1',
})

/** 2201 */
export const registration = (patient: Patient, number: string, day: string) => ({
  data: {
    psn_no: patient.psn_no,
    insutype: patient.insutype,
    begntime: `${day} 08:00:00`,
    ...patient.credential,
    ipt_otp_no: number,
    ...doctor,
    caty: 'A02',
  },
})

/** 2203 */
export const description = (visit: Visit, patient: Patient, mdtrt_id: string, day: string) => ({
  mdtrtinfo: {
    mdtrt_id,
    psn_no: patient.psn_no,
    med_type: visit.medType,
    begntime: `${day} 08:00:00`,
    dise_codg: visit.disease?.code ?? '',
    dise_name: visit.disease?.name ?? '',
  },
  diseinfo: [diagnosisOf(visit.diagnosis, day)],
})

export interface LinesAsked {
  readonly mdtrt_id: string
  readonly day: string
  readonly batch: string
  /** Line numbers begin with it, so that no two of a visit are the same. */
  readonly prefix: string
  readonly disease?: Visit['disease']
}

/** 2204 and 2301 */
export const fees = (pieces: readonly Piece[], { psn_no }: Patient, asked: LinesAsked) => ({
  feedetail: pieces.map(([item, quantity, fen], i) => ({
    feedetl_sn: `${asked.prefix}-${i + 1}`,
    mdtrt_id: asked.mdtrt_id,
    psn_no,
    chrg_bchno: asked.batch,
    dise_codg: asked.disease?.code ?? '',
    rx_circ_flag: '0',
    fee_ocur_time: `${asked.day} 08:10:00`,
    med_list_codg: item,
    medins_list_codg: `OWN-${item}`,
    det_item_fee_sumamt: yuan(quantity * fen),
    cnt: quantity,
    pric: yuan(fen),
    bilg_dept_codg: 'D1',
    bilg_dept_name: '演示科室',
    bilg_dr_codg: 'DR1',
    bilg_dr_name: '演示医师',
    hosp_appr_flag: '1',
  })),
})

/** What 2206, 2207, 2303 and 2304 have in common. */
export const bill = (
  patient: Patient,
  mdtrt_id: string,
  fen: number,
  useAccount: boolean,
  more: Fields,
) => ({
  data: {
    psn_no: patient.psn_no,
    ...patient.credential,
    medfee_sumamt: yuan(fen),
    psn_setlway: '01',
    mdtrt_id,
    insutype: patient.insutype,
    acct_used_flag: useAccount ? '1' : '0',
    invono: '',
    ...more,
  },
})

/** 2401 */
export const admission = (stay: Stay, patient: Patient, number: string, from: string) => ({
  mdtrtinfo: {
    psn_no: patient.psn_no,
    insutype: patient.insutype,
    begntime: `${from} 09:00:00`,
    ...patient.credential,
    med_type: stay.medType,
    ipt_no: number,
    atddr_no: 'DR1',
    chfpdr_name: '演示医师',
    adm_diag_dscr: stay.diagnosis.name,
    adm_dept_codg: 'D1',
    adm_dept_name: '演示科室',
    adm_bed: '01',
    dscg_maindiag_code: stay.diagnosis.code,
    dscg_maindiag_name: stay.diagnosis.name,
  },
  diseinfo: [{ ...diagnosisOf(stay.diagnosis, from), maindiag_flag: '1', adm_cond: '一般' }],
})

/** 2402 */
export const discharge = (stay: Stay, patient: Patient, mdtrt_id: string, day: string) => ({
  dscginfo: {
    mdtrt_id,
    psn_no: patient.psn_no,
    insutype: patient.insutype,
    endtime: `${day} 08:00:00`,
    dscg_dept_codg: 'D1',
    dscg_dept_name: '演示科室',
    dscg_bed: '01',
    dscg_way: '1',
    ...(stay.birth ? { matn_type: '2', fetus_cnt: 1 } : {}),
  },
  diseinfo: [
    {
      ...diagnosisOf(stay.diagnosis, day),
      psn_no: patient.psn_no,
      mdtrt_id,
      maindiag_flag: '1',
    },
  ],
})

/** 2101 and 2102 */
export const saleOf = (sale: Sale, patient: Patient, day: string, packages: readonly string[]) => ({
  druginfo: {
    psn_no: patient.psn_no,
    ...patient.credential,
    begntime: `${day} 08:10:00`,
    medfee_sumamt: yuan(sumOf(sale.pieces)),
    invono: '',
    insutype: patient.insutype,
    dise_codg: '',
    dise_name: '',
    acct_used_flag: sale.useAccount ? '1' : '0',
    med_type: '41',
  },
  drugdetail: sale.pieces.map(([item, quantity, fen], i) => ({
    feedetl_sn: `S-${i + 1}`,
    rxno: sale.prescribed ? 'RX1' : '',
    rx_circ_flag: sale.prescribed ? '1' : '0',
    fee_ocur_time: `${day} 08:10:00`,
    med_list_codg: item,
    medins_list_codg: `OWN-${item}`,
    det_item_fee_sumamt: yuan(quantity * fen),
    cnt: quantity,
    pric: yuan(fen),
    drugtracinfo: i === 0 ? packages.map((drug_trac_codg) => ({ drug_trac_codg })) : [],
  })),
})
