import { useState } from 'preact/hooks'
import { ask, type Told } from '../api/ask.ts'
import type { AuditNow } from '../api/auditTypes.ts'
import { Choice, Field } from '../parts/bits.tsx'
import { WhyNot } from '../parts/told.tsx'
import { say, sayBoth } from '../words/say.ts'

type Part = 'person' | 'institution' | 'region' | 'day'

/** Proves one person, institution, region or day at once (即时自查). */
export function ProveNow() {
  const [part, setPart] = useState<Part>('person')
  const [value, setValue] = useState('')
  const [told, setTold] = useState<Told<AuditNow> | 'busy'>()
  const prove = async (): Promise<void> => {
    setTold('busy')
    setTold(await ask<AuditNow>('/v1/audit', { body: { [part]: value.trim() } }))
  }
  return (
    <>
      <form
        class="filters"
        aria-label={say('即时核验', 'Prove at once')}
        onSubmit={(event) => {
          event.preventDefault()
          if (value.trim() !== '') void prove()
        }}
      >
        <Choice
          label={say('核验对象', 'What to prove')}
          name="part"
          value={part}
          onChange={(chosen) => setPart(chosen as Part)}
          choices={[
            ['person', say('参保人', 'Person')],
            ['institution', say('定点机构', 'Institution')],
            ['region', say('统筹区', 'Region')],
            ['day', say('某日', 'Day')],
          ]}
        />
        <Field
          name="value"
          type={part === 'day' ? 'date' : 'text'}
          label={say('编号或日期', 'Which one')}
          value={value}
          onChange={setValue}
        />
        <button type="submit" class="main">
          {say('立即核验', 'Prove now')}
        </button>
      </form>
      {told === 'busy' && <p role="status">{say('正在核验…', 'Proving…')}</p>}
      {told !== undefined && told !== 'busy' && <Came told={told} />}
    </>
  )
}

function Came({ told }: { readonly told: Told<AuditNow> }) {
  if (told.kind !== 'ok') return <WhyNot told={told} />
  const { findings, rows, took_ms } = told.data
  return (
    <>
      <p class={findings.length === 0 ? 'verdict good' : 'verdict bad'} role="status">
        {findings.length === 0
          ? say('没有发现不符。', 'Nothing differs.')
          : say(`${findings.length} 处不符`, `${findings.length} things differ`)}{' '}
        <span class="soft">
          {say(
            `${rows} 行，${Math.round(took_ms)} 毫秒`,
            `${rows} rows, ${Math.round(took_ms)} ms`,
          )}
        </span>
      </p>
      <ul class="findings">
        {findings.map(({ check, subject, problem }) => (
          <li key={`${check} ${subject}`}>
            <code>{check}</code> <code>{subject}</code>{' '}
            {typeof problem === 'string' ? problem : sayBoth(problem)}
          </li>
        ))}
      </ul>
    </>
  )
}
