import { fundName, schemeName } from './domain.ts'
import { say } from './say.ts'

/** What a ledger account is called by those who keep books; its id stands beside it. */
export function accountName(id: string): string {
  const [kind = '', ...rest] = id.split(':')
  const memo = kind === 'memo' ? (rest.shift() ?? '') : ''
  const word = words[kind === 'memo' ? `memo:${memo}` : kind]
  if (!word) return ''
  const about = rest.map((text, i) => part(kind, text, i)).filter((text) => text !== '')
  return [say(...word), ...about].join(' · ')
}

/** Where the fund stands in the id of an account of a fund; before it stands the scheme. */
const fundAt = 2

/** What an account is of: a fund, a scheme, or a code as it is. */
function part(kind: string, text: string, place: number): string {
  if (text === '*') return say('全体', 'all')
  if (text === 'settled') return say('已结算', 'settled')
  if (kind === 'fund' && place === fundAt) return fundName(text)
  const scheme = schemeName(text)
  return scheme === text ? fundName(text) : scheme
}

const words: Readonly<Record<string, readonly [string, string]>> = {
  fund: ['基金', 'Fund'],
  personal: ['个人账户', 'Personal account'],
  payable: ['应付定点机构', 'Payable to institution'],
  'due-to': ['异地应付', 'Due to region'],
  'due-from': ['异地应收', 'Due from region'],
  receivable: ['应收', 'Receivable'],
  owed: ['应付参保人', 'Owed to person'],
  recovered: ['追回到账', 'Recovered'],
  income: ['保险费收入', 'Contributions'],
  entrusted: ['代发资金', 'Entrusted'],
  payout: ['待遇支出', 'Payouts'],
  opening: ['期初', 'Opening'],
  bank: ['银行存款', 'Bank'],
  prepaid: ['预付金', 'Prepaid'],
  net: ['轧差应付', 'Netting'],
  advance: ['周转金', 'Advance'],
  'memo:person': ['备查：个人负担', 'Memo: person'],
  'memo:employer': ['备查：单位负担', 'Memo: employer'],
  'memo:hospital': ['备查：医院负担', 'Memo: hospital'],
  'memo:window': ['备查：窗口现金', 'Memo: window'],
  'memo:bank': ['备查：银行代扣', 'Memo: bank'],
}
