import type { RegionRules } from '../api/types.ts'
import { useAsked } from '../api/useAsked.ts'
import type { PageProps } from '../pages.ts'
import { Section, Tabs } from '../parts/bits.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Shown } from '../parts/told.tsx'
import { addressOf, type Query } from '../router.ts'
import { schemeName } from '../words/domain.ts'
import { say } from '../words/say.ts'
import { RuleCases } from './rulesCases.tsx'
import { RulesDiff } from './rulesDiff.tsx'
import { RulesOn } from './rulesOn.tsx'

type Tab = 'on' | 'diff' | 'cases'

/** The rules (政策): what holds in a region on a day, what changed between two days, and the cases that test it. */
export function RulesPage({ about, query }: PageProps) {
  const asked = useAsked<{ readonly items: readonly RegionRules[] }>('/v1/rules')
  return (
    <Shown asked={asked}>
      {({ items }) => {
        const region = items.find((one) => one.region === about)
        return region ? (
          <Region region={region} query={query} />
        ) : (
          <>
            {about !== undefined && (
              <p class="note">{say(`没有 ${about} 的规则。`, `There are no rules of ${about}.`)}</p>
            )}
            <Regions items={items} />
          </>
        )
      }}
    </Shown>
  )
}

const regionColumns: readonly Column<RegionRules>[] = [
  {
    head: { zh: '统筹区', en: 'Region' },
    cell: ({ region, name }) => (
      <a href={addressOf('rules', region)}>
        {name} {region}
      </a>
    ),
  },
  {
    head: { zh: '规则包', en: 'Packs' },
    wraps: true,
    cell: ({ packs }) => packs.map(({ file }) => file).join(' · '),
  },
  { head: { zh: '摘要', en: 'Hash' }, cell: ({ hash }) => <code class="hash">{hash}</code> },
]

const Regions = ({ items }: { readonly items: readonly RegionRules[] }) => (
  <Section title={say('有规则的统筹区', 'Regions with rules')}>
    <Table
      caption={{ zh: '有规则的统筹区', en: 'Regions with rules' }}
      columns={regionColumns}
      rows={items}
    />
  </Section>
)

const packColumns: readonly Column<RegionRules['packs'][number]>[] = [
  { head: { zh: '险种', en: 'Scheme' }, cell: ({ scheme }) => schemeName(scheme) },
  { head: { zh: '文件', en: 'File' }, cell: ({ file }) => <code>{file}</code> },
  { head: { zh: '有效期', en: 'In force' }, cell: (p) => `${p.from} – ${p.until ?? ''}` },
]

function Region({ region, query }: { readonly region: RegionRules; readonly query: Query }) {
  const tab: Tab = query['tab'] === 'diff' || query['tab'] === 'cases' ? query['tab'] : 'on'
  return (
    <>
      <p class="lead">
        <strong class="big">{region.name}</strong> <code>{region.region}</code>
        <a class="button" href={addressOf('rules')}>
          {say('所有统筹区', 'All regions')}
        </a>
      </p>
      <Table
        caption={{ zh: '规则包版本', en: 'Versions of the packs' }}
        columns={packColumns}
        rows={region.packs}
      />
      <Tabs<Tab>
        label={say('政策', 'Rules')}
        chosen={tab}
        tabs={[
          ['on', say('某日的规则', 'On a day')],
          ['diff', say('两日之差', 'Between two days')],
          ['cases', say('案例', 'Cases')],
        ]}
        hrefOf={(name) => addressOf('rules', region.region, { ...query, tab: name })}
      />
      {tab === 'on' && <RulesOn region={region.region} query={query} />}
      {tab === 'diff' && <RulesDiff region={region.region} query={query} />}
      {tab === 'cases' && <RuleCases region={region.region} />}
    </>
  )
}
