import type { Instant } from '../../engine/day.ts'
import type { SettlementLine, TotalsLine, TransferLine } from './needs.ts'
import type { Cell, Column, Row } from './table.ts'

/** The columns of a table, and how one of its lines fills them. */
export interface Shape<L> {
  readonly columns: readonly Column[]
  readonly rowOf: (line: L) => Row
}

type Told<L> = readonly [
  name: string,
  kind: Column['kind'],
  zh: string,
  en: string,
  of: (line: L) => Cell,
]

const shapeOf = <L>(told: readonly Told<L>[]): Shape<L> => ({
  columns: told.map(([name, kind, zh, en]) => ({ name, kind, zh, en })),
  rowOf: (line) => told.map(([, , , , of]) => of(line)),
})

const chinaIsAhead_ms = 8 * 60 * 60 * 1000

const writeInstant = (at: Instant): string =>
  new Date(at + chinaIsAhead_ms).toISOString().replace('Z', '+08:00')

/** Ids and amounts, and no name or number of a person. */
export const settlementsShape: Shape<SettlementLine> = shapeOf([
  ['id', 'text', '结算编号', 'Settlement', ({ id }) => id],
  ['state', 'text', '状态', 'State', ({ state }) => state],
  ['person', 'text', '人员编号', 'Person', ({ person }) => person],
  ['institution', 'text', '定点医药机构编号', 'Institution', ({ institution }) => institution],
  ['day', 'day', '就诊日', 'Day treated', ({ day }) => day],
  ['careRegion', 'text', '就医地', 'Care region', ({ careRegion }) => careRegion],
  ['homeRegion', 'text', '参保地', 'Home region', ({ homeRegion }) => homeRegion],
  ['route', 'text', '结算地类别', 'Route', ({ route }) => route],
  ['scheme', 'text', '险种', 'Scheme', ({ scheme }) => scheme],
  ['care', 'text', '医疗类别', 'Kind of care', ({ care }) => care],
  ['total', 'amount', '医疗费总额', 'Total', ({ total }) => total],
  ['fundTotal', 'amount', '基金支付总额', 'Paid by funds', ({ fundTotal }) => fundTotal],
  [
    'personTotal',
    'amount',
    '个人负担总额',
    'Borne by the person',
    ({ personTotal }) => personTotal,
  ],
  ['account', 'amount', '个人账户支出', 'From accounts', ({ account }) => account],
  ['cash', 'amount', '个人现金支出', 'In cash', ({ cash }) => cash],
  ['postedAt', 'instant', '结算时间', 'Posted at', ({ postedAt }) => writeInstant(postedAt)],
])

export const transfersShape: Shape<TransferLine> = shapeOf([
  ['position', 'count', '流水序号', 'Place in the journal', ({ position }) => position],
  ['row', 'text', '记账单号', 'Row', ({ row }) => row],
  ['settlement', 'text', '结算编号', 'Settlement or movement', ({ settlement }) => settlement],
  ['owner', 'text', '所属', 'Owner', ({ owner }) => owner],
  ['leg', 'count', '分录号', 'Leg', ({ leg }) => BigInt(leg)],
  ['kind', 'text', '分录类别', 'Kind', ({ kind }) => kind],
  ['debit', 'text', '借方科目', 'Debit', ({ debit }) => debit],
  ['credit', 'text', '贷方科目', 'Credit', ({ credit }) => credit],
  ['amount', 'amount', '金额', 'Amount', ({ amount }) => amount],
  ['postedAt', 'instant', '记账时间', 'Posted at', ({ postedAt }) => writeInstant(postedAt)],
])

const dimensions: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  fund: ['基金', 'Fund'],
  region: ['参保地', 'Home region'],
  careRegion: ['就医地', 'Care region'],
  institution: ['定点医药机构编号', 'Institution'],
  scheme: ['险种', 'Scheme'],
  care: ['医疗类别', 'Kind of care'],
  month: ['月份', 'Month'],
}

export const totalsShape = (by: readonly string[]): Shape<TotalsLine> =>
  shapeOf([
    ...by.map((one, i): Told<TotalsLine> => {
      const [zh, en] = dimensions[one] ?? [one, one]
      return [one, 'text', zh, en, ({ values }) => values[i]]
    }),
    ['amount', 'amount', '金额', 'Amount', ({ amount }) => amount],
    ['settlements', 'count', '结算笔数', 'Settlements', ({ settlements }) => settlements],
  ])
