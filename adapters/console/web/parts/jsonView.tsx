import type { Json } from '../api/types.ts'
import { ruleWord } from '../words/rules.ts'

/** JSON as nested names and values, for rules and thresholds, which are as various as regions are. */
export function JsonView({ of: told }: { readonly of: Json | undefined }) {
  const of = plainer(told)
  if (of === null || of === undefined) return <span class="soft">–</span>
  if (typeof of !== 'object') return <span class="value">{ruleWord(String(of))}</span>
  if (Array.isArray(of)) return <ListView of={of} />
  const entries = Object.entries(of).filter(([, value]) => !isEmpty(value))
  if (entries.length === 0) return <span class="soft">–</span>
  return (
    <dl class="tree">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{ruleWord(name)}</dt>
          <dd>
            <JsonView of={value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

type Members = { readonly [name: string]: Json | undefined }

/** A table of one row is its value, and an amount is its yuan: whoever reads a rule needs no scaffolding. */
function plainer(of: Json | undefined): Json | undefined {
  if (typeof of !== 'object' || of === null || Array.isArray(of)) return of
  const { rows, pick: _pick, yuan, ...rest } = of as Members
  if (Object.keys(rest).length > 0) return of
  if (yuan !== undefined && rows === undefined) return yuan
  if (!Array.isArray(rows)) return of
  const [row, another] = rows as readonly Members[]
  return row && !another && Object.keys(row).join('') === 'value' ? plainer(row['value']) : rows
}

const isPlain = (value: Json): value is string | number | boolean | null =>
  typeof value !== 'object' || value === null

const isEmpty = (value: Json | undefined): boolean =>
  value === null ||
  value === undefined ||
  (typeof value === 'object' && Object.keys(value).length === 0)

function ListView({ of }: { readonly of: readonly Json[] }) {
  if (of.every(isPlain))
    return <span class="value">{of.map((one) => ruleWord(`${one}`)).join('、')}</span>
  return (
    <ul class="tree">
      {of.map((one, i) => (
        <li key={i}>
          <JsonView of={one} />
        </li>
      ))}
    </ul>
  )
}
