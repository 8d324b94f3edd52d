import { useState } from 'preact/hooks'
import type { Accumulator, Person, Summary } from '../api/types.ts'
import { useAsked, useList } from '../api/useAsked.ts'
import type { PageProps } from '../pages.ts'
import { Facts, Section } from '../parts/bits.tsx'
import { AccountLink, CardLink } from '../parts/links.tsx'
import { List } from '../parts/list.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Shown } from '../parts/told.tsx'
import { Yuan } from '../parts/yuan.tsx'
import { addressOf } from '../router.ts'
import { lifeName, lossName, pinName } from '../words/card.ts'
import { groupName, schemeName, sexName } from '../words/domain.ts'
import { say } from '../words/say.ts'
import { RefusalList } from './find.tsx'
import { summaryColumns } from './findSettlements.tsx'
import { Unmask } from './unmask.tsx'

/** A person (参保人): masked until somebody says why they need to know. */
export function PersonPage({ about }: PageProps) {
  const id = encodeURIComponent(about ?? '')
  const asked = useAsked<Person>(about === undefined ? undefined : `/v1/people/${id}`)
  if (about === undefined)
    return (
      <p class="note">
        <a href={addressOf('find')}>{say('请先查找参保人。', 'Find a person first.')}</a>
      </p>
    )
  return <Shown asked={asked}>{(person) => <ShownPerson person={person} />}</Shown>
}

const coverageColumns: readonly Column<Person['coverages'][number]>[] = [
  { head: { zh: '险种', en: 'Scheme' }, cell: ({ scheme }) => schemeName(scheme) },
  { head: { zh: '参保地', en: 'Region' }, cell: ({ region }) => region },
  { head: { zh: '人群', en: 'Group' }, cell: ({ group }) => groupName(group) },
  {
    head: { zh: '期间', en: 'Days' },
    cell: ({ from, until }) => `${from} – ${until ?? ''}`,
  },
  { head: { zh: '暂停', en: 'Paused' }, cell: ({ paused }) => paused ?? '' },
]

const cardColumns: readonly Column<Person['cards'][number]>[] = [
  { head: { zh: '卡', en: 'Card' }, cell: ({ id }) => <CardLink id={id} /> },
  { head: { zh: '卡号', en: 'Number' }, cell: ({ number }) => <code>{number}</code> },
  { head: { zh: '状态', en: 'State' }, cell: ({ life }) => lifeName(life) },
  { head: { zh: '挂失', en: 'Loss' }, cell: ({ loss }) => lossName(loss) },
  { head: { zh: '密码', en: 'PIN' }, cell: ({ pin }) => pinName(pin) },
  { head: { zh: '有效期', en: 'Valid' }, cell: (c) => `${c.issued} – ${c.expires}` },
  { head: { zh: '管理地', en: 'Managed in' }, cell: ({ managedIn }) => managedIn },
]

function ShownPerson({ person }: { readonly person: Person }) {
  const list = useList<Summary>(`/v1/people/${encodeURIComponent(person.id)}/settlements`)
  return (
    <>
      <p class="lead">
        <strong class="big">{person.name}</strong> <code>{person.id}</code>
        <UnmaskButton person={person.id} />
      </p>
      <Facts
        facts={[
          {
            name: say('公民身份号码', 'Citizen number'),
            value: <code>{person.citizenNumber}</code>,
          },
          { name: say('性别', 'Sex'), value: sexName(person.sex) },
          { name: say('出生日期', 'Born'), value: person.birth },
          { name: say('参保地', 'Region'), value: person.region },
          {
            name: say('公务员', 'Civil servant'),
            value: person.civilServant ? say('是', 'yes') : say('否', 'no'),
          },
        ]}
      />
      <Section title={say('结算', 'Settlements')}>
        <List
          list={list}
          caption={{ zh: '结算', en: 'Settlements' }}
          columns={summaryColumns.filter(({ head }) => head.en !== 'Person')}
          nothing={{ zh: '没有结算。', en: 'There is none.' }}
          rowClass={({ state }) => (state === 'settled' ? '' : 'undone')}
        />
      </Section>
      <div class="two">
        <Section title={say('参保', 'Coverage')}>
          <Table
            caption={{ zh: '参保', en: 'Coverage' }}
            columns={coverageColumns}
            rows={person.coverages}
          />
        </Section>
        <Section title={say('社保卡', 'Cards')}>
          <Table
            caption={{ zh: '社保卡', en: 'Cards' }}
            columns={cardColumns}
            rows={person.cards}
          />
        </Section>
      </div>
      <Sums person={person.id} />
      <Section title={say('被拒请求', 'Refusals')}>
        <RefusalList query={{ person: person.id }} />
      </Section>
    </>
  )
}

function UnmaskButton({ person }: { readonly person: string }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        {say('显示真实身份', 'Unmask')}
      </button>
      {open && <Unmask person={person} onClose={() => setOpen(false)} />}
    </>
  )
}

const accumulatorColumns: readonly Column<Accumulator>[] = [
  { head: { zh: '年度', en: 'Year' }, cell: ({ year }) => year ?? '' },
  { head: { zh: '统筹区', en: 'Region' }, cell: ({ region }) => region },
  { head: { zh: '险种', en: 'Scheme' }, cell: ({ scheme }) => schemeName(scheme) },
  { head: { zh: '累计项', en: 'What' }, cell: ({ name }) => <code>{name}</code> },
  { head: { zh: '周期', en: 'Period' }, cell: ({ period }) => period },
  { head: { zh: '区分', en: 'Apart by' }, cell: ({ by }) => by ?? '' },
  {
    head: { zh: '数值', en: 'Value' },
    number: true,
    cell: ({ value }) => <Yuan of={value} />,
  },
]

interface Sums {
  readonly items: readonly Accumulator[]
}
interface Accounts {
  readonly items: readonly { readonly owner: string; readonly balance: string }[]
}

function Sums({ person }: { readonly person: string }) {
  const path = `/v1/people/${encodeURIComponent(person)}`
  const sums = useAsked<Sums>(`${path}/accumulators`)
  const accounts = useAsked<Accounts>(`${path}/accounts`)
  return (
    <div class="two">
      <Section title={say('年度累计', 'Running sums')}>
        <Shown asked={sums}>
          {({ items }) => (
            <Table
              caption={{ zh: '年度累计', en: 'Running sums' }}
              columns={accumulatorColumns}
              rows={items}
            />
          )}
        </Shown>
      </Section>
      <Section title={say('个人账户', 'Personal accounts')}>
        <Shown asked={accounts}>
          {({ items }) => (
            <ul class="plain">
              {items.map(({ owner, balance }) => (
                <li key={owner}>
                  <AccountLink id={`personal:${owner}`} /> <Yuan of={balance} />
                </li>
              ))}
            </ul>
          )}
        </Shown>
      </Section>
    </div>
  )
}
