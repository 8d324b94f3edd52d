import { say } from './message.ts'

/** What is said of collections from bank accounts (金融支付). */
export const collectionMessages = {
  'collection-open': say(
    'Another collection is under way',
    'What became of the collection {reference} of the settlement {settlement} is not known yet; ask again later.',
    '结算 {settlement} 的代扣 {reference} 结果尚未确定，请稍后查询。',
  ),
  'nothing-to-collect': say(
    'Nothing to collect',
    'The settlement {settlement} leaves no cash that could be collected.',
    '结算 {settlement} 没有可代扣的个人现金。',
  ),
  'collection-too-large': say(
    'More than there is to collect',
    'Of the cash of the settlement {settlement} {left} can be collected, and not less than 0.01.',
    '结算 {settlement} 可代扣的个人现金为 {left}，代扣金额须大于零且不超过该金额。',
  ),
  'bank-account-missing': say(
    'No bank account',
    'The card of this person has no bank account.',
    '该参保人的社会保障卡未开通银行账户。',
  ),
} as const
