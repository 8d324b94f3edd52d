import { monthOf } from '../../../engine/day.ts'
import { keptOf } from '../../../engine/dossier.ts'
import { toYuan } from '../../../engine/money.ts'
import type { Entered, Found } from '../../../engine/ports.ts'
import { compareSums } from '../../../engine/reconcile.ts'
import { type Refusal, refuse } from '../../../engine/refusal.ts'
import { applicationIn, appliedEntry, clearingSubject } from '../clearing.ts'
import { type Kind, may, must, one, type ReadBy } from '../field.ts'
import { institutionOwner } from '../files.ts'
import { code, count, day, signedAmount, text } from '../kinds.ts'
import { clearedUnder, describeAmounts, filterOf, type Net, netOf } from '../statement.ts'
import { tell } from '../tell.ts'
import { transaction } from '../transaction.ts'

/** 清算年月, setlym: yyyyMM; some send 2026-03. */
const month: Kind<string> = {
  type: '字符型6',
  read(given) {
    const digits = String(given).replace('-', '')
    return /^\d{4}(?:0[1-9]|1[0-2])$/.test(digits)
      ? { value: digits }
      : { wrong: '须为yyyyMM格式的年月' }
  },
  write: (value) => value,
}

const data = {
  clr_type: must(code('clr_type', 6), '清算类别'),
  clr_way: must(code('clr_way', 6), '清算方式'),
  setlym: must(month, '清算年月'),
  begndate: must(day, '开始日期'),
  enddate: must(day, '结束日期'),
  psntime: may(count(10), '清算人次'),
  medfee_sumamt: may(signedAmount, '医疗费总额'),
  med_sumfee: may(signedAmount, '医保认可费用总额'),
  fund_appy_sum: may(signedAmount, '基金申报总额'),
  cash_payamt: may(signedAmount, '现金支付金额'),
  acct_pay: may(signedAmount, '个人账户支出'),
}
type Given = ReadBy<typeof data>

/**
 * Applies for the clearing of a month (清算申请): once per category and month, when its days are over, so that what is
 * applied for cannot change any more. Totals that are given must be ours.
 */
export const applyForClearing = transaction({
  infno: '3203',
  name: { zh: '清算申请', en: 'apply for clearing' },
  input: { data: one(data) },
  output: {
    result: one({
      clr_appy_evt_id: must(text(30), '机构清算申请事件ID'),
      clr_optins: may(text(6), '清算经办机构'),
    }),
  },
  writes: true,
  async handle({ data: given }, { world, settings, submit, key, institution: { code: own } }) {
    const cleared = clearedUnder(settings, given.clr_type)
    if (!cleared) return { refused: `清算类别${given.clr_type}在本地没有结算。` }
    if (!withinMonth(given)) return { refused: `开始、结束日期须在清算年月${given.setlym}之内。` }
    const days = { from: given.begndate, until: given.enddate }
    const ours = netOf(await world.settlements.sums(filterOf(own, days, cleared)))
    const subject = clearingSubject(own, cleared.type, given.setlym)
    const event = world.newId(institutionOwner(own))
    const outcome = await submit({
      kind: 'enter',
      key,
      institution: own,
      owner: subject.owner,
      subjects: [subject],
      enter: (found) => apply(found, subject, event, given, ours),
    })
    return tell(outcome, 'entered', world, ({ result }) => ({
      output: {
        result: {
          clr_appy_evt_id: (result as { event: string }).event,
          clr_optins: settings.clearing.agency,
        },
      },
    }))
  },
})

const withinMonth = ({ begndate, enddate, setlym }: Given): boolean =>
  begndate <= enddate && [begndate, enddate].every((on) => monthOf(on).replace('-', '') === setlym)

function apply(
  { dossiers, today }: Found,
  subject: ReturnType<typeof clearingSubject>,
  event: string,
  given: Given,
  ours: Net,
): Entered | Refusal {
  if (applicationIn(keptOf(dossiers, subject)))
    return refuse('period-applied', { period: given.setlym })
  if (given.enddate >= today) return refuse('period-not-over', { until: given.enddate })
  const differences = differencesOf(given, ours)
  if (differences.length > 0) return refuse('statement-differs', { differences })
  const application = { event, from: given.begndate, until: given.enddate }
  const details = {
    way: given.clr_way,
    total: toYuan(ours.total),
    fundTotal: toYuan(ours.fundTotal),
    account: toYuan(ours.account),
    cash: toYuan(ours.cash),
    rows: String(ours.rows),
  }
  return { entries: [appliedEntry(subject, application, details)], result: { event } }
}

/** Only what is given is compared; people's visits (清算人次) are counted differently everywhere and kept out. */
function differencesOf(given: Given, ours: Net): string[] {
  const { amounts } = compareSums(ours, {
    rows: ours.rows,
    total: given.medfee_sumamt ?? ours.total,
    fundTotal: given.fund_appy_sum ?? ours.fundTotal,
    account: given.acct_pay ?? ours.account,
  })
  return describeAmounts(amounts)
}
