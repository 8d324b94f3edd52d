import {
  admission,
  consultation,
  discharge,
  fees,
  inpatientBill,
  ofVisit,
  outpatientBill,
  patient,
  registration,
  reversal,
  totalOf,
  undoing,
} from './inputs.ts'
import { hospitalSystem, type Sequence } from './sequences.ts'
import type { Terminal } from './terminal.ts'

// oxlint-disable-next-line typescript/no-explicit-any
export type Settlement = any

const drug = { item: 'XC08CAA101A001010100002', count: 2, price: 100 }
const scan = { item: '002103000010000', count: 1, price: 230 }
const batch = { chrg_bchno: 'B1', rx_circ_flag: '0' }

/** Sign-in, a visit with two lines, and its settlement. */
export async function outpatient(desk: Terminal) {
  const who = patient('E1')
  await desk.signIn({
    en: 'The operator signs in. Every later message carries the `sign_no`.',
    zh: '经办人签到，此后每笔报文填写 `sign_no`。',
  })
  await desk.send(
    '1101',
    { data: who.credential },
    {
      en: 'Who is it, how are they insured, what is in the account? `psn_no` goes into every later input.',
      zh: '查询人员信息、参保信息与账户余额；此后的输入都使用 `psn_no`。',
    },
  )
  const { data } = await desk.send('2201', registration(who, 'O1'), {
    en: 'Register the visit. `mdtrt_id` names it from here on.',
    zh: '门诊挂号，此后以 `mdtrt_id` 标识就诊。',
  })
  const { mdtrt_id } = data
  await desk.send('2203A', consultation(who, mdtrt_id), {
    en: 'Diagnoses, and the `med_type` that the visit is settled by. May be sent again until it is settled.',
    zh: '上传就诊与诊断信息，`med_type` 决定按何种待遇结算；结算前可重复上传。',
  })
  const lines = [
    { id: 'F1', ...drug },
    { id: 'F2', ...scan },
  ]
  await desk.send('2204', fees(who, mdtrt_id, lines, batch), {
    en: 'Fee lines. Each comes back with its split: here the scan is over its price limit and has a first self-payment.',
    zh: '上传费用明细，逐条返回拆分结果：此例的检查超过限价，并有先行自付。',
  })
  const total = totalOf(lines)
  await desk.send('2206A', outpatientBill(who, mdtrt_id, total), {
    en: 'Preview: what would be paid. Nothing is written and there is no `setl_id`.',
    zh: '预结算：只计算，不记账，没有 `setl_id`。',
  })
  const settled: Settlement = await desk.send('2207A', outpatientBill(who, mdtrt_id, total), {
    en: 'Settle. Print the bill from this answer and keep `setl_id` and the `msgid`, which comes back as `medins_setl_id`.',
    zh: '结算。按本应答打印票据，并保存 `setl_id` 与 `msgid`（即返回的 `medins_setl_id`）。',
  })
  const sequence: Sequence = {
    title: { en: 'An outpatient visit', zh: '门诊' },
    says: {
      en: 'From sign-in to the settled bill.',
      zh: '从签到到结算。',
    },
    from: hospitalSystem,
    steps: desk.take(),
  }
  return { sequence, who, mdtrt_id, settled }
}

export type Visited = Awaited<ReturnType<typeof outpatient>>

/** Undoes the visit step by step, in the one order there is. */
export async function cancel(
  desk: Terminal,
  { who, mdtrt_id, settled }: Visited,
): Promise<{ sequence: Sequence; cancelled: Settlement }> {
  const asked = undoing(settled.setlinfo.setl_id, mdtrt_id, who)
  const cancelled: Settlement = await desk.send('2208', asked, {
    en: 'Cancel the settlement. All amounts come back negative, and `setl_id` is the one that was cancelled.',
    zh: '撤销结算。各项金额以负数返回，`setl_id` 仍是被撤销的结算。',
  })
  await desk.send(
    '2208',
    asked,
    {
      en: 'Once more, under a new `msgid`: refused, for it is undone already.',
      zh: '换新的 `msgid` 再撤销一次：拒绝，因为已经撤销。',
    },
    { refused: true },
  )
  await desk.send('2205', ofVisit(mdtrt_id, who, { chrg_bchno: '0000' }), {
    en: 'Take the fee lines back; batch `0000` is all that are not settled.',
    zh: '撤销费用明细，批次号 `0000` 表示全部未结算明细。',
  })
  await desk.send('2202', ofVisit(mdtrt_id, who, { ipt_otp_no: 'O1' }), {
    en: 'Cancel the registration, now that nothing depends on it.',
    zh: '无费用、无结算后，撤销挂号。',
  })
  return {
    cancelled,
    sequence: {
      title: { en: 'Cancelling', zh: '撤销' },
      says: {
        en: 'Undo in the reverse order: settlement, fee lines, registration.',
        zh: '按相反顺序撤销：结算、费用明细、挂号。',
      },
      from: hospitalSystem,
      steps: desk.take(),
    },
  }
}

