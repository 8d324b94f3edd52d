import { toYuan } from '../../engine/money.ts'
import { transactions } from '../nhsa/transactions.ts'
import type { Entry } from './hospitalDayBooks.ts'
import type { Noted } from './hospitalDayDesk.ts'
import type { Day } from './hospitalDayPlay.ts'
import { columns } from './statementTable.ts'

/** What of a transaction the day had: how often, how it ended, and how long it took. */
export interface Told {
  readonly infno: string
  readonly name: { readonly zh: string; readonly en: string }
  readonly sent: number
  readonly done: number
  /** Refused as they had to be. */
  readonly refused: number
  /** Nobody waited for the answer. */
  readonly unheard: number
  readonly usual_ms: number
  readonly slowest_ms: number
}

/** The messages of a day by transaction, in order of infno. */
export function byTransaction(noted: readonly Noted[]): Told[] {
  const groups = Map.groupBy(noted, ({ infno }) => infno.slice(0, 4))
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([infno, some]) => {
      const times = some.map(({ took_ms }) => took_ms).toSorted((a, b) => a - b)
      const ended = (kind: Noted['sent']['kind']): number =>
        some.filter(({ sent }) => sent.kind === kind).length
      return {
        infno,
        name: transactions.get(infno)?.name ?? { zh: '', en: '' },
        sent: some.length,
        done: ended('done'),
        refused: some.filter(({ sent, turnedAway }) => turnedAway && sent.kind === 'refused')
          .length,
        unheard: ended('unknown'),
        usual_ms: times[times.length >> 1] ?? 0,
        slowest_ms: times.at(-1) ?? 0,
      }
    })
}

/** What each payer paid in the end (setldetail), refunds taken off, in fen. */
export function byPayer(books: ReadonlyMap<string, readonly Entry[]>): Map<string, number> {
  const sums = new Map<string, number>()
  const add = (name: string, fen: number): void => void sums.set(name, (sums.get(name) ?? 0) + fen)
  for (const entry of [...books.values()].flat()) {
    for (const [name, fen] of entry.payers) add(name, fen)
    add(cash, entry.cash)
  }
  return new Map([...sums].filter(([, fen]) => fen !== 0).toSorted(([, a], [, b]) => b - a))
}

const cash = '个人现金'
const money = (fen: number): string => toYuan(BigInt(fen))

/** The day as tables for a terminal. */
export function reportOf(day: Day): string {
  const told = byTransaction(day.noted)
  const messages = columns(
    [
      [
        'infno',
        'transaction 交易',
        'sent',
        'done',
        'refused*',
        'unheard',
        'median ms',
        'slowest ms',
      ],
      ...told.map((one) => [
        one.infno,
        one.name.zh,
        String(one.sent),
        String(one.done),
        String(one.refused),
        String(one.unheard),
        one.usual_ms.toFixed(1),
        one.slowest_ms.toFixed(1),
      ]),
    ],
    ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
  )
  const payers = columns(
    [...byPayer(day.books)].map(([name, fen]) => [name, money(fen)]),
    ['left', 'right'],
  )
  const statements = columns(
    day.compared.map((one) => [one.institution, one.insutype, one.clr_type, one.said]),
    ['left', 'left', 'left', 'left'],
  )
  const named = day.healed.map(
    ({ forgotten, mistaken, named: rows }) =>
      `3202 named ${rows.length} differences: ${forgotten.setl_id} was reversed by its msgid ${forgotten.msgid}, ` +
      `${mistaken.setl_id} put right; level again 已平`,
  )
  return [
    ...messages,
    '* as they had to be: a total off by a fen, a second cancellation, a package sold already, a late original 应拒绝者',
    '',
    'Who paid 各方支付',
    ...payers,
    '',
    '3201 by insutype and clr_type 对总账',
    ...statements,
    ...named,
    ...day.wrong.map((what) => `  ✗ ${what}`),
    '',
    `${day.noted.length} messages in ${(day.took_ms / 1000).toFixed(1)} s; ` +
      (day.wrong.length === 0
        ? 'everything as it had to be'
        : `${day.wrong.length} not as they had to be`),
  ].join('\n')
}

/** The day as data. */
export const documentOf = (day: Day): object => ({
  right: day.wrong.length === 0,
  wrong: day.wrong,
  took_ms: Math.round(day.took_ms),
  transactions: byTransaction(day.noted),
  payers: [...byPayer(day.books)].map(([name, fen]) => ({ name, amount: money(fen) })),
  statements: day.compared,
  differences: day.healed.map(({ named }) => named),
})
