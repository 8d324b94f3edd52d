import { isDeepStrictEqual } from 'node:util'
import { previewHeld } from './hospitalDayBooks.ts'
import { bill, fees, registration } from './hospitalDayMessages.ts'
import { type Line, type RegionDayDesk, totalOf } from './regionDayDesk.ts'

/** What somebody is treated with, and what the funds pay of it, unless that depends on the year they have had. */
export interface Treatment {
  readonly lines: readonly Line[]
  readonly fundTotal?: string | undefined
}

/** A visit that is open, with as many charge batches (收费批次) as there will be settlements. */
export interface Visit {
  readonly mdtrt_id: string
  /** The input of 2206 and 2207 for one of its batches. */
  input(batch: string): object
}

/** 2201 and 2204: registers the patient and uploads the same lines for each batch. */
export async function openVisit(
  desk: RegionDayDesk,
  { lines }: Treatment,
  batches: readonly string[],
): Promise<Visit> {
  const { patient, day } = desk
  const number = `R${batches.join('')}`
  const registered = await desk.send('registers 挂号', '2201', registration(patient, number, day))
  const mdtrt_id = registered?.data.mdtrt_id as string
  const pieces = lines.map(([item, fen]) => [item, 1, fen] as const)
  for (const batch of batches) {
    const asked = { mdtrt_id, day, batch, prefix: batch }
    await desk.send('uploads the fees 上传费用', '2204', fees(pieces, patient, asked))
  }
  const more = (batch: string) => ({ med_type: '11', chrg_bchno: batch })
  const input = (batch: string) => bill(patient, mdtrt_id, totalOf(lines), true, more(batch))
  return { mdtrt_id, input }
}

/** A visit over the national interface, from asking who it is to the cancellation of its second batch. */
export async function visitNationally(desk: RegionDayDesk, treated: Treatment): Promise<void> {
  const { patient } = desk
  await desk.send('asks who it is 人员信息获取: the home region tells', '1101', {
    data: patient.credential,
  })
  const visit = await openVisit(desk, treated, ['N1', 'N2'])
  const previewed = await desk.send('asks for a preview 预结算', '2206A', visit.input('N1'))
  const msgid = desk.newMessageId()
  const says = 'settles 结算, to the fen as previewed'
  const settled = await desk.send(says, '2207A', visit.input('N1'), { msgid })
  desk.check(
    previewed && settled && previewHeld(previewed, settled),
    'the settlement is not what the preview said',
  )
  const { fundTotal } = treated
  desk.check(
    fundTotal === undefined || settled?.setlinfo.fund_pay_sumamt === Number(fundTotal),
    `the funds had to pay ${fundTotal}`,
  )
  const again = await desk.send('sends it again: the first answer', '2207A', visit.input('N1'), {
    msgid,
  })
  desk.check(isDeepStrictEqual(again, settled), 'the first answer had to come back')
  const other = await desk.send('settles its second charges', '2207A', visit.input('N2'))
  const { setl_id, mdtrt_id } = other?.setlinfo ?? {}
  const data = { setl_id, mdtrt_id, psn_no: patient.psn_no }
  await desk.send('and cancels that 撤销, in both regions', '2208', { data })
}

/** The same over REST. */
export async function visitOverRest(desk: RegionDayDesk, treated: Treatment): Promise<void> {
  const { fundTotal } = treated
  const pays = fundTotal === undefined ? {} : { fundTotal }
  const body = desk.claim(treated.lines)
  const previewed = await desk.ask(
    'asks for a preview',
    '/v1/settlements/preview',
    { status: 200, state: 'preview', route: 'crossProvince', ...pays },
    { body },
  )
  const settled = await desk.ask(
    'settles, in every amount and every step of the trace as previewed',
    '/v1/settlements',
    { status: 201, state: 'settled', ...pays },
    { body, key: 'regions-1' },
  )
  const { id, state: _, postedAt: __, ...amounts } = settled.body
  const { state: ___, ...foreseen } = previewed.body
  desk.check(isDeepStrictEqual(amounts, foreseen), 'the preview differs from the settlement')
  await desk.ask(
    'cancels it, in both regions',
    `/v1/settlements/${String(id)}/cancellation`,
    { status: 201, state: 'cancelled' },
    { body: { institution: body['institution'] }, key: 'regions-2' },
  )
}
