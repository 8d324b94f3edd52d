import { useState } from 'preact/hooks'
import { addressOf, go, type Query } from '../router.ts'
import { say } from '../words/say.ts'
import { Choice, Field } from './bits.tsx'

interface AsOfProps {
  readonly account?: string | undefined
  readonly query: Query
}

/** As of when books are shown: now, as they stood at an instant, or with what was treated until a day. */
export function AsOf({ account, query }: AsOfProps) {
  const [kind, setKind] = useState(
    query['treatedUntil'] ? 'treated' : query['asOf'] ? 'posted' : 'now',
  )
  const [at, setAt] = useState((query['asOf'] ?? '').slice(0, 16))
  const [day, setDay] = useState(query['treatedUntil'] ?? '')
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault()
        const asOf = kind === 'posted' && at !== '' ? `${at}:00+08:00` : undefined
        go(
          addressOf('books', account, {
            asOf,
            treatedUntil: kind === 'treated' ? day : undefined,
          }),
        )
      }}
    >
      <Choice
        label={say('截至', 'As of')}
        name="kind"
        value={kind}
        onChange={setKind}
        choices={[
          ['now', say('现在', 'now')],
          ['posted', say('入账时间', 'when posted')],
          ['treated', say('就诊日期', 'day treated')],
        ]}
      />
      {kind === 'posted' && (
        <Field
          type="datetime-local"
          name="asOf"
          label={say('时间', 'Instant')}
          value={at}
          onChange={setAt}
        />
      )}
      {kind === 'treated' && (
        <Field
          type="date"
          name="treatedUntil"
          label={say('就诊至', 'Treated until')}
          value={day}
          onChange={setDay}
        />
      )}
      <button type="submit" class="main">
        {say('查询', 'Ask')}
      </button>
    </form>
  )
}