/** A settlement whose answer is lost: found again under its msgid, and another that is taken back with 2601. */
export async function timeOut(desk: Terminal) {
  const who = patient('E1')
  const first = await waiting(desk, 'O2', 2)
  const bill = outpatientBill(who, first, 200)
  await desk.send(
    '2207A',
    bill,
    {
      en: 'The settlement is sent, and no answer comes within your patience. Do not charge the patient and do not use a new `msgid`.',
      zh: '结算已发出，在等待时限内没有收到应答。此时不得收费，也不得换用新的 `msgid`。',
    },
    { lost: true },
  )
  const found: Settlement = await desk.send(
    '2207A',
    bill,
    {
      en: 'Ask by sending the same message again: same `msgid`, same `input`, fresh nonce. It was settled, and this is the first output.',
      zh: '原样重发即为查询：`msgid`、`input` 不变，随机数更换。交易已成功，返回第一次的输出。',
    },
    { msgid: desk.msgid },
  )
  const second = await waiting(desk, 'O3', 3)
  const other = outpatientBill(who, second, 300)
  await desk.send(
    '2207A',
    other,
    { en: 'Another settlement, and again no answer.', zh: '另一笔结算，同样没有应答。' },
    { lost: true },
  )
  const original = desk.msgid
  await desk.send(
    '2207A',
    other,
    { en: 'Asked again: still no answer.', zh: '重发查询，仍无应答。' },
    { msgid: original, lost: true },
  )
  await desk.send('2601', reversal(who, original, '2207'), {
    en: 'Reverse it by its name. Repeat this 2601 under its own `msgid` until it is answered; then the patient owes nothing for it, whatever had happened.',
    zh: '以原 `msgid` 冲正。2601 本身也以同一 `msgid` 重发，直至得到应答；此后无论原交易是否成功，均不再有效。',
  })
  await desk.send(
    '2207A',
    other,
    {
      en: 'Do not send the first message again now. It would be told what was answered first, and `warn_msg` says that this holds no more.',
      zh: '此后不要再重发原报文：返回的是第一次的结果，`warn_msg` 提示其已无效。',
    },
    { msgid: original },
  )
  const again: Settlement = await desk.send('2207A', other, {
    en: 'Only now settle anew, under a new `msgid`.',
    zh: '此后才可用新的 `msgid` 重新结算。',
  })
  const sequence: Sequence = {
    title: { en: 'No answer', zh: '超时与冲正' },
    says: {
      en: 'A line that is cut twice: one outcome is found again, one is reversed. `[结果未知]` in `err_msg` is treated as silence is.',
      zh: '两次断线：一次查到结果，一次冲正。`err_msg` 以 `[结果未知]` 开头时，与没有应答同样处理。',
    },
    from: hospitalSystem,
    steps: desk.take(),
  }
  return { sequence, settled: [found, again] }
}

/** A visit with a line, ready to be settled; not shown. */
async function waiting(desk: Terminal, number: string, count: number): Promise<string> {
  const who = patient('E1')
  const none = { en: '', zh: '' }
  const unseen = { unseen: true }
  const { data } = await desk.send('2201', registration(who, number), none, unseen)
  await desk.send('2203A', consultation(who, data.mdtrt_id), none, unseen)
  const lines = [{ id: `${number}-1`, ...drug, count }]
  await desk.send('2204', fees(who, data.mdtrt_id, lines, batch), none, unseen)
  return data.mdtrt_id
}

/** A stay with an interim settlement. */
export async function inpatient(desk: Terminal) {
  const who = patient('E2')
  const { result } = await desk.send('2401', admission(who), {
    en: 'Admit.',
    zh: '入院办理。',
  })
  const { mdtrt_id } = result
  const at = { at: '2026-02-25 10:00:00' }
  const early = [{ id: 'L1', ...drug, count: 60, ...at }]
  await desk.send('2301', fees(who, mdtrt_id, early), {
    en: 'Fee lines, as they arise.',
    zh: '随时上传费用明细。',
  })
  const interim: Settlement = await desk.send(
    '2304',
    inpatientBill(who, mdtrt_id, totalOf(early), true),
    {
      en: 'An interim settlement (`mid_setl_flag` 1) of all lines so far. It closes them; the deductible is taken once for the stay.',
      zh: '中途结算（`mid_setl_flag` 为 1），结清已上传的明细；一次住院只扣一次起付线。',
    },
  )
  const late = [
    { id: 'L2', ...scan, at: '2026-02-27 10:00:00' },
    { id: 'L3', ...drug, at: '2026-03-01 10:00:00' },
  ]
  await desk.send('2301', fees(who, mdtrt_id, late), {
    en: 'What comes after it.',
    zh: '此后发生的明细。',
  })
  await desk.send('2402', discharge(who, mdtrt_id), {
    en: 'Discharge: before the last settlement.',
    zh: '出院办理，须在最后一次结算之前。',
  })
  await desk.send('2303', inpatientBill(who, mdtrt_id, totalOf(late), false), {
    en: 'Preview of the rest.',
    zh: '预结算其余费用。',
  })
  const last: Settlement = await desk.send(
    '2304',
    inpatientBill(who, mdtrt_id, totalOf(late), false),
    { en: 'Settle the rest.', zh: '结算其余费用。' },
  )
  const sequence: Sequence = {
    title: { en: 'A stay with an interim settlement', zh: '住院（含中途结算）' },
    says: {
      en: 'To undo it: 2305 from the last settlement to the first, then 2405 (discharge), 2302 (lines), 2404 (admission).',
      zh: '撤销顺序：由后至前逐笔 2305，再 2405（撤销出院）、2302（撤销明细）、2404（撤销入院）。',
    },
    from: hospitalSystem,
    steps: desk.take(),
  }
  return { sequence, settled: [interim, last] }
}
