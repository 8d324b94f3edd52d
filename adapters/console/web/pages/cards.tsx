import { useState } from 'preact/hooks'
import type { CardDetail, CardState } from '../api/types.ts'
import { useAsked } from '../api/useAsked.ts'
import type { PageProps } from '../pages.ts'
import { Facts, Field, Section } from '../parts/bits.tsx'
import { CardLink, PersonLink } from '../parts/links.tsx'
import { Instant } from '../parts/time.tsx'
import { Timeline } from '../parts/timeline.tsx'
import { Shown } from '../parts/told.tsx'
import { addressOf, go } from '../router.ts'
import { cardServiceName, lifeName, lossName, pinName } from '../words/card.ts'
import { say } from '../words/say.ts'
import { RefusalList } from './find.tsx'
import { Settlements } from './findSettlements.tsx'

/** A card (社保卡): how it stands, everything that was done to it, and what was refused to it. */
export function CardsPage({ about }: PageProps) {
  const asked = useAsked<CardDetail>(
    about === undefined ? undefined : `/v1/cards/${encodeURIComponent(about)}`,
  )
  return (
    <>
      <CardForm key={about} about={about ?? ''} />
      {about === undefined ? (
        <p class="note">
          {say(
            '输入卡的编号。卡号、身份证号请用“查找”。',
            'Enter the id of a card. For its number or a citizen number use “Find”.',
          )}
        </p>
      ) : (
        <Shown asked={asked}>{(card) => <Card card={card} />}</Shown>
      )}
    </>
  )
}

function CardForm({ about }: { readonly about: string }) {
  const [id, setId] = useState(about)
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault()
        if (id.trim() !== '') go(addressOf('cards', id.trim()))
      }}
    >
      <Field wide name="card" label={say('卡编号', 'Card')} value={id} onChange={setId} />
      <button type="submit" class="main">
        {say('查看', 'Show')}
      </button>
    </form>
  )
}

const stateText = ({ life, loss, pin, managedIn }: CardState): string =>
  [lifeName(life), loss === 'none' ? '' : lossName(loss), pinName(pin), managedIn]
    .filter((text) => text !== '')
    .join(' · ')

function Card({ card }: { readonly card: CardDetail }) {
  return (
    <>
      <p class="lead">
        <code class="big">{card.number}</code>{' '}
        <span class={`state ${card.life}`}>{lifeName(card.life)}</span>
        {card.loss !== 'none' && <span class="state reversed">{lossName(card.loss)}</span>}
        {card.pin === 'locked' && <span class="state reversed">{pinName(card.pin)}</span>}
      </p>
      <Facts
        facts={[
          { name: say('卡编号', 'Id'), value: <code>{card.id}</code> },
          { name: say('持卡人', 'Holder'), value: <PersonLink id={card.person} /> },
          { name: say('挂失', 'Loss'), value: lossName(card.loss) },
          card.lossLapses !== undefined && {
            name: say('挂失到期', 'Loss lapses'),
            value: <Instant at={card.lossLapses} />,
          },
          { name: say('密码', 'PIN'), value: pinName(card.pin) },
          { name: say('发卡日期', 'Issued'), value: card.issued },
          { name: say('有效期至', 'Expires'), value: card.expires },
          { name: say('照片', 'Photo'), value: card.photo ? say('有', 'yes') : say('无', 'no') },
          { name: say('规范版本', 'Version'), value: card.version },
          { name: say('管理地', 'Managed in'), value: card.managedIn },
          card.replaces !== undefined && {
            name: say('替换', 'Replaces'),
            value: <CardLink id={card.replaces} />,
          },
        ]}
      />
      <Section title={say('卡历史', 'History')}>
        <CardHistory of={card.history} />
      </Section>
      <Section title={say('持卡人被拒的请求', 'What was refused to its holder, and why')}>
        <RefusalList query={{ person: card.person }} />
      </Section>
      <Settlements filter={{ card: card.id }} />
    </>
  )
}

function CardHistory({ of }: { readonly of: CardDetail['history'] }) {
  return (
    <Timeline
      events={of.map(({ service, at, desk, before, after, reason, note, other }) => ({
        at,
        title: cardServiceName(service),
        look: service,
        text: [
          before === undefined ? stateText(after) : `${stateText(before)} → ${stateText(after)}`,
          reason ?? '',
          note ?? '',
        ]
          .filter((part) => part !== '')
          .join('；'),
        codes: [
          desk && `${desk.division} ${desk.operator} ${desk.channel}`,
          other !== undefined ? other : undefined,
        ],
      }))}
    />
  )
}
