import { useEffect, useState } from 'preact/hooks'
import type { Found, Refused } from '../api/auditTypes.ts'
import { pathWith } from '../api/ask.ts'
import type { PageOf } from '../api/types.ts'
import { useAsked, useList } from '../api/useAsked.ts'
import type { PageProps } from '../pages.ts'
import { Field, Section, Tabs } from '../parts/bits.tsx'
import { InstitutionLink, PersonLink } from '../parts/links.tsx'
import { List } from '../parts/list.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Instant } from '../parts/time.tsx'
import { Shown } from '../parts/told.tsx'
import { addressOf, go, type Query } from '../router.ts'
import { kindName } from '../words/domain.ts'
import { say, sayBoth } from '../words/say.ts'
import { Filters, filterNames } from './findFilters.tsx'
import { Settlements } from './findSettlements.tsx'

type Tab = 'search' | 'settlements' | 'refusals'

/** Finds anything (查找) by one box, settlements by filters, and what was refused. */
export function FindPage({ query }: PageProps) {
  const tab = tabOf(query)
  return (
    <>
      <SearchForm q={query['q'] ?? ''} on={query['on'] ?? ''} />
      <Tabs<Tab>
        label={say('查找方式', 'Ways to find')}
        chosen={tab}
        tabs={[
          ['search', say('搜索结果', 'Search')],
          ['settlements', say('结算列表', 'Settlements')],
          ['refusals', say('被拒请求', 'Refusals')],
        ]}
        hrefOf={(name) => addressOf('find', undefined, { ...query, tab: name })}
      />
      {tab === 'search' && <SearchResults q={query['q'] ?? ''} on={query['on'] ?? ''} />}
      {tab === 'settlements' && <SettlementsTab query={query} />}
      {tab === 'refusals' && <Refusals query={query} />}
    </>
  )
}

function tabOf(query: Readonly<Record<string, string>>): Tab {
  const { tab } = query
  if (tab === 'search' || tab === 'settlements' || tab === 'refusals') return tab
  return query['q'] === undefined ? 'settlements' : 'search'
}

function SearchForm(asked: { readonly q: string; readonly on: string }) {
  const [q, setQ] = useState(asked.q)
  const [on, setOn] = useState(asked.on)
  useEffect(() => {
    setQ(asked.q)
    setOn(asked.on)
  }, [asked.q, asked.on])
  return (
    <form
      class="filters"
      role="search"
      aria-label={say('搜索', 'Search')}
      onSubmit={(event) => {
        event.preventDefault()
        go(addressOf('find', undefined, { q: q.trim(), on }))
      }}
    >
      <Field
        wide
        type="search"
        name="q"
        label={say('查什么', 'What')}
        hint={say(
          '结算号、人员编号、卡号、身份证号、机构、报文号，或“张*明”加日期',
          'Settlement, person, card, citizen number, institution, msgid, or a masked name with a day',
        )}
        value={q}
        onChange={setQ}
      />
      <Field
        type="date"
        name="on"
        label={say('就诊日期', 'Day treated')}
        value={on}
        onChange={setOn}
      />
      <button type="submit" class="main">
        {say('查找', 'Find')}
      </button>
    </form>
  )
}

const foundColumns: readonly Column<Found>[] = [
  { head: { zh: '类型', en: 'What' }, cell: ({ kind }) => kindName(kind) },
  {
    head: { zh: '编号', en: 'Id' },
    cell: (found) => (
      <a class="id" href={addressOfFound(found)}>
        {found.id}
      </a>
    ),
  },
  { head: { zh: '名称', en: 'Name' }, wraps: true, cell: ({ title }) => sayBoth(title) },
  { head: { zh: '日期', en: 'Day' }, cell: ({ day }) => day },
  {
    head: { zh: '参保人', en: 'Person' },
    cell: ({ person }) => person !== undefined && <PersonLink id={person} />,
  },
  {
    head: { zh: '机构', en: 'Institution' },
    // An institution that was found is told already.
    cell: ({ kind, institution }) =>
      kind !== 'institution' && institution !== undefined && <InstitutionLink id={institution} />,
  },
]

