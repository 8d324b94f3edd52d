import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { say } from '../words/say.ts'
import { stateName } from '../words/domain.ts'

export const State = ({ of }: { readonly of: string }) => (
  <span class={`state ${of}`}>{stateName(of)}</span>
)

interface Fact {
  readonly name: string
  readonly value: ComponentChildren
}

/** Names and what they are, one beside the other. */
export function Facts({ facts }: { readonly facts: readonly (Fact | false | undefined)[] }) {
  return (
    <dl class="facts">
      {facts.map(
        (fact) =>
          fact && (
            <div key={fact.name}>
              <dt>{fact.name}</dt>
              <dd>{fact.value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

interface SectionProps {
  readonly title: string
  readonly children: ComponentChildren
  readonly aside?: ComponentChildren
  readonly class?: string
}

/** A part of a page under its own heading. */
export function Section({ title, children, aside, class: look }: SectionProps) {
  const id = useId()
  return (
    <section class={look === undefined ? 'part' : `part ${look}`} aria-labelledby={id}>
      <div class="head">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

interface FieldProps {
  readonly label: string
  readonly name: string
  readonly value: string
  readonly type?: 'text' | 'date' | 'datetime-local' | 'search'
  readonly onChange: (value: string) => void
  readonly hint?: string
  readonly wide?: boolean
}

export function Field({ label, name, value, type = 'text', onChange, hint, wide }: FieldProps) {
  const id = useId()
  // The types of inputs want one at a time; all of these are written alike.
  const written = { type } as { readonly type: 'text' }
  return (
    <div class={wide ? 'field wide' : 'field'}>
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        {...written}
        value={value}
        autocomplete="off"
        spellcheck={false}
        placeholder={hint}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </div>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly name: string
  readonly value: string
  readonly choices: readonly (readonly [value: string, words: string])[]
  readonly onChange: (value: string) => void
}

export function Choice({ label, name, value, choices, onChange }: ChoiceProps) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        name={name}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      >
        {choices.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </div>
  )
}

/** The choices of words, with all of them first. */
export const anyOf = (
  pairs: Readonly<Record<string, readonly [string, string]>>,
): (readonly [string, string])[] => [
  ['', say('全部', 'all')],
  ...Object.entries(pairs).map(([value, words]) => [value, say(...words)] as const),
]

interface TabsProps<Name extends string> {
  readonly label: string
  readonly tabs: readonly (readonly [Name, string])[]
  readonly chosen: Name
  readonly hrefOf: (name: Name) => string
}

/** Parts of a page of which one is shown: each has an address, so they are links. */
export function Tabs<Name extends string>({ label, tabs, chosen, hrefOf }: TabsProps<Name>) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(([name, words]) => (
        <a key={name} href={hrefOf(name)} aria-current={name === chosen ? 'page' : undefined}>
          {words}
        </a>
      ))}
    </nav>
  )
}
