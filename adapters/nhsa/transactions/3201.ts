import { compareSums } from '../../../engine/reconcile.ts'
import { may, must, one } from '../field.ts'
import { code, day, signedAmount, text } from '../kinds.ts'
import {
  caresOf,
  describeAmounts,
  filterOf,
  isOurs,
  netCount,
  netOf,
  resultOf,
} from '../statement.ts'
import { transaction } from '../transaction.ts'
import { schemeOf } from '../translate.ts'

/** Compares an institution's totals with ours (医药机构费用结算对总账): settlements less what undid them, by day posted. */
export const statementTotals = transaction({
  infno: '3201',
  name: { zh: '医药机构费用结算对总账', en: 'compare totals' },
  input: {
    data: one({
      insutype: must(code('insutype', 6), '险种'),
      clr_type: must(code('clr_type', 6), '清算类别'),
      setl_optins: must(text(6), '结算经办机构'),
      stmt_begndate: must(day, '对账开始日期'),
      stmt_enddate: must(day, '对账结束日期'),
      medfee_sumamt: must(signedAmount, '医疗费总额'),
      fund_pay_sumamt: must(signedAmount, '基金支付总额'),
      acct_pay: must(signedAmount, '个人账户支付金额'),
      fixmedins_setl_cnt: must(netCount, '定点医药机构结算笔数'),
      refd_setl_flag: may(code('refd_setl_flag', 3), '退费结算标志'),
    }),
  },
  output: {
    stmtinfo: one({
      setl_optins: may(text(6), '结算经办机构'),
      stmt_rslt: must(text(6), '对账结果'),
      stmt_rslt_dscr: may(text(200), '对账结果说明'),
    }),
  },
  writes: false,
  async handle({ data }, { world, settings, institution }) {
    const cares = caresOf(settings, data.clr_type)
    if (!cares) return { refused: `清算类别${data.clr_type}在本地没有结算。` }
    const scheme = schemeOf(settings, data.insutype)
    if (!scheme) return { refused: `险种${data.insutype}不单独结算，请按主险种对账。` }
    if (!isOurs(settings, data.setl_optins))
      return { refused: `结算经办机构须为${settings.clearing.agency}。` }
    if (data.stmt_begndate > data.stmt_enddate) return { refused: '对账开始日期晚于结束日期。' }
    const days = { from: data.stmt_begndate, until: data.stmt_enddate }
    const sums = await world.settlements.sums(filterOf(institution.code, days, { scheme, cares }))
    const ours = netOf(sums, flagOf(data.refd_setl_flag))
    const { standing, rows, amounts } = compareSums(ours, {
      rows: data.fixmedins_setl_cnt,
      total: data.medfee_sumamt,
      fundTotal: data.fund_pay_sumamt,
      account: data.acct_pay,
    })
    const counts = `中心${ours.rows}笔（结算${ours.settled}、退费${ours.undone}）`
    const differences = [
      ...(rows === 0 ? [] : [`笔数差${rows}笔（${counts}、机构${data.fixmedins_setl_cnt}笔）`]),
      ...describeAmounts(amounts),
    ]
    return {
      output: {
        stmtinfo: {
          setl_optins: data.setl_optins,
          stmt_rslt: resultOf(settings, standing),
          stmt_rslt_dscr: differences.length === 0 ? `平，${counts}` : differences.join('；'),
        },
      },
    }
  },
})

const flagOf = (flag: string | undefined): boolean | undefined => (flag ? flag === '1' : undefined)
