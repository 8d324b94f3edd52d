import { claimOf, settledEntry } from '../../../engine/bill.ts'
import type { Claim } from '../../../engine/claim.ts'
import { authenticated, credentialSubjects } from '../../../engine/evidence.ts'
import { toYuan } from '../../../engine/money.ts'
import type { BillAsk, Billed, Entered, Found } from '../../../engine/ports.ts'
import { type Refusal, refuse } from '../../../engine/refusal.ts'
import { visitSubject } from '../../../engine/visit.ts'
import { may, must, one, type ReadBy, type Table } from '../field.ts'
import { text } from '../kinds.ts'
import { orderAmounts, orderFields } from '../mobileFields.ts'
import {
  type Components,
  componentsOf,
  findOrder,
  type Order,
  orderEntry,
  orderIn,
} from '../mobileOrder.ts'
import { addsUp } from '../mobileRefund.ts'
import { tell } from '../tell.ts'
import { type Call, type Refused, transaction } from '../transaction.ts'

const ordered = {
  ...orderFields,
  payAuthNo: must(text(64), '支付授权码'),
  orgBizSer: must(text(64), '机构业务流水号'),
  chrgBchno: must(text(30), '收费批次号'),
  feeType: must(text(6), '费用类型'),
  mdtrtId: must(text(30), '就诊ID'),
  acctUsedFlag: may(text(3), '个人账户使用标志'),
  ...orderAmounts,
} as const satisfies Table

type Ordered = ReadBy<typeof ordered>

/** Orders payment (移动支付下单): settles the order's lines. The split is ours; what a client says it is must be it. */
export const orderPayment = transaction({
  infno: '6202',
  name: { zh: '移动支付下单', en: 'order a mobile payment' },
  input: { data: one(ordered) },
  output: {
    data: one({
      payOrdId: must(text(40), '支付订单号'),
      ordStas: must(text(3), '订单状态'),
      ...orderAmounts,
      mdtrtId: must(text(30), '就诊ID'),
      setlId: must(text(30), '结算ID'),
    }),
  },
  writes: true,
  async handle({ data }, call) {
    const { world, submit, institution } = call
    const given = givenIn(data)
    if (given && 'refused' in given) return given
    const there = await findOrder(institution.code, data.payOrdId, world.dossiers)
    if (!there || !isNamed(there.order, data, call))
      return { refused: '订单不存在，或支付令牌、机构、就诊ID、收费批次号与订单不符。' }
    const outcome = await submit(askOf(there.order, data, given, call))
    if (outcome.kind === 'refused' && outcome.refusal.facts['fundPay'] !== undefined)
      return refuseSplit(outcome.refusal)
    return tell(outcome, 'settled', world, ({ row }) => {
      const { total, cash, account, fund } = componentsOf(row.content)
      return {
        output: {
          data: {
            payOrdId: data.payOrdId,
            ordStas: '6',
            feeSumamt: total,
            ownPayAmt: cash,
            psnAcctPay: account,
            fundPay: fund,
            mdtrtId: data.mdtrtId,
            setlId: row.settlement,
          },
        },
      }
    })
  },
})

const isNamed = (order: Order, data: Ordered, { institution }: Call): boolean =>
  order.payToken === data.payToken &&
  data.orgCodg === institution.code &&
  order.visit === data.mdtrtId &&
  order.batch === data.chrgBchno

/** The split that a client says it shows to its payer, if it says one. */
function givenIn(data: Ordered): Components | Refused | undefined {
  const { feeSumamt: total, ownPayAmt: cash, psnAcctPay: account, fundPay: fund } = data
  const all = [total, cash, account, fund]
  if (all.every((each) => each === undefined)) return undefined
  if (total === undefined || cash === undefined || account === undefined || fund === undefined)
    return { refused: '费用总额、现金、个人账户与基金支付须同时填写。' }
  const given = { total, cash, account, fund }
  return addsUp(given)
    ? given
    : { refused: `现金、个人账户与基金支付之和不等于费用总额${toYuan(total)}。` }
}

function askOf(
  order: Order,
  data: Ordered,
  given: Components | undefined,
  { key, institution, envelope }: Call,
): BillAsk {
  const { batch, person, total } = order
  const flag = data.acctUsedFlag
  return {
    kind: 'bill',
    key,
    institution: institution.code,
    person,
    subjects: [order.subject, visitSubject(person, order.visit), ...credentialSubjects(person)],
    claim(found): Claim | Refusal {
      const there = orderIn(found, order.subject)
      if (!there || there.order.revoked) return refuse('entry-unknown', { entry: order.id })
      if (there.order.paid) return refuse('entry-already-there', { entry: order.id })
      const { visit } = there
      const presented = { person, institution: institution.code, terminal: envelope.device, visit }
      return claimOf(visit, {
        total,
        batch,
        credential: authenticated(visit.credential, found, presented),
        about: {},
        useAccount: flag === undefined ? order.useAccount : flag === '1',
        useFamilyAccount: flag !== '0',
        terminal: envelope.device,
        interim: false,
        today: found.today,
      })
    },
    enter: (found, billed) => enterPaid(found, billed, order, given),
  }
}

function enterPaid(
  found: Found,
  billed: Billed,
  order: Order,
  given: Components | undefined,
): Entered | Refusal {
  const ours = componentsOf(billed.settlement)
  if (given && (given.total !== ours.total || given.cash !== ours.cash || given.fund !== ours.fund))
    return refuse('total-mismatch', {
      total: toYuan(given.total),
      lines: toYuan(ours.total),
      ownPayAmt: toYuan(ours.cash),
      psnAcctPay: toYuan(ours.account),
      fundPay: toYuan(ours.fund),
    })
  const { visit } = orderIn(found, order.subject) ?? {}
  if (!visit || billed.id === undefined) return { entries: [] }
  const { now } = found
  const paid = { ...ours, settlement: billed.id, at: now }
  return {
    entries: [
      ...settledEntry(visit, billed, { batch: order.batch, interim: false, now }),
      orderEntry(order.subject, 'paid', paid),
    ],
  }
}

const refuseSplit = ({ facts }: Refusal): Refused => ({
  refused: `支付金额与医保中心计算不符：费用总额${String(facts['lines'])}，现金${String(facts['ownPayAmt'])}，个人账户${String(facts['psnAcctPay'])}，基金${String(facts['fundPay'])}。`,
})
