import { createCaller } from '../../../adapters/nhsa/client.ts'
import { openServed as openWholeServer } from '../http/served.ts'
import {
  envelope,
  type EnvelopeWords,
  hospital,
  pair,
  person,
  signed,
  type Signing,
} from './envelopes.ts'

type Fields = Record<string, unknown>

/** A response envelope (交易输出参数) as it arrived. */
export interface Reply {
  readonly status: number
  readonly infcode: unknown
  readonly inf_refmsgid: string
  readonly err_msg: string | null
  readonly warn_msg: string | null
  readonly output: Output
  /** The whole of it, as it was sent. */
  readonly text: string
}

/** The whole server with the sandbox world, and whoever speaks the national interface to it. */
export async function openServed(more: Readonly<Record<string, string>> = {}) {
  const served = await openWholeServer(more)

  /** Sends a body as it is. */
  async function deliver(
    body: string | Uint8Array<ArrayBuffer>,
    headers = signed(),
  ): Promise<Reply> {
    const { status, text, json } = await served.ask('/fsi/api/anything/at/all', {
      method: 'POST',
      headers,
      body,
    })
    return { ...(json as unknown as Reply), status, text }
  }
  const send = async (
    infno: string,
    input: unknown,
    words?: EnvelopeWords,
    signing?: Signing,
  ): Promise<Reply> => deliver(JSON.stringify(envelope(infno, input, words)), signed(signing))

  /** Sends what must be done, and gives its output. */
  async function done(infno: string, input: unknown, words?: EnvelopeWords): Promise<Output> {
    const reply = await send(infno, input, words)
    if (reply.infcode !== 0) throw new Error(`${infno} was refused: ${reply.err_msg ?? reply.text}`)
    return reply.output
  }
  /** A client of our own that follows the time-out discipline. */
  const caller = (code = hospital) =>
    createCaller({
      url: served.url,
      ...pair,
      institution: { code, name: '演示机构', division: code.slice(1, 7) },
    })
  return { ...served, deliver, send, done, caller, ...patientsOf(done) }
}

export type Served = Awaited<ReturnType<typeof openServed>>

// oxlint-disable-next-line typescript/no-explicit-any
type Output = any
type Done = (infno: string, input: unknown, words?: EnvelopeWords) => Promise<Output>

/** A fee line of some yuan: one piece at that price. */
export interface LineWords {
  readonly id?: string
  readonly item?: string
  readonly yuan: number
  readonly batch?: string
  readonly more?: Fields
}

export interface VisitWords extends EnvelopeWords {
  readonly medType?: string
  readonly insutype?: string
  /** When a stay begins, where it is not days before. */
  readonly begntime?: string
}

export interface SettleWords extends VisitWords {
  readonly useAccount?: boolean
  readonly fields?: Fields
}

/** A class A drug of the sample catalogue without a price limit. */
export const item = 'XC08CAA101A001010100002'

let lines = 0

export const feeLine = (psn_no: string, mdtrt_id: string, words: LineWords): Fields => ({
  feedetl_sn: words.id ?? `F${++lines}`,
  mdtrt_id,
  psn_no,
  chrg_bchno: words.batch ?? 'B1',
  rx_circ_flag: '0',
  fee_ocur_time: '2026-03-02 09:10:00',
  med_list_codg: words.item ?? item,
  medins_list_codg: 'OWN-1',
  det_item_fee_sumamt: words.yuan,
  cnt: 1,
  pric: words.yuan,
  bilg_dept_codg: 'D1',
  bilg_dept_name: '演示科室',
  bilg_dr_codg: 'DR1',
  bilg_dr_name: '演示医师',
  hosp_appr_flag: '1',
  ...words.more,
})

const diagnosis = {
  diag_type: '1',
  diag_srt_no: '1',
  diag_code: 'I10.x00',
  diag_name: '原发性高血压',
  diag_dept: '演示科室',
  dise_dor_no: 'DR1',
  dise_dor_name: '演示医师',
  diag_time: '2026-03-02 09:05:00',
  vali_flag: '1',
}

const doctor = {
  atddr_no: 'DR1',
  dr_name: '演示医师',
  dept_code: 'D1',
  dept_name: '演示科室',
  caty: 'A02',
}

