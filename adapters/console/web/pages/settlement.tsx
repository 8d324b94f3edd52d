import { useEffect } from 'preact/hooks'
import type { SettlementDetail, Stay } from '../api/types.ts'
import { useRegionNames } from '../api/useNames.ts'
import { useAsked } from '../api/useAsked.ts'
import { Facts, Section, State } from '../parts/bits.tsx'
import { InstitutionLink, PersonLink, SettlementLink } from '../parts/links.tsx'
import type { PageProps } from '../pages.ts'
import { Instant } from '../parts/time.tsx'
import { Shown } from '../parts/told.tsx'
import { Yuan } from '../parts/yuan.tsx'
import { addressOf } from '../router.ts'
import { careName, routeName, schemeName } from '../words/domain.ts'
import { say } from '../words/say.ts'
import { warningText } from '../words/warnings.ts'
import { Bill } from './settlementBill.tsx'
import { History } from './settlementHistory.tsx'
import { Shares } from './settlementShares.tsx'
import { Transfers } from './settlementTransfers.tsx'
import { ProofOf } from './settlementProof.tsx'
import { Waterfall } from './settlementWaterfall.tsx'

/** A settlement (结算): from the bill to the fen that each payer pays, why, and what proves it. */
export function SettlementPage({ about }: PageProps) {
  const asked = useAsked<SettlementDetail>(
    about === undefined ? undefined : `/v1/settlements/${encodeURIComponent(about)}`,
  )
  if (about === undefined)
    return (
      <p class="note">
        {say('请先在“查找”中打开一笔结算。', 'Open a settlement from “Find”.')}{' '}
        <a href={addressOf('find')}>{say('查找', 'Find')}</a>
      </p>
    )
  return <Shown asked={asked}>{(s) => <Settlement of={s} />}</Shown>
}

function Settlement({ of: s }: { readonly of: SettlementDetail }) {
  // Whoever came for a part of the page is led there once it is drawn.
  useEffect(() => {
    document.getElementById(location.hash.slice(1))?.scrollIntoView()
  }, [s.id])
  return (
    <>
      <p class="lead">
        <code class="big">{s.id}</code> <State of={s.state} />
        <a class="button" href={addressOf('statement', s.id)}>
          {say('打印结算单', 'Print the statement')}
        </a>
      </p>
      <Warnings of={s} />
      <Head of={s} />
      <nav class="jumps" aria-label={say('本页内容', 'On this page')}>
        {parts().map(([id, words]) => (
          <a key={id} href={`#${id}`}>
            {words}
          </a>
        ))}
      </nav>
      <div class="two">
        <Section title={say('从总额到现金', 'From the total to the cash')}>
          <Waterfall of={s} />
        </Section>
        <Section title={say('经过', 'History')}>
          <History of={s} />
        </Section>
      </div>
      <div id="bill">
        <Section title={say('费用明细', 'The bill, line by line')}>
          <Bill of={s} />
        </Section>
      </div>
      <div id="shares">
        <Section title={say('各方支付及政策依据', 'Who pays, and by which rule')}>
          <Shares of={s} />
        </Section>
      </div>
      <div id="transfers">
        <Section title={say('分录', 'Transfers')}>
          <Transfers settlement={s.id} />
        </Section>
      </div>
      <div id="proof">
        <Section title={say('证明', 'Proof')}>
          <ProofOf settlement={s.id} />
        </Section>
      </div>
    </>
  )
}

const parts = (): readonly (readonly [string, string])[] => [
  ['bill', say('费用明细', 'Bill')],
  ['shares', say('政策依据', 'Rules')],
  ['transfers', say('分录', 'Transfers')],
  ['proof', say('证明', 'Proof')],
]

function Warnings({ of: { warnings } }: { readonly of: SettlementDetail }) {
  if (warnings.length === 0) return null
  return (
    <ul class="warnings">
      {warnings.map(({ code, facts }) => (
        <li key={code}>
          {warningText(code)} <WarningFacts facts={facts} />
        </li>
      ))}
    </ul>
  )
}

/** What a warning names: settlements can be gone to, the rest is told. */
function WarningFacts({ facts }: { readonly facts: object }) {
  const named = Object.entries(facts as Readonly<Record<string, unknown>>).map(
    ([name, value]) => [name, [value].flat()] as const,
  )
  return named.map(([name, values]) =>
    name === 'settlements' ? (
      values.map((id) => <SettlementLink key={String(id)} id={String(id)} />)
    ) : (
      <code key={name}>{values.map(String).join(', ')}</code>
    ),
  )
}

const stayText = ({ admission, discharge, interim }: Stay): string =>
  `${admission} → ${discharge}${interim ? say('（中途结算）', ' (interim)') : ''}`

function Head({ of: s }: { readonly of: SettlementDetail }) {
  const names = useRegionNames([s.homeRegion, s.careRegion])
  const place = (code: string): string => `${names.get(code) ?? ''} ${code}`.trim()
  return (
    <Facts
      facts={[
        { name: say('参保人', 'Person'), value: <PersonLink id={s.person} /> },
        { name: say('定点机构', 'Institution'), value: <InstitutionLink id={s.institution} /> },
        { name: say('险种', 'Scheme'), value: schemeName(s.scheme) },
        { name: say('医疗类别', 'Kind of care'), value: careName(s.care) },
        { name: say('结算日期', 'Day'), value: s.day },
        {
          name: say('参保地 → 就医地', 'Insured → treated'),
          value: `${place(s.homeRegion)} → ${place(s.careRegion)} (${routeName(s.route)})`,
        },
        { name: say('入账时间', 'Posted'), value: <Instant at={s.postedAt} /> },
        s.visit !== undefined && { name: say('就诊号', 'Visit'), value: <code>{s.visit}</code> },
        s.stay && { name: say('入院 → 出院', 'Admitted → discharged'), value: stayText(s.stay) },
        s.disease !== undefined && {
          name: say('病种', 'Disease'),
          value: <code>{s.disease}</code>,
        },
        { name: say('医疗费总额', 'Total'), value: <Yuan of={s.total} /> },
        { name: say('基金支付', 'Funds'), value: <Yuan of={s.fundTotal} /> },
        { name: say('个人负担', 'Person pays'), value: <Yuan of={s.personTotal} /> },
        s.desk && {
          name: say('经办机构办理', 'At the agency’s desk'),
          value: `${s.desk.reason} (${s.desk.case})`,
        },
        s.desk?.replaces !== undefined && {
          name: say('替代结算', 'In place of'),
          value: <SettlementLink id={s.desk.replaces} />,
        },
      ]}
    />
  )
}
