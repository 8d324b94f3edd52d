import { useState } from 'preact/hooks'
import { ask } from '../api/ask.ts'
import type { Consistency, Head, SealedBy } from '../api/auditTypes.ts'
import { Choice, Section } from '../parts/bits.tsx'
import { Steps } from '../parts/proofSteps.tsx'
import { instantText } from '../parts/time.tsx'
import type { ProofStep } from '../proof/steps.ts'
import { say, sayBoth } from '../words/say.ts'

interface GrowthProps {
  readonly heads: readonly Head[]
  readonly keys: readonly SealedBy[]
}

type Came =
  | { readonly kind: 'steps'; readonly steps: readonly ProofStep[] }
  | { readonly kind: 'said'; readonly text: string }

/** Asks for what proves that one head grew from another, and computes it here. */
async function compare(first: Head, second: Head, keys: GrowthProps['keys']): Promise<Came> {
  const told = await ask<Consistency>(
    `/v1/ledger/consistency?from=${first.size}&until=${second.size}`,
  )
  if (told.kind === 'problem') return { kind: 'said', text: sayBoth(told.message) }
  if (told.kind !== 'ok')
    return {
      kind: 'said',
      text: say('服务器没有给出一致性证明。', 'The server gave no consistency proof.'),
    }
  const { proveGrowth } = await import('../proof/steps.ts')
  return { kind: 'steps', steps: proveGrowth({ first, second }, told.data, keys) }
}

/** Whether a later head grew from an earlier one (一致性): nothing was changed, removed or put between. */
export function Growth({ heads, keys }: GrowthProps) {
  const bySize = new Map(heads.map((head) => [String(head.size), head]))
  const sizes = [...bySize.keys()]
  const [first, setFirst] = useState(sizes.at(-1) ?? '')
  const [second, setSecond] = useState(sizes[0] ?? '')
  const [came, setCame] = useState<Came>()
  const verify = async (): Promise<void> => {
    setCame({ kind: 'said', text: say('正在验证…', 'Verifying…') })
    const ends = [bySize.get(first), bySize.get(second)]
    const [a, b] = ends.sort((x, y) => Number(x?.size) - Number(y?.size))
    if (a && b) setCame(await compare(a, b, keys))
  }
  const choices = [...bySize].map(
    ([size, { at }]) => [size, `${size} · ${instantText(at)}`] as const,
  )
  return (
    <Section title={say('两个日志头是否一致', 'Did one head grow from another?')}>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault()
          void verify()
        }}
      >
        <Choice
          label={say('早先', 'Earlier')}
          name="first"
          value={first}
          onChange={setFirst}
          choices={choices}
        />
        <Choice
          label={say('后来', 'Later')}
          name="second"
          value={second}
          onChange={setSecond}
          choices={choices}
        />
        <button type="submit" class="main">
          {say('在此验证', 'Verify here')}
        </button>
      </form>
      {came && <CameShown came={came} />}
    </Section>
  )
}

function CameShown({ came }: { readonly came: Came }) {
  if (came.kind === 'said')
    return (
      <p role="status" class="soft">
        {came.text}
      </p>
    )
  const holds = came.steps.every((step) => step.holds)
  return (
    <>
      <p class={holds ? 'verdict good' : 'verdict bad'} role="status">
        {holds
          ? say('一致：其间只有追加。', 'Consistent: rows were only added.')
          : say('不一致：见标记的步骤。', 'Not consistent: see the step that is marked.')}
      </p>
      <Steps steps={came.steps} title={say('步骤', 'Steps')} />
    </>
  )
}
