import type { Anomaly, AnomalyView, Threshold } from '../api/auditTypes.ts'
import { useAsked, useList } from '../api/useAsked.ts'
import type { PageProps } from '../pages.ts'
import { Section } from '../parts/bits.tsx'
import { InstitutionLink, PersonLink, SettlementLink } from '../parts/links.tsx'
import { List } from '../parts/list.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Shown } from '../parts/told.tsx'
import { addressOf } from '../router.ts'
import { say, sayBoth } from '../words/say.ts'

interface Views {
  readonly items: readonly AnomalyView[]
}

/** What is worth a look (异常线索): each kind with its thresholds, and what it found. None of it proves anything. */
export function AnomaliesPage({ about }: PageProps) {
  const asked = useAsked<Views>('/v1/anomalies')
  return (
    <>
      <p class="soft">
        {say(
          '以下是值得查看的线索，不是结论。阈值是数据，可按政策调整。',
          'These are worth a look, and prove nothing. Their thresholds are data.',
        )}
      </p>
      <Shown asked={asked}>
        {({ items }) => (
          <>
            <Section title={say('线索种类', 'Kinds')}>
              <Table caption={{ zh: '线索种类', en: 'Kinds' }} columns={viewColumns} rows={items} />
            </Section>
            {about !== undefined && (
              <One key={about} name={about} view={items.find(({ name }) => name === about)} />
            )}
          </>
        )}
      </Shown>
    </>
  )
}

const Thresholds = ({ of }: { readonly of: readonly Threshold[] }) => (
  <ul class="plain">
    {of.map(({ name, region, from, value, unit, source }) => (
      <li key={`${name} ${region}`} title={source}>
        <code>{name}</code> {value} {unit}
        <span class="soft">
          {region === '*' ? '' : ` ${region}`} {say(`自 ${from}`, `from ${from}`)}
        </span>
      </li>
    ))}
  </ul>
)

const viewColumns: readonly Column<AnomalyView>[] = [
  {
    head: { zh: '线索', en: 'What' },
    wraps: true,
    cell: ({ name, title }) => <a href={addressOf('anomalies', name)}>{sayBoth(title)}</a>,
  },
  { head: { zh: '数量', en: 'Found' }, number: true, cell: ({ count }) => count ?? '–' },
  {
    head: { zh: '阈值', en: 'Thresholds' },
    wraps: true,
    cell: ({ thresholds }) => <Thresholds of={thresholds} />,
  },
]

const columns: readonly Column<Anomaly>[] = [
  { head: { zh: '日期', en: 'Day' }, cell: ({ day }) => day },
  { head: { zh: '对象', en: 'Subject' }, cell: ({ subject }) => <code>{subject}</code> },
  {
    head: { zh: '参保人', en: 'Person' },
    cell: ({ person }) => person !== undefined && <PersonLink id={person} />,
  },
  {
    head: { zh: '机构', en: 'Institution' },
    cell: ({ institution }) =>
      institution !== undefined && (
        <InstitutionLink id={institution} query={{ tab: 'settlements' }} />
      ),
  },
  { head: { zh: '问题', en: 'Problem' }, wraps: true, cell: ({ problem }) => sayBoth(problem) },
  {
    head: { zh: '结算', en: 'Settlements' },
    cell: ({ settlements }) =>
      settlements.map((id) => (
        <span key={id} class="key">
          <SettlementLink id={id} />
        </span>
      )),
  },
]

function One({ name, view }: { readonly name: string; readonly view: AnomalyView | undefined }) {
  const list = useList<Anomaly>(`/v1/anomalies/${encodeURIComponent(name)}`)
  return (
    <Section title={view ? sayBoth(view.title) : name}>
      <List
        list={list}
        caption={view?.title ?? { zh: name, en: name }}
        columns={columns}
        nothing={{ zh: '没有发现。', en: 'Nothing was found.' }}
      />
    </Section>
  )
}
