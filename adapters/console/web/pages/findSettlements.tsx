import { useState } from 'preact/hooks'
import { pathWith } from '../api/ask.ts'
import type { Summary } from '../api/types.ts'
import { useList } from '../api/useAsked.ts'
import { Section, State } from '../parts/bits.tsx'
import { InstitutionLink, PersonLink, SettlementLink } from '../parts/links.tsx'
import { List } from '../parts/list.tsx'
import { type Saved, saveFrom } from '../parts/save.ts'
import type { Column } from '../parts/table.tsx'
import { Instant } from '../parts/time.tsx'
import { Yuan } from '../parts/yuan.tsx'
import type { Query } from '../router.ts'
import { careName, routeName, schemeName } from '../words/domain.ts'
import { say } from '../words/say.ts'

export const summaryColumns: readonly Column<Summary>[] = [
  { head: { zh: '结算', en: 'Settlement' }, cell: ({ id }) => <SettlementLink id={id} /> },
  { head: { zh: '状态', en: 'State' }, cell: ({ state }) => <State of={state} /> },
  { head: { zh: '日期', en: 'Day' }, cell: ({ day }) => day },
  { head: { zh: '总额', en: 'Total' }, number: true, cell: ({ total }) => <Yuan of={total} /> },
  { head: { zh: '基金', en: 'Funds' }, number: true, cell: (s) => <Yuan of={s.fundTotal} /> },
  { head: { zh: '账户', en: 'Account' }, number: true, cell: (s) => <Yuan of={s.account} /> },
  { head: { zh: '现金', en: 'Cash' }, number: true, cell: ({ cash }) => <Yuan of={cash} /> },
  { head: { zh: '参保人', en: 'Person' }, cell: ({ person }) => <PersonLink id={person} /> },
  {
    head: { zh: '机构', en: 'Institution' },
    cell: ({ institution }) => <InstitutionLink id={institution} query={{ tab: 'settlements' }} />,
  },
  { head: { zh: '险种', en: 'Scheme' }, cell: ({ scheme }) => schemeName(scheme) },
  { head: { zh: '类别', en: 'Care' }, cell: ({ care }) => careName(care) },
  { head: { zh: '方式', en: 'Route' }, cell: ({ route }) => routeName(route) },
  { head: { zh: '入账时间', en: 'Posted' }, cell: (s) => <Instant at={s.postedAt} /> },
]

/** Settlements that pass some filters, the newest first, and their export. */
export function Settlements({ filter }: { readonly filter: Query }) {
  const list = useList<Summary>('/v1/settlements', filter)
  return (
    <Section title={say('结算列表', 'Settlements')} aside={<Exports filter={filter} />}>
      <List
        list={list}
        caption={{ zh: '结算列表', en: 'Settlements' }}
        columns={summaryColumns}
        nothing={{ zh: '没有符合条件的结算。', en: 'No settlement passes these filters.' }}
        rowClass={({ state }) => (state === 'settled' ? '' : 'undone')}
      />
    </Section>
  )
}

const formats = ['csv', 'xlsx', 'jsonl', 'parquet'] as const

/** The whole of what was found as a file, with a signed manifest that tells what is in it. */
function Exports({ filter }: { readonly filter: Query }) {
  const [saved, setSaved] = useState<Saved | 'busy'>()
  const save = async (format: string): Promise<void> => {
    setSaved('busy')
    const path = pathWith('/v1/exports/settlements', { format, ...filter })
    setSaved(await saveFrom(path, `settlements.${format}`))
  }
  const { wrong, exported } = saved === 'busy' || saved === undefined ? {} : saved
  const manifest = `/v1/exports/${exported ?? ''}/manifest`
  return (
    <div class="exports">
      <span>{say('导出', 'Export')}</span>
      {formats.map((format) => (
        <button key={format} type="button" onClick={() => void save(format)}>
          {format.toUpperCase()}
        </button>
      ))}
      {exported !== undefined && (
        <button
          type="button"
          onClick={() => void saveFrom(manifest, `settlements-${exported}.manifest.json`)}
        >
          {say('签名清单', 'Signed manifest')}
        </button>
      )}
      <span role="status">{saved === 'busy' ? say('正在导出…', 'Exporting…') : wrong}</span>
    </div>
  )
}
