import { useState } from 'preact/hooks'
import type { ClearingRun, Dispute, Statement } from '../api/bookTypes.ts'
import { useList } from '../api/useAsked.ts'
import { Choice, Field, Section } from '../parts/bits.tsx'
import { InstitutionLink } from '../parts/links.tsx'
import { List } from '../parts/list.tsx'
import type { Column } from '../parts/table.tsx'
import { Instant } from '../parts/time.tsx'
import { Yuan } from '../parts/yuan.tsx'
import { addressOf, go, type Query } from '../router.ts'
import { disputeName, runKindName } from '../words/clearing.ts'
import { amountName, rowKindName, schemeName } from '../words/domain.ts'
import { say } from '../words/say.ts'
import { Run } from './clearingRun.tsx'

const runColumns: readonly Column<ClearingRun>[] = [
  {
    head: { zh: '批次', en: 'Run' },
    cell: ({ run }) => (
      <a class="id" href={addressOf('books', undefined, { tab: 'clearing', run })}>
        {run}
      </a>
    ),
  },
  { head: { zh: '类型', en: 'Kind' }, cell: ({ kind }) => runKindName(kind) },
  { head: { zh: '清算期', en: 'Window' }, cell: ({ window }) => window },
  { head: { zh: '地区', en: 'Region' }, cell: ({ region }) => region },
  {
    head: { zh: '对方', en: 'With' },
    cell: ({ partner, institution }) =>
      institution === undefined ? (
        (partner ?? '')
      ) : (
        <InstitutionLink id={institution} query={{ tab: 'settlements' }} />
      ),
  },
  { head: { zh: '行数', en: 'Rows' }, number: true, cell: ({ rows }) => rows },
  { head: { zh: '清算金额', en: 'Due' }, number: true, cell: ({ due }) => <Yuan of={due} /> },
  { head: { zh: '关闭时间', en: 'Closed' }, cell: (r) => <Instant at={r.closedAt} /> },
]

/** Clearing (清算): closed windows, the statement of a pair of regions, and how two statements differ (对账差异). */
export function Clearing({ query }: { readonly query: Query }) {
  const runs = useList<ClearingRun>('/v1/clearing/runs')
  const { run } = query
  return (
    <>
      {run && <Run id={run} />}
      <PairForm query={query} />
      {query['region'] && query['partner'] && query['window'] && <PairShown query={query} />}
      <Section title={say('清算批次', 'Closed windows')}>
        <List
          list={runs}
          caption={{ zh: '清算批次', en: 'Closed windows' }}
          columns={runColumns}
          nothing={{ zh: '还没有关闭的清算期。', en: 'No window is closed yet.' }}
        />
      </Section>
    </>
  )
}

function PairForm({ query }: { readonly query: Query }) {
  const [fields, setFields] = useState<Query>({ side: 'home', ...query })
  const field = (name: string) => ({
    name,
    value: fields[name] ?? '',
    onChange: (value: string) => setFields({ ...fields, [name]: value }),
  })
  return (
    <form
      class="filters"
      aria-label={say('区域间对账', 'Reconciliation between regions')}
      onSubmit={(event) => {
        event.preventDefault()
        go(addressOf('books', undefined, { ...fields, tab: 'clearing', run: undefined }))
      }}
    >
      <Field {...field('region')} label={say('本方统筹区', 'Our region')} hint="510100" />
      <Choice
        {...field('side')}
        label={say('本方角色', 'Our side')}
        choices={[
          ['home', say('参保地', 'home')],
          ['care', say('就医地', 'care')],
        ]}
      />
      <Field {...field('partner')} label={say('对方统筹区', 'Other region')} hint="440100" />
      <Field {...field('window')} label={say('清算期', 'Window')} hint="2026-03" />
      <button type="submit" class="main">
        {say('对账', 'Compare')}
      </button>
    </form>
  )
}

/** The first and the last day of a window that is a month or a day. */
function daysOf(window: string): { readonly from: string; readonly until: string } {
  if (window.length > 7) return { from: window, until: window }
  const last = new Date(Date.UTC(Number(window.slice(0, 4)), Number(window.slice(5, 7)), 0))
  return { from: `${window}-01`, until: last.toISOString().slice(0, 10) }
}

const statementColumns: readonly Column<Statement>[] = [
  { head: { zh: '参考号', en: 'Reference' }, cell: (s) => <code>{s.reference}</code> },
  { head: { zh: '行', en: 'Row' }, cell: ({ kind }) => rowKindName(kind) },
  { head: { zh: '险种', en: 'Scheme' }, cell: ({ scheme }) => schemeName(scheme) },
  { head: { zh: '入账日期', en: 'Posted' }, cell: ({ postedOn }) => postedOn },
  { head: { zh: '总额', en: 'Total' }, number: true, cell: ({ total }) => <Yuan of={total} /> },
  { head: { zh: '基金', en: 'Funds' }, number: true, cell: (s) => <Yuan of={s.fundTotal} /> },
  { head: { zh: '账户', en: 'Account' }, number: true, cell: (s) => <Yuan of={s.account} /> },
  { head: { zh: '清算金额', en: 'Due' }, number: true, cell: ({ due }) => <Yuan of={due} /> },
]

const disputeColumns: readonly Column<Dispute>[] = [
  { head: { zh: '参考号', en: 'Reference' }, cell: (d) => <code>{d.reference}</code> },
  { head: { zh: '差异', en: 'Difference' }, cell: ({ kind }) => disputeName(kind) },
  { head: { zh: '入账日期', en: 'Posted' }, cell: ({ postedOn }) => postedOn },
  {
    head: { zh: '金额（本方 / 对方 / 差额）', en: 'Amounts (ours / theirs / by)' },
    cell: ({ amounts }) =>
      amounts.map(({ of, ours, theirs, by }) => (
        <span key={of} class="key">
          {amountName(of)} <Yuan of={ours} /> / <Yuan of={theirs} /> / <Yuan of={by} />
        </span>
      )),
  },
]

function PairShown({ query }: { readonly query: Query }) {
  const { region, side = 'home', partner, window = '' } = query
  const pair = { region, side, partner }
  const differences = useList<Dispute>('/v1/clearing/differences', { ...pair, window })
  const statement = useList<Statement>('/v1/clearing/statements', { ...pair, ...daysOf(window) })
  return (
    <>
      <Section title={say('对账差异', 'How the two statements differ')}>
        <List
          list={differences}
          caption={{ zh: '对账差异', en: 'Differences' }}
          columns={disputeColumns}
          nothing={{ zh: '两方逐行一致。', en: 'Both sides have every row alike.' }}
        />
      </Section>
      <Section title={say('对账单', 'Our statement')}>
        <List
          list={statement}
          caption={{ zh: '对账单', en: 'Statement' }}
          columns={statementColumns}
          nothing={{ zh: '这一期没有明细。', en: 'There is no row in this window.' }}
        />
      </Section>
    </>
  )
}
