import { useState } from 'preact/hooks'
import { anyOf, Choice, Field } from '../parts/bits.tsx'
import { addressOf, go, type Query } from '../router.ts'
import { careWords, fundWords, schemeWords } from '../words/domain.ts'
import { say } from '../words/say.ts'

/** Filters of the list of settlements that every server knows. */
const plainFilters = ['person', 'institution', 'from', 'until', 'scheme', 'care', 'state'] as const
/** Filters that came with the console. */
const moreFilters = [
  'card',
  'fund',
  'route',
  'careRegion',
  'homeRegion',
  'totalFrom',
  'totalUntil',
  'postedFrom',
  'postedUntil',
  'rulePack',
] as const

export const filterNames = [...plainFilters, ...moreFilters]

type Name = (typeof filterNames)[number]

const wordOf = (name: Name): string => {
  const words: Record<Name, readonly [string, string]> = {
    person: ['人员编号', 'Person'],
    institution: ['机构编号', 'Institution'],
    from: ['结算日期自', 'Day from'],
    until: ['结算日期至', 'Day until'],
    scheme: ['险种', 'Scheme'],
    care: ['医疗类别', 'Kind of care'],
    state: ['状态', 'State'],
    card: ['卡', 'Card'],
    fund: ['基金', 'Fund'],
    route: ['就医方式', 'Route'],
    careRegion: ['就医地', 'Region of care'],
    homeRegion: ['参保地', 'Insured region'],
    totalFrom: ['总额不低于', 'Total from'],
    totalUntil: ['总额不高于', 'Total until'],
    postedFrom: ['入账时间自', 'Posted from'],
    postedUntil: ['入账时间至', 'Posted until'],
    rulePack: ['规则包摘要', 'Rule pack'],
  }
  return say(...words[name])
}

const stateWords = {
  settled: ['有效', 'Settled'],
  cancelled: ['已撤销', 'Cancelled'],
  reversed: ['已冲正', 'Reversed'],
} as const
const routeWords = {
  local: ['本地', 'Local'],
  inProvince: ['省内异地', 'In province'],
  crossProvince: ['跨省异地', 'Cross-province'],
} as const

const choicesOf = (name: Name) => {
  if (name === 'scheme') return anyOf(schemeWords)
  if (name === 'care') return anyOf(careWords)
  if (name === 'fund') return anyOf(fundWords)
  if (name === 'state') return anyOf(stateWords)
  return name === 'route' ? anyOf(routeWords) : undefined
}

const typeOf = (name: Name) =>
  name === 'from' || name === 'until'
    ? 'date'
    : name === 'postedFrom' || name === 'postedUntil'
      ? 'datetime-local'
      : 'text'

/** An instant by the clock of China, as the server wants it; a day and time that somebody chose has no zone yet. */
const asInstant = (text: string): string =>
  text === '' || /[Z+]/.test(text) ? text : `${text.length === 16 ? `${text}:00` : text}+08:00`

/** The filters of settlements; they are in the address, so that what was found can be shown to somebody else. */
export function Filters({ query }: { readonly query: Query }) {
  const [fields, setFields] = useState<Query>(query)
  const hasMore = moreFilters.some((name) => Boolean(query[name]))
  const one = (name: Name) => {
    const choices = choicesOf(name)
    const shared = {
      name,
      label: wordOf(name),
      onChange: (value: string) => setFields({ ...fields, [name]: value }),
    }
    const type = typeOf(name)
    const value = fields[name] ?? ''
    return choices ? (
      <Choice key={name} {...shared} value={value} choices={choices} />
    ) : (
      <Field
        key={name}
        {...shared}
        type={type}
        value={type === 'datetime-local' ? value.slice(0, 16) : value}
      />
    )
  }
  return (
    <form
      class="filters"
      aria-label={say('筛选结算', 'Filter settlements')}
      onSubmit={(event) => {
        event.preventDefault()
        const { postedFrom = '', postedUntil = '' } = fields
        const posted = { postedFrom: asInstant(postedFrom), postedUntil: asInstant(postedUntil) }
        go(addressOf('find', undefined, { ...fields, ...posted, tab: 'settlements' }))
      }}
    >
      {plainFilters.map(one)}
      <details class="more" open={hasMore}>
        <summary>{say('更多条件', 'More filters')}</summary>
        <div class="filters">{moreFilters.map(one)}</div>
      </details>
      <button type="submit" class="main">
        {say('查询', 'Ask')}
      </button>
      <a class="button" href={addressOf('find', undefined, { tab: 'settlements' })}>
        {say('清除', 'Clear')}
      </a>
    </form>
  )
}
