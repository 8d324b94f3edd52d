import { useEffect, useRef, useState } from 'preact/hooks'
import { Field, Section } from '../parts/bits.tsx'
import type { Progress, Verdict } from '../proof/verifyExport.ts'
import type { FromWorker, ToWorker } from '../proof/worker.ts'
import { say, sayBoth } from '../words/say.ts'

type Run =
  | { readonly kind: 'going'; readonly progress: Progress; readonly part: number }
  | { readonly kind: 'done'; readonly verdict: Verdict }
  | { readonly kind: 'failed'; readonly why: string }

const workerFile = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="worker"]')?.content ?? ''

/** A file verified in the browser (本地验证): it goes nowhere, and nobody is asked. */
export function VerifyFile({ publicKey }: { readonly publicKey: string | undefined }) {
  const [key, setKey] = useState('')
  const [run, setRun] = useState<Run>()
  const worker = useRef<Worker>(undefined)
  useEffect(() => () => worker.current?.terminate(), [])
  const used = key.trim() === '' ? (publicKey ?? '') : key.trim().toLowerCase()
  const isKey = /^04[0-9a-f]{128}$/.test(used)
  const verify = (file: File): void => {
    worker.current?.terminate()
    const next = new Worker(workerFile(), { type: 'module' })
    worker.current = next
    setRun({ kind: 'going', progress: { lines: 0, bad: 0 }, part: 0 })
    next.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === 'progress')
        setRun({
          kind: 'going',
          progress: data.progress,
          part: file.size === 0 ? 1 : Math.min(1, data.bytes / file.size),
        })
      else if (data.kind === 'verdict') setRun({ kind: 'done', verdict: data.verdict })
      else setRun({ kind: 'failed', why: data.why })
    })
    next.addEventListener('error', ({ message }) => setRun({ kind: 'failed', why: message }))
    next.postMessage({ file, publicKey: used } satisfies ToWorker, [])
  }
  return (
    <Section title={say('在此验证文件', 'Verify a file here')}>
      <p class="soft">
        {say(
          '选择保存的结算凭证或审计导出文件。文件不会离开您的电脑。公钥可以换成您自己保管的那一份。',
          'Choose receipts that you saved, or an audit export. The file does not leave your computer. In place of the key above you may use the one that you keep yourself.',
        )}
      </p>
      <div class="filters">
        <Field
          wide
          name="key"
          label={say('公钥（04 开头的十六进制）', 'Public key (hexadecimal, beginning with 04)')}
          hint={publicKey ?? '04…'}
          value={key}
          onChange={setKey}
        />
        <div class="field">
          <label for="file">{say('文件', 'File')}</label>
          <input
            id="file"
            type="file"
            disabled={!isKey}
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? []
              if (file) verify(file)
            }}
          />
        </div>
      </div>
      {!isKey && <p class="soft">{say('请先给出公钥。', 'A public key is needed first.')}</p>}
      {run && <RunShown run={run} />}
    </Section>
  )
}

function RunShown({ run }: { readonly run: Run }) {
  if (run.kind === 'failed')
    return (
      <p class="note bad" role="alert">
        {say('无法验证：', 'It could not be verified: ')}
        {run.why}
      </p>
    )
  if (run.kind === 'going')
    return (
      <p role="status">
        <progress max={1} value={run.part} aria-label={say('进度', 'Progress')} />{' '}
        {say(`已验证 ${run.progress.lines} 行`, `${run.progress.lines} lines verified`)}
        {run.progress.bad > 0 &&
          say(`，${run.progress.bad} 行不成立`, `, of which ${run.progress.bad} do not hold`)}
      </p>
    )
  const { lines, bad, problems, kind } = run.verdict
  const isGood = bad === 0 && lines > 0
  return (
    <>
      <p class={isGood ? 'verdict good' : 'verdict bad'} role="status">
        {lines === 0
          ? say('文件里没有可验证的内容。', 'There is nothing in the file to verify.')
          : bad === 0
            ? say(`${lines} 行全部成立（${kind.zh}）。`, `All ${lines} lines hold (${kind.en}).`)
            : say(`${lines} 行中 ${bad} 行不成立。`, `Of ${lines} lines ${bad} do not hold.`)}
      </p>
      <ul class="findings">
        {problems.map(({ line, what }) => (
          <li key={line}>
            {say(`第 ${line} 行`, `Line ${line}`)}: {sayBoth(what)}
          </li>
        ))}
      </ul>
    </>
  )
}
