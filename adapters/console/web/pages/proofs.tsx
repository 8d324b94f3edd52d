import { useState } from 'preact/hooks'
import type { Consistency, Head, SealKey } from '../api/auditTypes.ts'
import { ask } from '../api/ask.ts'
import { useAsked, useList } from '../api/useAsked.ts'
import type { PageProps } from '../pages.ts'
import { Choice, Facts, Field, Section } from '../parts/bits.tsx'
import { List } from '../parts/list.tsx'
import { Steps } from '../parts/proofSteps.tsx'
import type { Column } from '../parts/table.tsx'
import { Instant } from '../parts/time.tsx'
import { Shown } from '../parts/told.tsx'
import type { ProofStep } from '../proof/steps.ts'
import { addressOf, go } from '../router.ts'
import { say, sayBoth } from '../words/say.ts'
import { VerifyFile } from './verifyFile.tsx'

/** Proofs (证明): the signed heads, whether one grew from another, and files that are verified here. */
export function ProofsPage(_: PageProps) {
  const heads = useList<Head>('/v1/ledger/heads', {}, 200)
  const key = useAsked<SealKey>('/v1/ledger/seal-key')
  const sealKey = key.told?.kind === 'ok' ? key.told.data : undefined
  return (
    <>
      <p class="soft">
        {say(
          '账上每一行按日志顺序进入 SM3 默克尔日志，日志头用 SM2 签名并前后相连。这里的每一步验证都在您的浏览器里完成，不依赖服务器的答复。',
          'Every row of the books goes, in the order of the journal, into a Merkle log of SM3 whose heads are signed with SM2 and chained. Every step here is verified in your browser, and takes nobody’s word.',
        )}
      </p>
      <OneSettlement />
      <Section title={say('公钥', 'The public key')}>
        <Shown asked={key}>
          {({ name, publicKey }) => (
            <Facts
              facts={[
                { name: say('签名者', 'Signer'), value: name },
                { name: 'SM2', value: <code class="hash">{publicKey}</code> },
              ]}
            />
          )}
        </Shown>
      </Section>
      {sealKey && heads.items.length > 0 && <Growth heads={heads.items} sealKey={sealKey} />}
      <VerifyFile publicKey={sealKey?.publicKey} />
      <Section title={say('日志头', 'Heads')}>
        <List
          list={heads}
          caption={{ zh: '日志头', en: 'Heads' }}
          columns={headColumns}
          nothing={{ zh: '还没有日志头。', en: 'There is no head yet.' }}
        />
      </Section>
    </>
  )
}

const headColumns: readonly Column<Head>[] = [
  { head: { zh: '行数', en: 'Rows' }, number: true, cell: ({ size }) => size },
  { head: { zh: '时间', en: 'When' }, cell: ({ at }) => <Instant at={at} /> },
  { head: { zh: '根哈希', en: 'Root' }, cell: ({ root }) => <code class="hash">{root}</code> },
  {
    head: { zh: '签名原文', en: 'Note' },
    cell: ({ note }) => (
      <details>
        <summary>{say('查看', 'Show')}</summary>
        <pre class="leaf">{note}</pre>
      </details>
    ),
  },
]

/** The proof of one settlement is on its own page. */
function OneSettlement() {
  const [id, setId] = useState('')
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault()
        if (id.trim() !== '') go(`${addressOf('settlements', id.trim())}#proof`)
      }}
    >
      <Field
        wide
        name="settlement"
        label={say('验证一笔结算', 'Prove a settlement')}
        value={id}
        onChange={setId}
      />
      <button type="submit" class="main">
        {say('验证', 'Verify')}
      </button>
    </form>
  )
}

interface GrowthProps {
  readonly heads: readonly Head[]
  readonly sealKey: SealKey
}

/** Whether a later head grew from an earlier one (一致性): nothing was changed, removed or put between. */
function Growth({ heads, sealKey }: GrowthProps) {
  const sizes = [...new Set(heads.map(({ size }) => String(size)))]
  const [first, setFirst] = useState(sizes.at(-1) ?? '')
  const [second, setSecond] = useState(sizes[0] ?? '')
  const [steps, setSteps] = useState<readonly ProofStep[]>()
  const [said, setSaid] = useState<string>()
  const compare = async (): Promise<void> => {
    setSteps(undefined)
    setSaid(say('正在验证…', 'Verifying…'))
    const [from, until] = [first, second].sort((a, b) => Number(a) - Number(b)) as [string, string]
    const told = await ask<Consistency>(`/v1/ledger/consistency?from=${from}&until=${until}`)
    const headOf = (size: string) => heads.find((head) => String(head.size) === size)
    const [a, b] = [headOf(from), headOf(until)]
    if (told.kind === 'problem') return setSaid(sayBoth(told.message))
    if (told.kind !== 'ok' || !a || !b)
      return setSaid(say('服务器没有给出一致性证明。', 'The server gave no consistency proof.'))
    const { proveGrowth } = await import('../proof/steps.ts')
    setSteps(proveGrowth({ first: a, second: b }, told.data, sealKey))
    setSaid(undefined)
  }
  const choices = sizes.map((size) => {
    const head = heads.find((one) => String(one.size) === size)
    return [size, `${size} · ${head?.at.slice(0, 19).replace('T', ' ') ?? ''}`] as const
  })
  return (
    <Section title={say('两个日志头是否一致', 'Did one head grow from another?')}>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault()
          void compare()
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
      <p role="status" class="soft">
        {said}
      </p>
      {steps && (
        <>
          <p
            class={steps.every(({ holds }) => holds) ? 'verdict good' : 'verdict bad'}
            role="status"
          >
            {steps.every(({ holds }) => holds)
              ? say('一致：其间只有追加。', 'Consistent: rows were only added.')
              : say('不一致：见标记的步骤。', 'Not consistent: see the step that is marked.')}
          </p>
          <Steps steps={steps} title={say('步骤', 'Steps')} />
        </>
      )}
    </Section>
  )
}
