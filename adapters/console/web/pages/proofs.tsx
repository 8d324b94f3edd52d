import { useState } from 'preact/hooks'
import type { Head, SealKey } from '../api/auditTypes.ts'
import { useAsked, useList } from '../api/useAsked.ts'
import { Facts, Field, Section } from '../parts/bits.tsx'
import { List } from '../parts/list.tsx'
import type { Column } from '../parts/table.tsx'
import { Instant } from '../parts/time.tsx'
import { Shown } from '../parts/told.tsx'
import { addressOf, go } from '../router.ts'
import { say } from '../words/say.ts'
import { Growth } from './proofsGrowth.tsx'
import { VerifyFile } from './verifyFile.tsx'

/** Proofs (证明): the signed heads, whether one grew from another, and files that are verified here. */
export function ProofsPage() {
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
          {({ keys }) => (
            <Facts
              facts={keys.map(({ name, publicKey, since }) => ({
                name: say(
                  `${name}，自第 ${since + 1} 个位置起`,
                  `${name}, from position ${since + 1} on`,
                ),
                value: <code class="hash">{publicKey}</code>,
              }))}
            />
          )}
        </Shown>
      </Section>
      {sealKey && heads.items.length > 0 && <Growth heads={heads.items} keys={sealKey.keys} />}
      <VerifyFile publicKey={sealKey?.keys[0]?.publicKey} />
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
  { head: { zh: '位置数', en: 'Positions' }, number: true, cell: ({ size }) => size },
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
