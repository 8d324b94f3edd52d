import { useState } from 'preact/hooks'
import type { Json } from '../api/types.ts'
import { useAsked } from '../api/useAsked.ts'
import { JsonView } from '../parts/jsonView.tsx'
import { Shown } from '../parts/told.tsx'
import { say } from '../words/say.ts'

interface RuleTextProps {
  readonly region: string
  readonly day: string
  readonly scheme: string
  readonly rule: string
  readonly layer: string
}

type Named = { readonly [name: string]: Json | undefined }

const listIn = (value: Json | undefined, name: string): readonly Named[] => {
  const list = (value as Named | undefined)?.[name]
  return Array.isArray(list) ? (list as readonly Named[]) : []
}

/** The layer of a rule as the pack of that day has it: of the scheme's own rules, of another's that it settles under, or of an overlay. */
function layerOf(rules: Json, { scheme, rule, layer }: RuleTextProps): Json | undefined {
  const own = listIn(rules, 'schemes')
  const first = [...own].sort(
    (a, b) => Number(b['scheme'] === scheme) - Number(a['scheme'] === scheme),
  )
  const inRules = first
    .flatMap((pack) => listIn(pack, 'rules'))
    .filter(({ id }) => id === rule)
    .flatMap((one) => listIn(one, 'layers'))
  const inOverlays = listIn(rules, 'overlays').flatMap((one) => listIn(one, 'layers'))
  return [...inRules, ...inOverlays].find(({ id }) => id === layer)
}

/** The rule itself as its pack states it, asked for when somebody wants to read it. */
export function RuleText(props: RuleTextProps) {
  const [open, setOpen] = useState(false)
  return (
    <details class="rule" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {say('规则原文', 'The rule as it stands')}{' '}
        <code>
          {props.rule} / {props.layer}
        </code>
      </summary>
      {open && <Ruled {...props} />}
    </details>
  )
}

function Ruled(props: RuleTextProps) {
  const asked = useAsked<Json>(`/v1/rules/${props.region}?on=${props.day}`)
  return (
    <Shown asked={asked}>
      {(rules) => {
        const found = layerOf(rules, props)
        return found === undefined ? (
          <p class="note">
            {say('这一天的规则包中没有这一层。', 'The packs of that day have no such layer.')}
          </p>
        ) : (
          <JsonView of={found} />
        )
      }}
    </Shown>
  )
}
