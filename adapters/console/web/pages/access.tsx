import { useState } from 'preact/hooks'
import type { Access } from '../api/auditTypes.ts'
import { useList } from '../api/useAsked.ts'
import type { PageProps } from '../pages.ts'
import { Field, Section } from '../parts/bits.tsx'
import { PersonLink } from '../parts/links.tsx'
import { List } from '../parts/list.tsx'
import type { Column } from '../parts/table.tsx'
import { Instant } from '../parts/time.tsx'
import { addressOf, go, type Query } from '../router.ts'
import { actionName, roleName } from '../words/domain.ts'
import { say } from '../words/say.ts'

const columns: readonly Column<Access>[] = [
  { head: { zh: '序号', en: 'Position' }, number: true, cell: ({ position }) => position },
  { head: { zh: '时间', en: 'When' }, cell: ({ at }) => <Instant at={at} /> },
  { head: { zh: '何人', en: 'Caller' }, cell: ({ caller }) => <code>{caller}</code> },
  { head: { zh: '角色', en: 'Role' }, cell: ({ role }) => roleName(role) },
  { head: { zh: '动作', en: 'Action' }, cell: ({ action }) => actionName(action) },
  {
    head: { zh: '参保人', en: 'Person' },
    cell: ({ person }) => person !== undefined && <PersonLink id={person} />,
  },
  {
    head: { zh: '对象', en: 'Subject' },
    cell: ({ subject }) => subject !== undefined && <code>{subject}</code>,
  },
  { head: { zh: '原因', en: 'Reason' }, cell: ({ reason }) => reason },
]

const filters = ['person', 'caller', 'action', 'from', 'until'] as const

/** Who looked at whose data, when and why (访问记录): nobody can take a line away. */
export function AccessPage({ query }: PageProps) {
  const filter: Query = Object.fromEntries(filters.map((name) => [name, query[name]]))
  // Days are chosen, and moments are asked for: from the first of the one day to the last of the other.
  const from = filter['from'] && `${filter['from']}T00:00:00+08:00`
  const until = filter['until'] && `${filter['until']}T23:59:59+08:00`
  const list = useList<Access>('/v1/access-log', { ...filter, from, until })
  const [fields, setFields] = useState(filter)
  const words = {
    person: say('参保人', 'Person'),
    caller: say('何人', 'Caller'),
    action: say('动作', 'Action'),
    from: say('自', 'From'),
    until: say('至', 'Until'),
  }
  return (
    <>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault()
          go(addressOf('access', undefined, fields))
        }}
      >
        {filters.map((name) => (
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
      <Section title={say('访问记录', 'Access log')}>
        <List list={list} caption={{ zh: '访问记录', en: 'Access log' }} columns={columns} />
      </Section>
    </>
  )
}
