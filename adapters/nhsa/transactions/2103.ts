import type { Fen } from '../../../engine/money.ts'
import { affectedWarnings } from '../cancellation.ts'
import { may, many, must, one, type Table } from '../field.ts'
import { signedAmount, text } from '../kinds.ts'
import { setldetailOf, setldetailTable } from '../setldetail.ts'
import { asJson, cancelinfoOf, cancelResultOf, keptCancelResult } from '../setlinfo.ts'
import { cancelTable } from '../setlinfoTable.ts'
import { tell } from '../tell.ts'
import { transaction } from '../transaction.ts'

/** What 2208 answers, with the person's part and the cash under their older names as well. */
const setlinfo = {
  ...cancelTable,
  psn_pay: must(signedAmount, '个人支付金额'),
  cash_payamt: must(signedAmount, '现金支付金额'),
} as const satisfies Table

const setldetail = {
  ...setldetailTable,
  inscp_scp_amt: must(signedAmount, '符合政策范围金额'),
  fund_payamt: must(signedAmount, '基金支付金额'),
} as const satisfies Table

const negate = (amount: Fen): Fen => -amount as Fen

/** Cancels a pharmacy's sale as a whole (药店结算撤销), and gives the packages it sold back. */
export const cancelSale = transaction({
  infno: '2103',
  name: { zh: '药店结算撤销', en: 'cancel a pharmacy sale' },
  input: {
    data: one({
      setl_id: must(text(30), '结算ID'),
      mdtrt_id: must(text(30), '就诊ID'),
      psn_no: must(text(30), '人员编号'),
      expContent: may(text(4000), '字段扩展'),
    }),
  },
  output: { setlinfo: one(setlinfo), setldetail: many(setldetail) },
  writes: true,
  async handle({ data }, call) {
    const { institution, key, settings, submit, world } = call
    // An ask to cancel is not told what its person is called.
    const name = (await world.people.byId(data.psn_no))?.name ?? ''
    const outcome = await submit({
      kind: 'cancel',
      key,
      settlement: data.setl_id,
      institution: institution.code,
      person: data.psn_no,
      visit: data.mdtrt_id,
      of: 'pharmacy',
      result: (_found, row) => asJson(cancelResultOf(name, row.content, call)),
    })
    return tell(outcome, 'undone', world, ({ row, affected, result }) => {
      const { settlement: id, postedAt, content } = row
      const info = cancelinfoOf(content, keptCancelResult(result), { id, postedAt }, settings)
      return {
        output: {
          setlinfo: { ...info, psn_pay: info.psn_part_amt, cash_payamt: info.psn_cash_pay },
          setldetail: setldetailOf(content, settings).map((row) => ({
            ...row,
            inscp_scp_amt: negate(row.inscp_scp_amt),
            fund_payamt: negate(row.fund_payamt),
          })),
        },
        warnings: affectedWarnings(affected),
      }
    })
  },
})
