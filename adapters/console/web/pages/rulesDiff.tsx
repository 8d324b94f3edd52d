import { useState } from 'preact/hooks'
import { pathWith } from '../api/ask.ts'
import type { Json } from '../api/types.ts'
import { useAsked } from '../api/useAsked.ts'
import { Field, Section } from '../parts/bits.tsx'
import { type Difference, differences } from '../parts/diff.ts'
import { JsonView } from '../parts/jsonView.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Waiting, WhyNot } from '../parts/told.tsx'
import { addressOf, go, type Query } from '../router.ts'
import { ruleWord } from '../words/rules.ts'
import { say } from '../words/say.ts'

/** More than this is folded away: a rule that is new as a whole is long. */
const longest = 240

function Value({ of }: { readonly of: Json | undefined }) {
  const size = JSON.stringify(of ?? null).length
  if (size <= longest) return <JsonView of={of} />
  return (
    <details>
      <summary>{say('展开', 'Unfold')}</summary>
      <JsonView of={of} />
    </details>
  )
}

const columns: readonly Column<Difference>[] = [
  {
    head: { zh: '位置', en: 'Where' },
    wraps: true,
    cell: ({ path }) => path.map(ruleWord).join(' › '),
  },
  {
    head: { zh: '前一日', en: 'On the first day' },
    wraps: true,
    cell: ({ before }) => <Value of={before} />,
  },
  {
    head: { zh: '后一日', en: 'On the second day' },
    wraps: true,
    cell: ({ after }) => <Value of={after} />,
  },
]

/** What of the rules of a region differs between two days (政策变化). */
export function RulesDiff({ region, query }: { readonly region: string; readonly query: Query }) {
  const [first, setFirst] = useState(query['first'] ?? '')
  const [second, setSecond] = useState(query['second'] ?? '')
  return (
    <>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault()
          go(addressOf('rules', region, { tab: 'diff', first, second }))
        }}
      >
        <Field
          type="date"
          name="first"
          label={say('前一日', 'First day')}
          value={first}
          onChange={setFirst}
        />
        <Field
          type="date"
          name="second"
          label={say('后一日', 'Second day')}
          value={second}
          onChange={setSecond}
        />
        <button type="submit" class="main">
          {say('比较', 'Compare')}
        </button>
      </form>
      {query['first'] && query['second'] && (
        <Compared region={region} first={query['first']} second={query['second']} />
      )}
    </>
  )
}

interface ComparedProps {
  readonly region: string
  readonly first: string
  readonly second: string
}

function Compared({ region, first, second }: ComparedProps) {
  const before = useAsked<Json>(pathWith(`/v1/rules/${region}`, { on: first }))
  const after = useAsked<Json>(pathWith(`/v1/rules/${region}`, { on: second }))
  if (!before.told || !after.told) return <Waiting />
  if (before.told.kind !== 'ok') return <WhyNot told={before.told} />
  if (after.told.kind !== 'ok') return <WhyNot told={after.told} />
  // The day itself differs whatever the rules do.
  const found = differences(before.told.data, after.told.data).filter(
    ({ path }) => path[0] !== 'on',
  )
  return (
    <Section title={say(`${first} 与 ${second} 之差`, `Between ${first} and ${second}`)}>
      {found.length === 0 ? (
        <p class="note" role="status">
          {say('两日的规则相同。', 'The rules of both days are the same.')}
        </p>
      ) : (
        <Table
          caption={{ zh: '规则之差', en: 'What differs' }}
          columns={columns}
          rows={found}
          rowClass={({ before: was, after: is }) =>
            was === undefined ? 'added' : is === undefined ? 'removed' : 'changed'
          }
        />
      )}
    </Section>
  )
}