/** The usual ways of patients through the interface. */
function patientsOf(done: Done) {
  const who = (key: string) => {
    const { person: known, citizenNumber, region } = person(key)
    const [coverage] = known.coverages
    return {
      psn_no: known.id,
      certno: citizenNumber,
      homeRegion: region,
      insutype: coverage?.scheme === 'resident' ? '390' : '310',
    }
  }
  const credential = (certno: string) => ({ mdtrt_cert_type: '02', mdtrt_cert_no: certno })

  /** 2201 and 2203A: gives the mdtrt_id. */
  async function register(key: string, words: VisitWords = {}): Promise<string> {
    const { psn_no, certno, homeRegion, insutype } = who(key)
    const around = { homeRegion, ...words }
    const { data } = await done(
      '2201',
      {
        data: {
          psn_no,
          insutype: words.insutype ?? insutype,
          begntime: '2026-03-02 09:00:00',
          ...credential(certno),
          ipt_otp_no: `O${++lines}`,
          ...doctor,
        },
      },
      around,
    )
    const { mdtrt_id } = data
    const mdtrtinfo = {
      mdtrt_id,
      psn_no,
      med_type: words.medType ?? '11',
      begntime: '2026-03-02 09:00:00',
    }
    await done('2203A', { mdtrtinfo, diseinfo: [diagnosis] }, around)
    return mdtrt_id
  }

  /** 2401: gives the mdtrt_id. */
  async function admit(key: string, words: VisitWords = {}): Promise<string> {
    const { psn_no, certno, homeRegion, insutype } = who(key)
    const { result } = await done(
      '2401',
      {
        mdtrtinfo: {
          psn_no,
          insutype: words.insutype ?? insutype,
          begntime: words.begntime ?? '2026-02-25 09:00:00',
          ...credential(certno),
          med_type: words.medType ?? '21',
          ipt_no: `I${++lines}`,
          atddr_no: 'DR1',
          chfpdr_name: '演示医师',
          adm_diag_dscr: '原发性高血压',
          adm_dept_codg: 'D1',
          adm_dept_name: '演示科室',
          adm_bed: '01',
          dscg_maindiag_code: diagnosis.diag_code,
          dscg_maindiag_name: diagnosis.diag_name,
        },
        diseinfo: [{ ...diagnosis, maindiag_flag: '1', adm_cond: '一般' }],
      },
      { homeRegion, ...words },
    )
    return result.mdtrt_id
  }

  /** 2402 on the world's day. */
  async function discharge(key: string, mdtrt_id: string, words: VisitWords = {}): Promise<void> {
    const { psn_no, homeRegion, insutype } = who(key)
    const dscginfo = {
      mdtrt_id,
      psn_no,
      insutype: words.insutype ?? insutype,
      endtime: '2026-03-02 08:00:00',
      dscg_dept_codg: 'D1',
      dscg_dept_name: '演示科室',
      dscg_bed: '01',
      dscg_way: '1',
    }
    const diseinfo = [{ ...diagnosis, psn_no, mdtrt_id, maindiag_flag: '1' }]
    await done('2402', { dscginfo, diseinfo }, { homeRegion, ...words })
  }

  /** 2204 for a visit, or 2301 for a stay: gives the lines as they are split. */
  async function upload(
    key: string,
    mdtrt_id: string,
    given: readonly LineWords[],
    words: EnvelopeWords & { readonly infno?: '2204' | '2301' } = {},
  ): Promise<readonly Fields[]> {
    const { psn_no, homeRegion } = who(key)
    const feedetail = given.map((line) => feeLine(psn_no, mdtrt_id, line))
    const { result } = await done(words.infno ?? '2204', { feedetail }, { homeRegion, ...words })
    return result
  }

  /** The input of 2206, 2207, 2303 and 2304. */
  const bill = (key: string, mdtrt_id: string, yuan: number, words: SettleWords = {}) => {
    const { psn_no, certno, insutype } = who(key)
    return {
      data: {
        psn_no,
        ...credential(certno),
        med_type: words.medType ?? '11',
        medfee_sumamt: yuan,
        psn_setlway: '01',
        mdtrt_id,
        chrg_bchno: 'B1',
        insutype: words.insutype ?? insutype,
        acct_used_flag: words.useAccount === false ? '0' : '1',
        fulamt_ownpay_amt: 0,
        overlmt_selfpay: 0,
        preselfpay_amt: 0,
        inscp_scp_amt: yuan,
        ...words.fields,
      },
    }
  }

  /** A whole outpatient visit with one line: gives what 2207 answered. */
  async function visit(key: string, yuan: number, words: SettleWords = {}): Promise<Output> {
    const mdtrt_id = await register(key, words)
    await upload(key, mdtrt_id, [{ yuan }], words)
    const { homeRegion, psn_no } = who(key)
    const output = await done('2207A', bill(key, mdtrt_id, yuan, words), { homeRegion, ...words })
    return { psn_no, mdtrt_id, ...output }
  }

  /** 2208 of what `visit` gave. */
  const cancel = async (
    { psn_no, mdtrt_id, setlinfo }: Output,
    words: EnvelopeWords = {},
  ): Promise<Output> =>
    done(
      '2208',
      { data: { setl_id: setlinfo.setl_id, mdtrt_id, psn_no } },
      { homeRegion: psn_no.slice(0, 6), ...words },
    )

  return { who, register, admit, discharge, upload, bill, visit, cancel }
}
