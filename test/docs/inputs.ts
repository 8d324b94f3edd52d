import { person } from '../adapters/nhsa/envelopes.ts'

type Fields = Readonly<Record<string, unknown>>

/** Somebody of the sandbox world, and how they show who they are: with their citizen number. */
export function patient(key: string) {
  const { person: known, citizenNumber, name } = person(key)
  return {
    psn_no: known.id,
    name,
    certno: citizenNumber,
    credential: { mdtrt_cert_type: '02', mdtrt_cert_no: citizenNumber },
  }
}

export type Patient = ReturnType<typeof patient>

const doctor = { dise_dor_no: 'DR1', dise_dor_name: '演示医师' }
const department = { dept_code: 'D1', dept_name: '演示科室' }

const diagnosis = (diag_time: string, more: Fields = {}): Fields => ({
  diag_type: '1',
  diag_srt_no: '1',
  diag_code: 'I10.x00',
  diag_name: '原发性高血压',
  diag_dept: '演示科室',
  ...doctor,
  diag_time,
  ...more,
})

/** 2201 */
export const registration = ({ psn_no, credential }: Patient, ipt_otp_no: string): Fields => ({
  data: {
    psn_no,
    insutype: '310',
    begntime: '2026-03-02 08:40:00',
    ...credential,
    ipt_otp_no,
    atddr_no: 'DR1',
    dr_name: '演示医师',
    ...department,
    caty: 'A02',
  },
})

/** 2203A */
export const consultation = ({ psn_no }: Patient, mdtrt_id: string): Fields => ({
  mdtrtinfo: { mdtrt_id, psn_no, med_type: '11', begntime: '2026-03-02 08:40:00' },
  diseinfo: [diagnosis('2026-03-02 08:45:00', { vali_flag: '1' })],
})

interface Line {
  readonly id: string
  readonly item: string
  readonly count: number
  readonly price: number
  readonly at?: string
  readonly traces?: readonly string[]
}

const amountOf = ({ count, price }: Line): number => Math.round(count * price * 100) / 100

export const totalOf = (lines: readonly Line[]): number =>
  Math.round(lines.reduce((sum, line) => sum + amountOf(line), 0) * 100) / 100

/** 2204 and 2301 */
export const fees = (
  { psn_no }: Patient,
  mdtrt_id: string,
  lines: readonly Line[],
  more: Fields = {},
): Fields => ({
  feedetail: lines.map((line) => ({
    feedetl_sn: line.id,
    mdtrt_id,
    psn_no,
    ...more,
    fee_ocur_time: line.at ?? '2026-03-02 08:50:00',
    med_list_codg: line.item,
    medins_list_codg: `OWN-${line.item.slice(-4)}`,
    det_item_fee_sumamt: amountOf(line),
    cnt: line.count,
    pric: line.price,
    bilg_dept_codg: 'D1',
    bilg_dept_name: '演示科室',
    bilg_dr_codg: 'DR1',
    bilg_dr_name: '演示医师',
    hosp_appr_flag: '1',
    ...(line.traces && {
      drugtracinfo: line.traces.map((drug_trac_codg) => ({ drug_trac_codg })),
    }),
  })),
})

/** 2206A and 2207A */
export const outpatientBill = (
  { psn_no, credential }: Patient,
  mdtrt_id: string,
  total: number,
): Fields => ({
  data: {
    psn_no,
    ...credential,
    med_type: '11',
    medfee_sumamt: total,
    psn_setlway: '01',
    mdtrt_id,
    chrg_bchno: 'B1',
    insutype: '310',
    acct_used_flag: '1',
  },
})

/** 2401 */
export const admission = ({ psn_no, credential }: Patient): Fields => ({
  mdtrtinfo: {
    psn_no,
    insutype: '310',
    begntime: '2026-02-23 08:30:00',
    ...credential,
    med_type: '21',
    ipt_no: 'I1',
    atddr_no: 'DR1',
    chfpdr_name: '演示医师',
    adm_diag_dscr: '原发性高血压',
    adm_dept_codg: 'D1',
    adm_dept_name: '演示科室',
    adm_bed: '01',
    dscg_maindiag_code: 'I10.x00',
    dscg_maindiag_name: '原发性高血压',
  },
  diseinfo: [diagnosis('2026-02-23 08:45:00', { maindiag_flag: '1', adm_cond: '一般' })],
})

/** 2402 */
export const discharge = ({ psn_no }: Patient, mdtrt_id: string): Fields => ({
  dscginfo: {
    mdtrt_id,
    psn_no,
    insutype: '310',
    endtime: '2026-03-02 08:00:00',
    dscg_dept_codg: 'D1',
    dscg_dept_name: '演示科室',
    dscg_bed: '01',
    dscg_way: '1',
  },
  diseinfo: [diagnosis('2026-03-02 07:45:00', { psn_no, mdtrt_id, maindiag_flag: '1' })],
})

/** 2303 and 2304 */
export const inpatientBill = (
  { psn_no, credential }: Patient,
  mdtrt_id: string,
  total: number,
  interim: boolean,
): Fields => ({
  data: {
    psn_no,
    ...credential,
    medfee_sumamt: total,
    psn_setlway: '01',
    mdtrt_id,
    insutype: '310',
    acct_used_flag: '0',
    mid_setl_flag: interim ? '1' : '0',
  },
})

/** 2101 and 2102 */
export const sale = (
  { psn_no, credential }: Patient,
  lines: readonly (Line & { readonly prescription?: string })[],
): Fields => ({
  druginfo: {
    psn_no,
    ...credential,
    begntime: '2026-03-02 08:55:00',
    medfee_sumamt: totalOf(lines),
    insutype: '310',
    acct_used_flag: '1',
    med_type: '41',
  },
  drugdetail: lines.map((line) => ({
    feedetl_sn: line.id,
    rxno: line.prescription ?? '',
    rx_circ_flag: line.prescription === undefined ? '0' : '1',
    fee_ocur_time: '2026-03-02 08:55:00',
    med_list_codg: line.item,
    medins_list_codg: `OWN-${line.item.slice(-4)}`,
    det_item_fee_sumamt: amountOf(line),
    cnt: line.count,
    pric: line.price,
    drugtracinfo: (line.traces ?? []).map((drug_trac_codg) => ({ drug_trac_codg })),
  })),
})

/** 2103, 2208 and 2305 */
export const undoing = (setl_id: string, mdtrt_id: string, { psn_no }: Patient): Fields => ({
  data: { setl_id, mdtrt_id, psn_no },
})

/** 2202, 2404 and 2405 */
export const ofVisit = (mdtrt_id: string, { psn_no }: Patient, more: Fields = {}): Fields => ({
  data: { mdtrt_id, psn_no, ...more },
})

/** 2601 */
export const reversal = ({ psn_no }: Patient, omsgid: string, oinfno: string): Fields => ({
  data: { psn_no, omsgid, oinfno },
})
