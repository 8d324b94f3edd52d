import { Instant } from './time.tsx'

export interface Happened {
  readonly at: string
  readonly title: string
  /** What kind of thing it was, for its colour. */
  readonly look: string
  readonly text?: string | undefined
  readonly codes?: readonly (string | undefined)[]
}

/** What happened, in its order. */
export function Timeline({ events }: { readonly events: readonly Happened[] }) {
  return (
    <ol class="timeline">
      {events.map(({ at, title, look, text, codes = [] }, i) => (
        <li key={`${at} ${i}`} class={look}>
          <Instant at={at} /> <strong>{title}</strong>
          {text !== undefined && text !== '' && <p>{text}</p>}
          {codes.map(
            (code) =>
              code !== undefined && (
                <code key={code} class="soft">
                  {code}
                </code>
              ),
          )}
        </li>
      ))}
    </ol>
  )
}
