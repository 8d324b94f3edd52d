import { feeLine, type Reply } from '../nhsa/served.ts'
import type { Insured, Place } from './twoServers.ts'

const doctor = {
  atddr_no: 'DR1',
  dr_name: '演示医师',
  dept_code: 'D1',
  dept_name: '演示科室',
  caty: 'A02',
}

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

/** An outpatient visit of somebody insured elsewhere, over the national interface. */
export interface GuestVisit {
  /** Uploads a line of some yuan (2204). */
  charge(yuan: number, batch?: string): Promise<void>
  ask(infno: '2206A' | '2207A', yuan: number, batch?: string): Promise<Reply>
}

/** Reads who they are and registers them: 1101, 2201 and 2203A. */
export async function begin(place: Place, who: Insured): Promise<GuestVisit> {
  const words = { institution: 'H51010000001', homeRegion: who.region }
  const credential = { mdtrt_cert_type: '02', mdtrt_cert_no: who.number }
  const psn_no = who.id
  const begntime = '2026-03-02 09:00:00'
  await place.done('1101', { data: credential }, words)
  const told = { psn_no, insutype: '310', begntime, ...credential, ipt_otp_no: psn_no, ...doctor }
  const { mdtrt_id } = (await place.done('2201', { data: told }, words)).data
  const mdtrtinfo = { mdtrt_id, psn_no, med_type: '11', begntime }
  await place.done('2203A', { mdtrtinfo, diseinfo: [diagnosis] }, words)
  return {
    async charge(yuan, batch = 'B1') {
      await place.done('2204', { feedetail: [feeLine(psn_no, mdtrt_id, { yuan, batch })] }, words)
    },
    async ask(infno, yuan, batch = 'B1') {
      const bill = {
        psn_no,
        ...credential,
        med_type: '11',
        medfee_sumamt: yuan,
        psn_setlway: '01',
        mdtrt_id,
        chrg_bchno: batch,
        insutype: '310',
        acct_used_flag: '0',
      }
      return place.send(infno, { data: bill }, words)
    },
  }
}
