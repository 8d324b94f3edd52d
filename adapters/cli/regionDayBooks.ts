import { toYuan } from '../../engine/money.ts'
import { columns } from './statementTable.ts'

/** A ledger account as a server tells it; its balance is its credits less its debits. */
interface Account {
  readonly account: string
  readonly debits: string
  readonly credits: string
  readonly balance: string
}

/** The trial balance (试算平衡表) of one region, as its server tells it. */
export interface TrialBalance {
  readonly items: readonly Account[]
  readonly debits: string
  readonly credits: string
  readonly difference: string
}

export async function trialBalanceAt(url: string): Promise<TrialBalance> {
  const response = await fetch(`${url}/v1/ledger/trial-balance`)
  if (!response.ok) throw new Error(`the trial balance of ${url} came with ${response.status}`)
  return (await response.json()) as TrialBalance
}

/** What a home region owes a care region, as each of the two has it: 应付 due-to and 应收 due-from. */
export interface Mirror {
  readonly home: string
  readonly care: string
  readonly scheme: string
  readonly month: string
  readonly dueTo: string
  readonly dueFrom: string
  readonly difference: string
}

/** Pairs every due-to of the books with its due-from, wherever the other half stands. */
export function mirrorOf(books: readonly TrialBalance[]): Mirror[] {
  const pairs = new Map<string, { dueTo: bigint; dueFrom: bigint }>()
  for (const { account, balance } of books.flatMap(({ items }) => items)) {
    const [side, one = '', other = '', ...rest] = account.split(':')
    if (side !== 'due-to' && side !== 'due-from') continue
    const name = [...(side === 'due-to' ? [one, other] : [other, one]), ...rest].join(':')
    const pair = pairs.get(name) ?? { dueTo: 0n, dueFrom: 0n }
    pairs.set(name, pair)
    if (side === 'due-to') pair.dueTo += fenOf(balance)
    else pair.dueFrom -= fenOf(balance)
  }
  return [...pairs]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { dueTo, dueFrom }]) => {
      const [home = '', care = '', scheme = '', month = ''] = name.split(':')
      const difference = toYuan(dueTo - dueFrom)
      return {
        home,
        care,
        scheme,
        month,
        dueTo: toYuan(dueTo),
        dueFrom: toYuan(dueFrom),
        difference,
      }
    })
}

/** Fen of yuan as they are told, a minus before them perhaps. */
const fenOf = (yuan: string): bigint => BigInt(yuan.replace('.', ''))

export function mirrorTable(mirror: readonly Mirror[]): string {
  const rows = mirror.map((one) => [
    one.home,
    one.care,
    one.scheme,
    one.month,
    one.dueTo,
    one.dueFrom,
    one.difference,
  ])
  const heads = ['home 参保地', 'care 就医地', 'scheme', 'month', 'due-to 应付', 'due-from 应收']
  return columns(
    [[...heads, 'difference 差额'], ...rows],
    ['left', 'left', 'left', 'left', 'right', 'right', 'right'],
  ).join('\n')
}

export function balanceTable({ items, debits, credits, difference }: TrialBalance): string {
  const rows = items.map((one) => [one.account, one.debits, one.credits])
  const table = columns(
    [['account', 'debits 借', 'credits 贷'], ...rows, ['total', debits, credits]],
    ['left', 'right', 'right'],
  )
  return [...table, `difference 差额 ${difference}`].join('\n')
}

/** What of it is not as it must be: both halves are the same, and debits are credits. */
export const wrongInBooks = (
  mirror: readonly Mirror[],
  books: readonly TrialBalance[],
): readonly string[] => [
  ...mirror
    .filter(({ difference }) => difference !== '0.00')
    .map(({ home, care }) => `what ${home} owes ${care} is not the same in both books`),
  ...books
    .filter(({ difference }) => difference !== '0.00')
    .map(({ difference }) => `a trial balance is off by ${difference}`),
]