/** Where what was found is shown: a message leads to its settlement, an institution to all it settled. */
function addressOfFound({ kind, id, settlement, person, institution }: Found): string {
  if (kind === 'person') return addressOf('people', id)
  if (kind === 'card') return addressOf('cards', id)
  if (kind === 'institution')
    return addressOf('find', undefined, { tab: 'settlements', institution: institution ?? id })
  if (kind === 'settlement') return addressOf('settlements', settlement ?? id)
  if (settlement !== undefined) return addressOf('settlements', settlement)
  return person === undefined
    ? addressOf('find', undefined, { q: id })
    : addressOf('people', person)
}

function SearchResults({ q, on }: { readonly q: string; readonly on: string }) {
  const asked = useAsked<PageOf<Found>>(q === '' ? undefined : pathWith('/v1/search', { q, on }))
  if (q === '') return <p class="note">{say('请输入要查的内容。', 'Say what to find.')}</p>
  return (
    <Section title={say(`“${q}”的结果`, `Results for “${q}”`)}>
      <Shown asked={asked}>
        {({ items, next }) =>
          items.length === 0 ? (
            <p class="note" role="status">
              {say('没有找到。', 'Nothing was found.')}
            </p>
          ) : (
            <>
              <Table
                caption={{ zh: '搜索结果', en: 'Results' }}
                columns={foundColumns}
                rows={items}
              />
              <p class="count" role="status">
                {say(`找到 ${items.length} 项`, `${items.length} found`)}
                {next !== undefined &&
                  say('，还有更多：请缩小范围', ', and there are more: say it more closely')}
              </p>
            </>
          )
        }
      </Shown>
    </Section>
  )
}

function SettlementsTab({ query }: { readonly query: Query }) {
  const filter = Object.fromEntries(filterNames.map((name) => [name, query[name]]))
  return (
    <>
      <Filters query={query} />
      <Settlements filter={filter} />
    </>
  )
}

const refusedColumns: readonly Column<Refused>[] = [
  { head: { zh: '时间', en: 'When' }, cell: ({ at }) => <Instant at={at} /> },
  {
    head: { zh: '机构', en: 'Institution' },
    cell: ({ institution }) => <InstitutionLink id={institution} />,
  },
  {
    head: { zh: '参保人', en: 'Person' },
    cell: ({ person }) => person !== undefined && <PersonLink id={person} />,
  },
  { head: { zh: '代码', en: 'Code' }, cell: ({ code }) => <code>{code}</code> },
  { head: { zh: '原因', en: 'Why' }, wraps: true, cell: ({ message }) => sayBoth(message) },
  { head: { zh: '请求', en: 'Request' }, cell: ({ key }) => <code>{key}</code> },
]

/** What was refused (被拒请求), and why. */
export function RefusalList({ query }: { readonly query: Query }) {
  const list = useList<Refused>('/v1/refusals', query)
  return (
    <List
      list={list}
      caption={{ zh: '被拒请求', en: 'Refusals' }}
      columns={refusedColumns}
      nothing={{ zh: '没有被拒的请求。', en: 'Nothing was refused.' }}
    />
  )
}

const refusalFilters = ['person', 'institution', 'code', 'from', 'until'] as const

function Refusals({ query }: { readonly query: Query }) {
  const [asked, setAsked] = useState<Query>({})
  const chosen = Object.fromEntries(refusalFilters.map((name) => [name, query[name]]))
  const [fields, setFields] = useState<Query>(chosen)
  const words = {
    person: say('人员编号', 'Person'),
    institution: say('机构', 'Institution'),
    code: say('代码', 'Code'),
    from: say('自', 'From'),
    until: say('至', 'Until'),
  }
  return (
    <>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault()
          setAsked(fields)
          go(addressOf('find', undefined, { ...fields, tab: 'refusals' }), { replace: true })
        }}
      >
        {refusalFilters.map((name) => (
          <Field
            key={name}
            name={name}
            type={name === 'from' || name === 'until' ? 'date' : 'text'}
            label={words[name]}
            value={fields[name] ?? ''}
            onChange={(value) => setFields({ ...fields, [name]: value })}
          />
        ))}
        <button type="submit" class="main">
          {say('查询', 'Ask')}
        </button>
      </form>
      <RefusalList query={Object.keys(asked).length > 0 ? asked : chosen} />
    </>
  )
}
