import type { Warning } from '../../engine/settlement.ts'

/** What is said of every warning, in English and in Chinese; a code without its words does not compile. */
const notes: Record<Warning['code'], { readonly en: string; readonly zh: string }> = {
  'photo-due': {
    en: 'the card has no photo, which is due from the age of seven',
    zh: '社保卡无照片，年满七周岁应补录',
  },
  'card-proof-not-checked': {
    en: 'whether the card is genuine was not checked',
    zh: '未核验社保卡真伪',
  },
  'card-region-differs': {
    en: 'the card is of another region than the insurance',
    zh: '发卡地与参保地不一致',
  },
  'same-bill-settled': {
    en: 'a bill like this one is settled already',
    zh: '已有内容相同的结算',
  },
  'illustrative-rules': { en: 'part of the rules is invented', zh: '所用规则含有示例' },
  'items-not-in-catalogue': {
    en: 'items in no catalogue, fully self-paid',
    zh: '项目不在目录内，按全自费处理',
  },
  'stay-missing': {
    en: 'hospital care without the days of its stay',
    zh: '住院费用未填写入出院日期',
  },
  'paid-in-advance': {
    en: 'paid in advance, to be recovered from the third party',
    zh: '基金先行支付，须向第三人追偿',
  },
  'quick-limit-passed': {
    en: 'paid offline above a limit without PIN',
    zh: '离线支付超过免密限额',
  },
  'payment-looks-wrong': {
    en: 'a risk rule found something in this payment',
    zh: '支付触发风险规则',
  },
  'card-blocked-after-list': {
    en: 'paid offline with a card blocked after the list that the terminal held',
    zh: '离线支付所用卡在终端黑名单之后被停用',
  },
  'account-was-short': {
    en: 'the account had less than was paid offline: the person owes the rest',
    zh: '离线支付超出账户余额，差额为应收参保人款',
  },
}

/** One warning in words, with what it names. */
export function noteOf({ code, facts }: Warning): string {
  const { en, zh } = notes[code]
  const named = Object.entries(facts).map(([name, value]) => `${name} ${[value].flat().join(', ')}`)
  return `note 提示: ${en} · ${zh}${named.length === 0 ? '' : `  (${named.join('; ')})`}`
}

/** What a warning names beside its code that a client can do something with. */
const told: Partial<Record<Warning['code'], string>> = {
  'same-bill-settled': 'settlements',
  'items-not-in-catalogue': 'items',
  'paid-in-advance': 'recover',
}

/** One warning in Chinese, for clients of the national interface (warn_msg). */
export function noteInChinese({ code, facts }: Warning): string {
  const named = facts[told[code] ?? '']
  return named === undefined ? notes[code].zh : `${notes[code].zh}：${[named].flat().join('、')}`
}
