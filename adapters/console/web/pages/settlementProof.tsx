import { useEffect, useState } from 'preact/hooks'
import type { Proof } from '../api/auditTypes.ts'
import { useAsked } from '../api/useAsked.ts'
import { Steps } from '../parts/proofSteps.tsx'
import { Waiting, WhyNot } from '../parts/told.tsx'
import { saveText } from '../parts/save.ts'
import type { Proved } from '../proof/steps.ts'
import { rowKindName } from '../words/domain.ts'
import { say } from '../words/say.ts'

/** What proves a settlement (证明), verified here in the browser: the server is only asked for it. */
export function ProofOf({ settlement }: { readonly settlement: string }) {
  const proof = useAsked<Proof>(`/v1/ledger/proofs/${encodeURIComponent(settlement)}`)
  if (!proof.told) return <Waiting />
  if (proof.told.kind !== 'ok') return <WhyNot told={proof.told} />
  return <Verified proof={proof.told.data} />
}

function Verified({ proof }: { readonly proof: Proof }) {
  const [proved, setProved] = useState<Proved>()
  const [failed, setFailed] = useState<string>()
  useEffect(() => {
    let isOver = false
    // National cryptography is large, and most who look at a settlement never come this far down.
    import('../proof/steps.ts').then(
      ({ proveRows }) => !isOver && setProved(proveRows(proof)),
      (error: unknown) => !isOver && setFailed(String(error)),
    )
    return () => {
      isOver = true
    }
  }, [proof])
  if (failed !== undefined)
    return (
      <p class="note bad" role="alert">
        {say('无法验证：', 'It could not be verified: ')}
        {failed}
      </p>
    )
  if (!proved) return <Waiting />
  return (
    <>
      <p class={proved.holds ? 'verdict good' : 'verdict bad'} role="status">
        {proved.holds
          ? say(
              '已验证：这笔结算的每一行都在签名的日志中，一字未改。',
              'Verified: every row of this settlement stands in the signed log, to the letter.',
            )
          : say('验证未通过：见下面标记的步骤。', 'It does not hold: see the step that is marked.')}
      </p>
      <p class="soft">
        {say(
          '公钥随凭证给出。若要不依赖服务器，请保存凭证，在“证明”页用您自己保管的公钥核验。',
          'The key came with the receipt. To depend on nobody, save the receipt and verify it under “Proofs” with the key that you keep yourself.',
        )}
      </p>
      <Steps steps={proved.head} title={say('日志头', 'The head')} />
      {proved.rows.map(({ row, kind, position, text, steps }) => (
        <div key={row}>
          <Steps
            steps={steps}
            title={`${rowKindName(kind)} ${row}, ${say(`日志第 ${position} 个位置`, `position ${position} of the log`)}`}
          />
          <details>
            <summary>{say('入账内容原文', 'The very text that was written')}</summary>
            <pre class="leaf">{text}</pre>
          </details>
        </div>
      ))}
      <button
        type="button"
        onClick={() => saveText(`receipt-${proof.settlement}.json`, `${JSON.stringify(proof)}\n`)}
      >
        {say('保存凭证', 'Save the receipt')}
      </button>
    </>
  )
}
