import { benefitsAsked, benefitsOf } from '../benefits.ts'
import { many, may, must, one } from '../field.ts'
import { code, day, text } from '../kinds.ts'
import { transaction } from '../transaction.ts'

/** Which funds somebody may use (人员待遇享受检查): those that the engine would have pay a bill of that day. */
export const benefitCheck = transaction({
  infno: '2001',
  name: { zh: '人员待遇享受检查', en: 'which funds somebody may use' },
  input: { data: one(benefitsAsked) },
  output: {
    trtinfo: many({
      psn_no: must(text(30), '人员编号'),
      trt_chk_type: must(code('trt_chk_type', 6), '待遇检查类型'),
      fund_pay_type: must(text(6), '基金支付类型'),
      trt_enjymnt_flag: must(code('flag', 3), '基金款项待遇享受标志'),
      begndate: must(day, '开始日期'),
      enddate: may(day, '结束日期'),
      trt_chk_rslt: may(text(500), '待遇检查结果'),
    }),
  },
  writes: false,
  async handle({ data }, call) {
    const found = await benefitsOf(data, call)
    if ('refused' in found) return found
    const { benefits, from, until } = found
    const trtinfo = benefits.map(({ type, because }) => ({
      psn_no: data.psn_no,
      // 01: the check is about a fund.
      trt_chk_type: '01',
      fund_pay_type: type,
      trt_enjymnt_flag: because === undefined ? '1' : '0',
      begndate: from,
      enddate: until,
      trt_chk_rslt: because,
    }))
    return { output: { trtinfo } }
  },
})
