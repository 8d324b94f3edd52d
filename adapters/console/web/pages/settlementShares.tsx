import type { SettlementDetail, Step } from '../api/types.ts'
import { Cite } from '../parts/cite.tsx'
import { fenOf, grouped, Yuan, yuanOf } from '../parts/yuan.tsx'
import { addressOf } from '../router.ts'
import { fundName, modeName, partName, periodName, routeName } from '../words/domain.ts'
import { say, sayBoth } from '../words/say.ts'
import { RuleText } from './ruleText.tsx'

/** Each step of the waterfall (结算过程) with what went in, how it was computed, and by which rule. */
export function Shares({ of: s }: { readonly of: SettlementDetail }) {
  return (
    <>
      <p class="soft">
        {say('所用规则', 'Rules used')}{' '}
        {s.rules.map(({ id, pack, from }) => (
          <span key={`${id} ${pack}`} class="key">
            <a href={addressOf('rules', s.homeRegion, { on: s.day })}>
              {id} · {pack}
            </a>{' '}
            {say(`自 ${from} 起`, `from ${from}`)}
          </span>
        ))}
        <span class="key">
          {say('规则包摘要', 'Hash of the packs')} <code class="hash">{s.rulePack}</code>
        </span>
      </p>
      <Away of={s} />
      {s.trace.length === 0 && (
        <p class="note">{say('没有基金参与这笔费用。', 'No fund has a part in this bill.')}</p>
      )}
      <ol class="steps">
        {s.trace.map((step, i) => (
          <li key={`${step.rule} ${step.layer} ${i}`}>
            <OneStep step={step} region={s.homeRegion} day={s.day} scheme={s.scheme} />
          </li>
        ))}
      </ol>
    </>
  )
}

function Away({ of: { crossRegion } }: { readonly of: SettlementDetail }) {
  if (!crossRegion) return null
  const { place, reason, coefficient, points, firstPayRate, firstPay, citation } = crossRegion
  return (
    <div class="step">
      <h3>{say('异地就医', 'Away from home')}</h3>
      <table class="sums">
        <tbody>
          <Row name={say('情形', 'Case')}>
            {routeName(place)} · {reason}
          </Row>
          {coefficient !== undefined && (
            <Row name={say('待遇系数', 'Rates times')}>× {coefficient}</Row>
          )}
          {points !== undefined && <Row name={say('降低', 'Rates less')}>− {points}</Row>}
          {firstPayRate !== undefined && (
            <Row name={say('转外先自付', 'Paid first')}>
              {firstPayRate} = <Yuan of={firstPay} />
            </Row>
          )}
        </tbody>
      </table>
      <Cite of={citation} />
    </div>
  )
}

interface StepProps {
  readonly step: Step
  readonly region: string
  readonly day: string
  readonly scheme: string
}

function OneStep({ step, region, day, scheme }: StepProps) {
  return (
    <article class="step">
      <h3>
        {sayBoth(step.name)} <span class="soft">{fundName(step.payer)}</span>
        {step.illustrative && (
          <span class="mark">{say('示例，非现行政策', 'illustrative, not current policy')}</span>
        )}
        <span class="paid">
          <Yuan of={step.paid} />
        </span>
      </h3>
      <table class="sums">
        <caption class="unseen">{sayBoth(step.name)}</caption>
        <tbody>
          <Base step={step} />
          <Deductible step={step} />
          <Rates step={step} />
          <Caps step={step} />
          <Row name={say('支付', 'Pays')} strong>
            {paysText(step)}
          </Row>
          {step.aboveCap !== undefined && (
            <Row name={say('封顶线以上', 'Above the cap')}>
              <Yuan of={step.aboveCap} />
            </Row>
          )}
          {step.accumulators.map(({ name, before, after }) => (
            <Row key={name} name={say('累计', 'Counted')}>
              <code>{name}</code> <Yuan of={before} /> → <Yuan of={after} />
            </Row>
          ))}
        </tbody>
      </table>
      <Cite of={step.citation} />
      <RuleText region={region} day={day} scheme={scheme} rule={step.rule} layer={step.layer} />
    </article>
  )
}

