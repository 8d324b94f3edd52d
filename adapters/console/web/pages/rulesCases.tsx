import type { CasesRun } from '../api/auditTypes.ts'
import { useAsked } from '../api/useAsked.ts'
import { Section } from '../parts/bits.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Shown } from '../parts/told.tsx'
import { say } from '../words/say.ts'

const columns: readonly Column<CasesRun['items'][number]>[] = [
  {
    head: { zh: '结果', en: 'Result' },
    cell: ({ differences }) => (
      <span class={differences.length === 0 ? 'state settled' : 'state reversed'}>
        {differences.length === 0 ? say('通过', 'passed') : say('不符', 'differs')}
      </span>
    ),
  },
  { head: { zh: '案例', en: 'Case' }, wraps: true, cell: ({ name }) => name },
  {
    head: { zh: '文件', en: 'File' },
    cell: ({ file, line }) => (
      <code>
        {file}:{line}
      </code>
    ),
  },
  {
    head: { zh: '差异', en: 'Differences' },
    wraps: true,
    cell: ({ differences }) =>
      differences.map((text) => (
        <code key={text} class="line">
          {text}
        </code>
      )),
  },
]

/** The cases of a region (案例), run just now against its rules. */
export function RuleCases({ region }: { readonly region: string }) {
  const asked = useAsked<CasesRun>(`/v1/rules/${region}/cases`)
  return (
    <Section title={say('案例及结果', 'Cases with their results')}>
      <Shown asked={asked}>
        {({ items }) => (
          <>
            <p class="count" role="status">
              {say(
                `共 ${items.length} 个案例，${items.filter((one) => one.differences.length > 0).length} 个不符`,
                `${items.length} cases, of which ${items.filter((one) => one.differences.length > 0).length} differ`,
              )}
            </p>
            <Table caption={{ zh: '案例', en: 'Cases' }} columns={columns} rows={items} />
          </>
        )}
      </Shown>
    </Section>
  )
}
