import { useState } from 'preact/hooks'
import { pathWith } from '../api/ask.ts'
import type { Json } from '../api/types.ts'
import { useAsked } from '../api/useAsked.ts'
import { Field, Section } from '../parts/bits.tsx'
import { JsonView } from '../parts/jsonView.tsx'
import { Shown } from '../parts/told.tsx'
import { addressOf, go, type Query } from '../router.ts'
import { careName, fundName, schemeName } from '../words/domain.ts'
import { say } from '../words/say.ts'

type Named = { readonly [name: string]: Json | undefined }

const named = (value: Json | undefined): Named =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Named) : {}
const listed = (value: Json | undefined): readonly Named[] =>
  Array.isArray(value) ? value.map(named) : []
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/** What holds in a region on a day: scheme by scheme, rule by rule, layer by layer, each with its source. */
export function RulesOn({ region, query }: { readonly region: string; readonly query: Query }) {
  const [on, setOn] = useState(query['on'] ?? '')
  const asked = useAsked<Json>(pathWith(`/v1/rules/${region}`, { on: query['on'] }))
  return (
    <>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault()
          go(addressOf('rules', region, { on }))
        }}
      >
        <Field type="date" name="on" label={say('日期', 'Day')} value={on} onChange={setOn} />
        <button type="submit" class="main">
          {say('查看', 'Show')}
        </button>
      </form>
      <Shown asked={asked}>{(rules) => <Rules rules={named(rules)} />}</Shown>
    </>
  )
}

function Rules({ rules }: { readonly rules: Named }) {
  const { schemes, overlays, sources, hash: _hash, region: _region, name: _name, ...rest } = rules
  const cited = named(sources)
  return (
    <>
      <p class="count">{say(`${text(rules['on'])} 有效`, `In force on ${text(rules['on'])}`)}</p>
      {listed(schemes).length === 0 && (
        <p class="note">{say('这一天没有规则。', 'There is no rule for this day.')}</p>
      )}
      {listed(schemes).map((pack) => (
        <Section key={text(pack['file'])} title={schemeName(text(pack['scheme']))}>
          {listed(pack['rules']).map((rule) => (
            <OneRule key={text(rule['id'])} rule={rule} sources={cited} />
          ))}
        </Section>
      ))}
      {listed(overlays).map((overlay) => (
        <Section key={text(overlay['name'])} title={text(overlay['name'])}>
          {listed(overlay['layers']).map((layer) => (
            <Layer key={text(layer['id'])} layer={layer} sources={cited} />
          ))}
        </Section>
      ))}
      <details class="rule box">
        <summary>{say('统筹区设置', 'Of the region')}</summary>
        <JsonView of={rest} />
      </details>
      <details class="rule box">
        <summary>{say('全部政策依据', 'All sources')}</summary>
        <JsonView of={cited} />
      </details>
    </>
  )
}

interface Cited {
  readonly sources: Named
}

function OneRule({ rule, sources }: Cited & { readonly rule: Named }) {
  const { layers, id, care, ...rest } = rule
  const kinds = Array.isArray(care) ? care.map((one) => careName(String(one))).join('、') : ''
  return (
    <details class="rule box">
      <summary>
        <strong>{kinds}</strong> <code>{text(id)}</code>
      </summary>
      {listed(layers).map((layer) => (
        <Layer key={text(layer['id'])} layer={layer} sources={sources} />
      ))}
      <details>
        <summary>{say('其余规定', 'What else it says')}</summary>
        <JsonView of={rest} />
      </details>
    </details>
  )
}

function Layer({ layer, sources }: Cited & { readonly layer: Named }) {
  const { id, name, payer, source, ...rest } = layer
  const words = named(name)
  const cited = named(sources[text(source)])
  return (
    <article class="step">
      <h3>
        {say(text(words['zh']), text(words['en']))}{' '}
        <span class="soft">{fundName(text(payer))}</span> <code>{text(id)}</code>
        {layer['illustrative'] === true && (
          <span class="mark">{say('示例，非现行政策', 'illustrative, not current policy')}</span>
        )}
      </h3>
      <JsonView of={rest} />
      <cite class="cite">
        {[cited['title'], cited['document'], cited['article']].map(text).filter(Boolean).join('，')}{' '}
        <span class="soft">{text(cited['grade'])}</span>
      </cite>
    </article>
  )
}
