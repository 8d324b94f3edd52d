import type { ProofStep } from '../proof/steps.ts'
import { say, sayBoth } from '../words/say.ts'

/** The steps of a proof in words, each with whether it holds and the hashes that it worked with. */
export function Steps({
  steps,
  title,
}: {
  readonly steps: readonly ProofStep[]
  readonly title: string
}) {
  return (
    <div class="proof">
      <h3>{title}</h3>
      <ol>
        {steps.map(({ holds, what, detail }) => (
          <li key={what.en} class={holds ? 'holds' : 'fails'}>
            <span class="sign">{holds ? say('成立', 'holds') : say('不成立', 'fails')}</span>{' '}
            {sayBoth(what)}
            {detail && (
              <details>
                <summary>{say('哈希', 'Hashes')}</summary>
                {detail.map((text, i) => (
                  <code key={i} class="hash line">
                    {text}
                  </code>
                ))}
              </details>
            )}
          </li>
        ))}
      </ol>
    </div>
  )
}
