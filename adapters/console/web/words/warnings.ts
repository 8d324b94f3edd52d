import { say } from './say.ts'

const words: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  'photo-due': [
    '社保卡无照片，年满七周岁应补录',
    'The card has no photo, which is due from the age of seven',
  ],
  'card-proof-not-checked': ['未核验社保卡真伪', 'Whether the card is genuine was not checked'],
  'card-region-differs': [
    '发卡地与参保地不一致',
    'The card is of another region than the insurance',
  ],
  'same-bill-settled': ['已有内容相同的结算', 'A bill like this one is settled already'],
  'illustrative-rules': [
    '所用规则含有示例，非现行政策',
    'Part of the rules is invented, not current policy',
  ],
  'items-not-in-catalogue': [
    '项目不在目录内，按全自费处理',
    'Items in no catalogue, fully self-paid',
  ],
  'stay-missing': ['住院费用未填写入出院日期', 'Hospital care without the days of its stay'],
  'paid-in-advance': [
    '基金先行支付，须向第三人追偿',
    'Paid in advance, to be recovered from the third party',
  ],
  'quick-limit-passed': ['离线支付超过免密限额', 'Paid offline above a limit without PIN'],
  'payment-looks-wrong': ['支付触发风险规则', 'A risk rule found something in this payment'],
  'card-blocked-after-list': [
    '离线支付所用卡在终端黑名单之后被停用',
    'Paid offline with a card blocked after the list that the terminal held',
  ],
  'account-was-short': [
    '离线支付超出账户余额，差额为应收参保人款',
    'The account had less than was paid offline: the person owes the rest',
  ],
}

/** What a warning of a settlement says; one that is new is shown by its code. */
export function warningText(code: string): string {
  const found = words[code]
  return found ? say(...found) : code
}
