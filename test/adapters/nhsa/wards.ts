import { type EnvelopeWords, person } from './envelopes.ts'
import { feeLine, type Served } from './served.ts'

type Fields = Readonly<Record<string, unknown>>

const doctor = { dise_dor_no: 'DR1', dise_dor_name: '演示医师', diag_dept: '演示科室' }

export const diagnosis = (diag_code = 'J18.900', more: Fields = {}) => ({
  diag_type: '1',
  maindiag_flag: '1',
  diag_srt_no: 1,
  diag_code,
  diag_name: '演示诊断',
  ...doctor,
  diag_time: '2026-02-25 10:00:00',
  ...more,
})

/** What a hospital does with somebody of the sandbox world; every act gives the whole reply. */
export function wards({ send }: Served, key: string, words: EnvelopeWords = {}) {
  const { person: known, citizenNumber, region } = person(key)
  const psn_no = known.id
  const scheme = known.coverages[0]?.scheme
  const insutype = scheme === 'resident' ? '390' : '310'
  const credential = { mdtrt_cert_type: '02', mdtrt_cert_no: citizenNumber }
  const ask = (infno: string, input: unknown, more: EnvelopeWords = {}) =>
    send(infno, input, { homeRegion: region, ...words, ...more })
  let numbers = 0

  const mdtrtinfo = (more: Fields = {}) => ({
    psn_no,
    insutype,
    begntime: '2026-02-25 09:00:00',
    ...credential,
    med_type: '21',
    ipt_no: `I${++numbers}`,
    atddr_no: 'DR1',
    chfpdr_name: '演示医师',
    adm_diag_dscr: '演示诊断',
    adm_dept_codg: 'D1',
    adm_dept_name: '演示科室',
    dscg_maindiag_code: 'J18.900',
    dscg_maindiag_name: '演示诊断',
    ...more,
  })

  const ids = { psn_no }
  /** The inputs of 2401, 2301, 2402 and of 2303 and 2304. */
  const admission = (more: Fields = {}, diseinfo: readonly Fields[] = [diagnosis()]) => ({
    mdtrtinfo: mdtrtinfo(more),
    diseinfo,
  })
  const lines = (
    mdtrt_id: string,
    charged: readonly (readonly [string, number, string?])[],
    item?: string,
  ) => ({
    feedetail: charged.map(([id, yuan, on = '2026-02-26']) => {
      const line = feeLine(psn_no, mdtrt_id, { id, yuan, ...(item === undefined ? {} : { item }) })
      return { ...line, fee_ocur_time: `${on} 10:00:00` }
    }),
  })
  const leaving = (
    mdtrt_id: string,
    more: Fields = {},
    diseinfo: readonly Fields[] = [diagnosis()],
  ) => {
    const told = { insutype, endtime: '2026-03-01 15:00:00', dscg_way: '1' }
    return { dscginfo: { mdtrt_id, ...ids, ...told, ...more }, diseinfo }
  }
  const bill = (mdtrt_id: string, yuan: number, more: Fields = {}) => ({
    data: {
      ...ids,
      ...credential,
      medfee_sumamt: yuan,
      psn_setlway: '01',
      mdtrt_id,
      insutype,
      acct_used_flag: '0',
      mid_setl_flag: '0',
      ...more,
    },
  })

  return {
    psn_no,
    ask,
    admission,
    lines,
    leaving,
    bill,
    admit: (more?: Fields, diseinfo?: readonly Fields[], by?: EnvelopeWords) =>
      ask('2401', admission(more, diseinfo), by),
    async admitted(more?: Fields, diseinfo?: readonly Fields[]): Promise<string> {
      const reply = await ask('2401', admission(more, diseinfo))
      if (reply.infcode !== 0) throw new Error(String(reply.err_msg))
      return reply.output.result.mdtrt_id
    },
    upload: (...charged: Parameters<typeof lines>) => ask('2301', lines(...charged)),
    remove: (mdtrt_id: string, ...numbered: readonly string[]) =>
      ask('2302', { data: numbered.map((feedetl_sn) => ({ feedetl_sn, mdtrt_id, ...ids })) }),
    discharge: (...told: Parameters<typeof leaving>) => ask('2402', leaving(...told)),
    change: (mdtrt_id: string, more?: Fields) =>
      ask('2403', { adminfo: { ...mdtrtinfo(more), mdtrt_id, ipt_otp_no: `I${numbers}` } }),
    settle: (mdtrt_id: string, yuan: number, more?: Fields, by?: EnvelopeWords) =>
      ask('2304', bill(mdtrt_id, yuan, more), by),
    undo: (mdtrt_id: string, setl_id: string) =>
      ask('2305', { data: { setl_id, mdtrt_id, ...ids } }),
    of: (infno: '2404' | '2405', mdtrt_id: string) => ask(infno, { data: { mdtrt_id, ...ids } }),
  }
}
