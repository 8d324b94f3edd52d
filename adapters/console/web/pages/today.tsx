import type { Audit, Today } from '../api/auditTypes.ts'
import { useAsked } from '../api/useAsked.ts'
import { Section } from '../parts/bits.tsx'
import { MinuteBars } from '../parts/minuteBars.tsx'
import { Instant, secondsBetween, span } from '../parts/time.tsx'
import { Shown } from '../parts/told.tsx'
import { addressOf } from '../router.ts'
import { say, sayBoth } from '../words/say.ts'
import { ProveNow } from './proveNow.tsx'

const refresh_ms = 5_000

/** What is going on (今日): a minute at a time, and when everything was last sealed and proved. */
export function TodayPage() {
  const asked = useAsked<Today>('/v1/today', refresh_ms)
  return (
    <>
      <Shown asked={asked}>{(today) => <Live today={today} />}</Shown>
      <SelfAudit />
    </>
  )
}

interface CardProps {
  readonly name: string
  readonly value: preact.ComponentChildren
  readonly more?: preact.ComponentChildren
  readonly look?: 'good' | 'bad' | 'warn' | undefined
  readonly href?: string | undefined
}

function Card({ name, value, more, look, href }: CardProps) {
  return (
    <div class={look === undefined ? 'card' : `card ${look}`}>
      <dt>{href === undefined ? name : <a href={href}>{name}</a>}</dt>
      <dd>
        <strong>{value}</strong>
        {more !== undefined && <span class="soft">{more}</span>}
      </dd>
    </div>
  )
}

const ms = (value: number | null): string => (value === null ? '–' : `${Math.round(value)} ms`)

function Live({ today }: { readonly today: Today }) {
  return (
    <>
      <p class="count">
        <Instant at={today.now} />
        <span>{say('每 5 秒更新', 'renewed every 5 s')}</span>
      </p>
      <dl class="cards">
        <Outcomes today={today} />
        <Proved today={today} />
      </dl>
      <Section title={say('最近一小时，每分钟', 'The last hour, by the minute')}>
        <MinuteBars minutes={today.minutes} />
      </Section>
    </>
  )
}

function Outcomes({ today }: { readonly today: Today }) {
  const { day, outcomes, latency, minutes } = today
  const last = minutes.at(-2) ?? minutes.at(-1)
  const find = (tab: string): string => addressOf('find', undefined, { tab, from: day, until: day })
  return (
    <>
      <Card
        name={say('一小时内结算', 'Settled within the hour')}
        value={outcomes.settled.toLocaleString('en')}
        more={
          last && say(`上一分钟 ${last.settled} 笔`, `${last.settled} in the last whole minute`)
        }
        href={find('settlements')}
      />
      <Card
        name={say('撤销与冲正', 'Undone within it')}
        value={outcomes.undone.toLocaleString('en')}
      />
      <Card
        name={say('被拒', 'Refused within it')}
        value={outcomes.refused.toLocaleString('en')}
        href={find('refusals')}
      />
      <Card
        name={say('用时', 'Latency')}
        value={ms(latency.p50_ms)}
        more={`p99 ${ms(latency.p99_ms)}`}
      />
    </>
  )
}

function Proved({ today }: { readonly today: Today }) {
  const { now, sealed, proved, pendingCrossRegion, unjournaled } = today
  const ago = proved && span(secondsBetween(proved.at, now))
  return (
    <>
      <Card
        name={say('异地待定', 'Waiting for other regions')}
        value={pendingCrossRegion}
        look={pendingCrossRegion > 0 ? 'warn' : 'good'}
        href="/console/crossings"
      />
      <Card
        name={say('未入日志', 'Not in the journal yet')}
        value={unjournaled}
        more={say('行', 'rows')}
      />
      <Card
        name={say('已封存至', 'Sealed up to')}
        value={sealed ? Number(sealed.size).toLocaleString('en') : say('未封存', 'not sealed')}
        more={sealed && <Instant at={sealed.at} />}
        look={sealed ? undefined : 'warn'}
        href={addressOf('proofs')}
      />
      <Card
        name={say('上次全面核验', 'Everything last proved')}
        value={proved ? say(`${ago}前`, `${ago} ago`) : say('尚无', 'not yet')}
        more={proved && say(`${proved.findings} 处不符`, `${proved.findings} findings`)}
        look={proved ? (proved.findings > 0 ? 'bad' : 'good') : 'warn'}
      />
    </>
  )
}

/** Nothing found is good news only once everything was looked at. */
const lookOf = (findings: number, secondsSince: number | undefined): string =>
  findings > 0 ? 'bad' : secondsSince === undefined ? '' : 'good'

/** What the self-audit found as the server served (自查): by name, where anything differs. */
function SelfAudit() {
  const asked = useAsked<Audit>('/v1/audit', 15_000)
  return (
    <Section title={say('自查', 'Self-audit')}>
      <Shown asked={asked}>
        {({ round, secondsSince, slices, findings }) => (
          <>
            <p class={`verdict ${lookOf(findings.length, secondsSince)}`} role="status">
              {findings.length > 0
                ? say(`${findings.length} 处不符`, `${findings.length} things differ`)
                : secondsSince === undefined
                  ? say('还没有全部核完一遍。', 'Not everything was proved once yet.')
                  : say('没有发现不符。', 'Nothing differs.')}{' '}
              <span class="soft">
                {say(`第 ${round} 轮`, `round ${round}`)}
                {secondsSince !== undefined &&
                  say(
                    `，${span(secondsSince)}前全部核完`,
                    `, everything proved ${span(secondsSince)} ago`,
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
            <p class="soft">
              {slices.map(({ name, at, rows, took_ms }) => (
                <span key={name} class="key">
                  {name} <Instant at={at} /> {say(`${rows} 行`, `${rows} rows`)}{' '}
                  {Math.round(took_ms)} ms
                </span>
              ))}
            </p>
          </>
        )}
      </Shown>
      <ProveNow />
    </Section>
  )
}