interface RowProps {
  readonly name: string
  readonly children: preact.ComponentChildren
  readonly strong?: boolean
}

const Row = ({ name, children, strong }: RowProps) => (
  <tr class={strong ? 'strong' : undefined}>
    <th scope="row">{name}</th>
    <td>{children}</td>
  </tr>
)

function Base({ step: { base, baseTotal } }: { readonly step: Step }) {
  return (
    <Row name={say('基数', 'Base')}>
      {base.map(({ part, amount }, i) => (
        <span key={part}>
          {i > 0 && ' + '}
          {partName(part)} <Yuan of={amount} />
        </span>
      ))}
      {base.length > 1 && (
        <>
          {' = '}
          <Yuan of={baseTotal} />
        </>
      )}
    </Row>
  )
}

function Deductible({ step: { deductible: d } }: { readonly step: Step }) {
  if (!d) return null
  const rest = fenOf(d.standard) - fenOf(d.usedBefore)
  return (
    <Row name={say('起付线', 'Deductible')}>
      {modeName(d.mode)} {say('标准', 'standard')} <Yuan of={d.standard} />
      {d.because && <span class="soft"> ({d.because.join(' ')})</span>} − {say('已用', 'used')}{' '}
      <Yuan of={d.usedBefore} /> = <Yuan of={yuanOf(rest > 0n ? rest : 0n)} />
      {say('，本次', ', taken now')} <Yuan of={d.taken} /> <code>{d.accumulator}</code>
    </Row>
  )
}

function Rates({ step: { rates, fixed } }: { readonly step: Step }) {
  return (
    <>
      {rates.map(({ from, to, rate, because, paid }) => (
        <Row key={`${from} ${to}`} name={say('比例', 'Rate')}>
          <Yuan of={yuanOf(fenOf(to) - fenOf(from))} /> × {rate} = <Yuan of={paid} />
          {fenOf(from) !== 0n && (
            <span class="soft">
              {' '}
              {say(
                `${grouped(from)} 至 ${grouped(to)} 段`,
                `from ${grouped(from)} to ${grouped(to)}`,
              )}
            </span>
          )}
          {because.length > 1 && <span class="soft"> ({because.join(', ')})</span>}
        </Row>
      ))}
      {fixed && (
        <Row name={say('定额', 'Fixed')}>
          <Yuan of={fixed.amount} /> − {say('本次住院已付', 'paid earlier in this stay')}{' '}
          <Yuan of={fixed.usedBefore} />
        </Row>
      )}
    </>
  )
}

function Caps({ step: { caps } }: { readonly step: Step }) {
  return caps.map(({ per, counts, limit, usedBefore, cut, accumulator }, i) => {
    const rest = fenOf(limit) - fenOf(usedBefore)
    return (
      <Row key={`${per} ${accumulator ?? ''} ${i}`} name={say('封顶线', 'Cap')}>
        {periodName(per)}
        {counts === 'base' && say('（按基数）', ' (of the base)')} <Yuan of={limit} /> −{' '}
        {say('已用', 'used')} <Yuan of={usedBefore} /> = <Yuan of={yuanOf(rest > 0n ? rest : 0n)} />
        {say('，超出', ', cut off')} <Yuan of={cut} />{' '}
        {accumulator !== undefined && <code>{accumulator}</code>}
      </Row>
    )
  })
}

/** What is paid as a sum, where several stretches were added or a cap cut something off. */
function paysText({ rates, caps, paid }: Step): preact.ComponentChildren {
  const cuts = caps.filter(({ counts, cut }) => counts === 'paid' && fenOf(cut) > 0n)
  const terms = rates.map((rate) => grouped(rate.paid))
  if (terms.length === 0 || terms.length + cuts.length === 1) return <Yuan of={paid} />
  return (
    <>
      {[terms.join(' + '), ...cuts.map(({ cut }) => grouped(cut))].join(' − ')} = <Yuan of={paid} />
    </>
  )
}
