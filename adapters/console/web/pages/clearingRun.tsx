import type { ClearingRunDetail } from '../api/bookTypes.ts'
import { useAsked } from '../api/useAsked.ts'
import { Section } from '../parts/bits.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Timeline } from '../parts/timeline.tsx'
import { Shown } from '../parts/told.tsx'
import { grouped, Yuan } from '../parts/yuan.tsx'
import { categoryName, wayName } from '../words/clearing.ts'
import { schemeName } from '../words/domain.ts'
import { say } from '../words/say.ts'

type Total = ClearingRunDetail['totals'][number]

const columns: readonly Column<Total>[] = [
  { head: { zh: '清算类别', en: 'Category' }, cell: ({ category }) => categoryName(category) },
  { head: { zh: '清算方式', en: 'Way' }, cell: ({ way }) => wayName(way) },
  { head: { zh: '险种', en: 'Scheme' }, cell: ({ scheme }) => schemeName(scheme) },
  { head: { zh: '费用所属月', en: 'Month' }, cell: ({ month }) => month },
  { head: { zh: '行数', en: 'Rows' }, number: true, cell: ({ rows }) => rows },
  { head: { zh: '总额', en: 'Total' }, number: true, cell: ({ total }) => <Yuan of={total} /> },
  { head: { zh: '基金', en: 'Funds' }, number: true, cell: (t) => <Yuan of={t.fundTotal} /> },
  { head: { zh: '账户', en: 'Account' }, number: true, cell: (t) => <Yuan of={t.account} /> },
  { head: { zh: '清算金额', en: 'Due' }, number: true, cell: ({ due }) => <Yuan of={due} /> },
]

/** One closed window (清算批次): its sums, and what became of it. */
export function Run({ id }: { readonly id: string }) {
  const asked = useAsked<ClearingRunDetail>(`/v1/clearing/runs/${encodeURIComponent(id)}`)
  return (
    <Section title={say(`清算批次 ${id}`, `Run ${id}`)}>
      <Shown asked={asked}>
        {(run) => (
          <>
            <Table
              caption={{ zh: '清算合计', en: 'Sums of the run' }}
              columns={columns}
              rows={run.totals}
            />
            {run.steps && (
              <Timeline
                events={run.steps.map(({ step, by, at, amount, reason }) => ({
                  at,
                  title: step,
                  look: step,
                  text: [amount === undefined ? '' : grouped(amount), reason ?? '', by].join(' '),
                }))}
              />
            )}
          </>
        )}
      </Shown>
    </Section>
  )
}
