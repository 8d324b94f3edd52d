import { pharmacy, type EnvelopeWords } from './envelopes.ts'
import type { Served } from './served.ts'

type Fields = Record<string, unknown>

/** Drugs of the sample catalogue: one on prescription, one for anybody. */
export const prescribed = 'XC08CAA101A001010100002'
export const free = 'XB01ACA056A001010100008'

export interface SaleWords {
  readonly item?: string
  readonly yuan?: number
  readonly rxno?: string | null
  readonly traces?: readonly string[]
  readonly useAccount?: boolean
  readonly line?: Fields
  readonly info?: Fields
  readonly more?: readonly Fields[]
}

let lines = 0

/** The input of 2101 and 2102: one line, on prescription unless told otherwise. */
export function saleInput({ who }: Pick<Served, 'who'>, key: string, words: SaleWords = {}) {
  const { psn_no, certno, insutype } = who(key)
  const { yuan = 300, rxno = 'RX1', traces = [] } = words
  const line = {
    feedetl_sn: `S${++lines}`,
    rxno: rxno ?? '',
    rx_circ_flag: rxno === null ? '0' : '1',
    fee_ocur_time: '2026-03-02 09:10:00',
    med_list_codg: words.item ?? prescribed,
    medins_list_codg: 'OWN-1',
    det_item_fee_sumamt: yuan,
    cnt: 1,
    pric: yuan,
    drugtracinfo: traces.map((drug_trac_codg) => ({ drug_trac_codg })),
    ...words.line,
  }
  const drugdetail: Fields[] = [line, ...(words.more ?? []).map((more) => ({ ...line, ...more }))]
  return {
    druginfo: {
      psn_no,
      mdtrt_cert_type: '02',
      mdtrt_cert_no: certno,
      begntime: '2026-03-02 09:10:00',
      medfee_sumamt: yuan * drugdetail.length,
      invono: '',
      insutype,
      dise_codg: '',
      dise_name: '',
      acct_used_flag: words.useAccount === false ? '0' : '1',
      med_type: '41',
      ...words.info,
    },
    drugdetail,
  }
}

export const atPharmacy: EnvelopeWords = { institution: pharmacy }

// oxlint-disable-next-line typescript/no-explicit-any
export const idsOf = ({ setlinfo: { setl_id, mdtrt_id, psn_no } }: any) => ({
  data: { setl_id, mdtrt_id, psn_no },
})

let batches = 0

/** The input of 3505 and 3506. */
export const goods = (traces: readonly string[], more: Fields = {}) => ({
  selinfo: {
    med_list_codg: prescribed,
    fixmedins_hilist_id: 'OWN-1',
    fixmedins_hilist_name: '示例氨氯地平片',
    fixmedins_bchno: `BCH${++batches}`,
    prsc_dr_name: '演示医师',
    phar_name: '演示药师',
    phar_prac_cert_no: 'PH1',
    mdtrt_sn: 'SN1',
    psn_cert_type: '01',
    manu_lotnum: 'LOT1',
    manu_date: '2025-10-01',
    expy_end: '2027-09-30',
    rx_flag: '1',
    trdn_flag: '0',
    rx_circ_flag: '0',
    rtal_docno: 'R1',
    sel_retn_cnt: 1,
    sel_retn_time: '2026-03-02 09:12:00',
    sel_retn_opter_name: '演示店员',
    mdtrt_setl_type: '1',
    drugtracinfo: traces.map((drug_trac_codg) => ({ drug_trac_codg })),
    ...more,
  },
})
