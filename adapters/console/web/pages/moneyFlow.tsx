import { pathWith } from '../api/ask.ts'
import type { Totals } from '../api/auditTypes.ts'
import { useInstitutionNames } from '../api/useNames.ts'
import { useAsked } from '../api/useAsked.ts'
import { Section } from '../parts/bits.tsx'
import type { Flow } from '../parts/flow.ts'
import { InstitutionLink } from '../parts/links.tsx'
import { Sankey, type SankeyNode } from '../parts/sankey.tsx'
import { Table } from '../parts/table.tsx'
import { Waiting, WhyNot } from '../parts/told.tsx'
import { fenOf, roughly, Yuan, yuanOf } from '../parts/yuan.tsx'
import { addressOf } from '../router.ts'
import { careName, dimensionName, fundColour, fundName } from '../words/domain.ts'
import { languageNow, say } from '../words/say.ts'
import type { Period } from './money.tsx'

/** More institutions than these nobody can tell apart in a picture; the table has them all. */
const mostDrawn = 12
const rest = 'rest'

/** From kinds of care through funds to institutions. */
export function FlowPart({ period }: { readonly period: Period }) {
  const cares = useAsked<Totals>(pathWith('/v1/totals', { by: 'care,fund', ...period }))
  const places = useAsked<Totals>(pathWith('/v1/totals', { by: 'fund,institution', ...period }))
  const title = say('医疗类别 → 基金 → 定点机构', 'Kinds of care → funds → institutions')
  if (!cares.told || !places.told)
    return (
      <Section title={title}>
        <Waiting />
      </Section>
    )
  if (cares.told.kind !== 'ok' || places.told.kind !== 'ok') {
    const wrong = cares.told.kind === 'ok' ? places.told : cares.told
    return <Section title={title}>{wrong.kind !== 'ok' && <WhyNot told={wrong} />}</Section>
  }
  return (
    <Section title={title}>
      <FlowShown cares={cares.told.data} places={places.told.data} period={period} />
    </Section>
  )
}

interface ShownProps {
  readonly cares: Totals
  readonly places: Totals
  readonly period: Period
}

const text = (value: string | number | undefined): string => String(value ?? '')

/** Institutions that are drawn by name, the largest; the others go together. */
function largest({ items }: Totals): Set<string> {
  const sums = new Map<string, bigint>()
  for (const { institution, amount } of items)
    sums.set(text(institution), (sums.get(text(institution)) ?? 0n) + fenOf(amount))
  const ordered = [...sums].sort(([, a], [, b]) => (a < b ? 1 : -1)).map(([id]) => id)
  return new Set(ordered.length <= mostDrawn ? ordered : ordered.slice(0, mostDrawn - 1))
}

function FlowShown({ cares, places, period }: ShownProps) {
  const drawn = largest(places)
  const names = useInstitutionNames([...drawn])
  const placeOf = (id: string): string => `at ${drawn.has(id) ? id : rest}`
  const flows = together([
    ...cares.items.map(({ care, fund, amount }) =>
      flow(`care ${text(care)}`, `fund ${text(fund)}`, amount),
    ),
    ...places.items.map(({ fund, institution, amount }) =>
      flow(`fund ${text(fund)}`, placeOf(text(institution)), amount),
    ),
  ])
  if (flows.length === 0)
    return (
      <p class="note" role="status">
        {say('这一期间没有支付。', 'Nothing was paid in this period.')}
      </p>
    )
  const ids = [...new Set(flows.flatMap(({ from, to }) => [from, to]))]
  const columns = ['care ', 'fund ', 'at '].map((kind) =>
    ids.filter((id) => id.startsWith(kind)).map((id) => nodeOf(id, { flows, period, names })),
  )
  return (
    <>
      <p class="count" role="status">
        {say('合计', 'In all')} <Yuan of={cares.amount} />
        <span>{say(`${cares.settlements} 笔结算`, `in ${cares.settlements} settlements`)}</span>
      </p>
      <Sankey
        label={say('资金流向图', 'Where the money goes')}
        heads={[dimensionName('care'), dimensionName('fund'), dimensionName('institution')]}
        columns={columns}
        flows={flows}
      />
      <Figures cares={cares} places={places} />
    </>
  )
}

const flow = (from: string, to: string, amount: string): Flow => ({
  from,
  to,
  // Fen, which numbers hold exactly up to ninety trillion yuan; of pictures nobody reads a fen.
  amount: Math.max(0, Number(fenOf(amount))),
})

function together(flows: readonly Flow[]): Flow[] {
  const sums = new Map<string, Flow>()
  for (const one of flows) {
    const key = `${one.from}\n${one.to}`
    sums.set(key, { ...one, amount: one.amount + (sums.get(key)?.amount ?? 0) })
  }
  return [...sums.values()].filter(({ amount }) => amount > 0)
}

interface Drawing {
  readonly flows: readonly Flow[]
  readonly period: Period
  readonly names: ReadonlyMap<string, string>
}

function nodeOf(id: string, { flows, period, names }: Drawing): SankeyNode {
  const { basis, from, until } = period
  const [kind = '', word = ''] = id.split(' ')
  const isOut = flows.some((one) => one.from === id)
  const amount = flows
    .filter((one) => (isOut ? one.from === id : one.to === id))
    .reduce((sum, one) => sum + one.amount, 0)
  const days = basis === 'treated' ? { from, until } : {}
  const find = (query: Readonly<Record<string, string>>) =>
    addressOf('find', undefined, { tab: 'settlements', ...query, ...days })
  const shared = { id, amount: roughly(BigInt(Math.round(amount)), languageNow()) }
  if (kind === 'care') return { ...shared, name: careName(word), href: find({ care: word }) }
  if (kind === 'fund')
    return { ...shared, name: fundName(word), href: find({ fund: word }), colour: fundColour(word) }
  if (word === rest) return { ...shared, name: say('其他机构', 'Other institutions') }
  return { ...shared, name: names.get(word) ?? word, href: find({ institution: word }) }
}

/** The figures behind the picture. */
function Figures({ cares, places }: { readonly cares: Totals; readonly places: Totals }) {
  const fund = {
    head: { zh: '基金', en: 'Fund' },
    cell: (i: Totals['items'][number]) => fundName(text(i['fund'])),
  }
  const amount = {
    head: { zh: '金额', en: 'Amount' },
    number: true,
    cell: (item: Totals['items'][number]) => <Yuan of={yuanOf(fenOf(item.amount))} />,
  }
  const count = {
    head: { zh: '笔数', en: 'Settlements' },
    number: true,
    cell: (item: Totals['items'][number]) => item.settlements,
  }
  return (
    <details>
      <summary>{say('数字', 'The figures')}</summary>
      <div class="two">
        <Table
          caption={{ zh: '医疗类别与基金', en: 'Kinds of care and funds' }}
          columns={[
            { head: { zh: '医疗类别', en: 'Care' }, cell: (item) => careName(text(item['care'])) },
            fund,
            amount,
            count,
          ]}
          rows={cares.items}
        />
        <Table
          caption={{ zh: '基金与机构', en: 'Funds and institutions' }}
          columns={[
            fund,
            {
              head: { zh: '机构', en: 'Institution' },
              cell: (item) => (
                <InstitutionLink id={text(item['institution'])} query={{ tab: 'settlements' }} />
              ),
            },
            amount,
            count,
          ]}
          rows={places.items}
        />
      </div>
    </details>
  )
}
