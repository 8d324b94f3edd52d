import type { SettlementDetail } from '../api/types.ts'
import { fenOf, isNothing, Yuan, yuanOf } from '../parts/yuan.tsx'
import { amountName, fundName } from '../words/domain.ts'
import { say } from '../words/say.ts'

interface Bar {
  readonly name: string
  readonly amount: bigint
  /** A level that is reached, or who takes something off the one above. */
  readonly kind: 'level' | 'fund' | 'person'
  /** What is left beneath it, where the bar begins. */
  readonly from: bigint
  readonly mark?: string | undefined
}

/** What the total is brought down by, one payer after the other, until the cash is left. */
function barsOf(s: SettlementDetail): Bar[] {
  let left = fenOf(s.total)
  const level = (name: string): Bar => ({ name, amount: left, kind: 'level', from: 0n })
  const takeOff = (name: string, yuan: string, kind: Bar['kind'], mark?: string): Bar[] => {
    if (isNothing(yuan)) return []
    left -= fenOf(yuan)
    return [{ name, amount: fenOf(yuan), kind, from: left, mark }]
  }
  const own = yuanOf(fenOf(s.account) - fenOf(s.familyAccount))
  return [
    level(amountName('total')),
    ...s.shares.flatMap(({ fund, amount, illustrative }) =>
      takeOff(
        fundName(fund),
        amount,
        'fund',
        illustrative ? say('示例，非现行政策', 'illustrative, not current policy') : undefined,
      ),
    ),
    ...takeOff(amountName('hospitalShare'), s.hospitalShare, 'fund'),
    level(amountName('personTotal')),
    ...takeOff(fundName('account'), own, 'person'),
    ...takeOff(fundName('familyAccount'), s.familyAccount, 'person'),
    level(amountName('cash')),
  ]
}

/** The waterfall (结算过程) as a picture that reads as a table to whoever does not see it. */
export function Waterfall({ of: s }: { readonly of: SettlementDetail }) {
  const total = Number(fenOf(s.total))
  const bars = barsOf(s)
  const percent = (fen: bigint): string => (total === 0 ? '0%' : `${(Number(fen) / total) * 100}%`)
  return (
    <>
      <table class="waterfall">
        <caption class="unseen">{say('从总额到现金', 'From the total to the cash')}</caption>
        <thead class="unseen">
          <tr>
            <th scope="col">{say('项目', 'What')}</th>
            <th scope="col">{say('金额', 'Amount')}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map(({ name, amount, kind, from, mark }) => (
            <tr key={name} class={kind}>
              <th scope="row">
                {kind !== 'level' && <span aria-hidden="true">− </span>}
                {name}
                {mark !== undefined && <span class="mark">{mark}</span>}
              </th>
              <td class="number">
                <Yuan of={yuanOf(amount)} />
                <span class="track" aria-hidden="true">
                  <span
                    class={`bar ${kind}`}
                    style={{ marginLeft: percent(from), width: percent(amount) }}
                  />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Notes of={s} />
    </>
  )
}

/** What of the cash others owe, and what the account has left. */
function Notes({ of: s }: { readonly of: SettlementDetail }) {
  const notes = ['employerShare', 'receivable', 'advanced'] as const
  return (
    <p class="soft">
      {notes.map((name) => {
        const amount = s[name]
        return amount === undefined || isNothing(amount) ? null : (
          <span key={name} class="key">
            {amountName(name)} <Yuan of={amount} />
          </span>
        )
      })}
      <span class="key">
        {amountName('accountBalance')} <Yuan of={s.accountBalance} />
      </span>
    </p>
  )
}
