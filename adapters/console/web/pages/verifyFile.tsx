import { useEffect, useRef, useState } from 'preact/hooks'
import { Field, Section } from '../parts/bits.tsx'
import type { FileVerdict, Progress } from '../proof/verifyExport.ts'
import type { FromWorker, ToWorker } from '../proof/worker.ts'
import { say, sayBoth } from '../words/say.ts'

type Run =
  | { readonly kind: 'going'; readonly progress: Progress; readonly part: number }
  | { readonly kind: 'done'; readonly verdict: FileVerdict }
  | { readonly kind: 'failed'; readonly why: string }

const workerFile = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="worker"]')?.content ?? ''

/** Lets a worker verify a file, and tells how far it is and what came of it. */
function useVerifier() {
  const [run, setRun] = useState<Run>()
  const worker = useRef<Worker>(undefined)
  useEffect(() => () => worker.current?.terminate(), [])
  const verify = (asked: ToWorker): void => {
    worker.current?.terminate()
    const next = new Worker(workerFile(), { type: 'module' })
    worker.current = next
    const { size } = asked.file
    setRun({ kind: 'going', progress: { lines: 0 }, part: 0 })
    next.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === 'progress') {
        const part = size === 0 ? 1 : Math.min(1, data.bytes / size)
        setRun({ kind: 'going', progress: data.progress, part })
      } else if (data.kind === 'verdict') setRun({ kind: 'done', verdict: data.verdict })
      else setRun(data)
    })
    next.addEventListener('error', ({ message }) => setRun({ kind: 'failed', why: message }))
    next.postMessage(asked, [])
  }
  return { run, verify }
}

/** A file verified in the browser (本地核验): it goes nowhere, and nobody is asked. */
export function VerifyFile({ publicKey }: { readonly publicKey: string | undefined }) {
  const [key, setKey] = useState('')
  const [heads, setHeads] = useState('')
  const { run, verify } = useVerifier()
  const used = key.trim() === '' ? (publicKey ?? '') : key.trim().toLowerCase()
  const isKey = /^04[0-9a-f]{128}$/.test(used)
  return (
    <Section title={say('在此核验文件', 'Verify a file here')}>
      <p class="soft">
        {say(
          '选择保存的存证回执或审计导出文件。文件不会离开您的电脑。请尽量使用您自己保管的公钥和早先留存的日志头：被删除的末尾和被回退的数据库，只有它们能发现。',
          'Choose receipts or an audit export that you saved. The file does not leave your computer. Use the key and the heads that you kept yourself where you can: what was removed from the end, or a database that was put back, is found by nothing else.',
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
        <FileField
          id="heads"
          label={say('早先留存的日志头（可不选）', 'Heads kept before (may be left out)')}
          onFile={(file) => void file.text().then(setHeads)}
        />
        <FileField
          id="file"
          label={say('要核验的文件', 'File to verify')}
          disabled={!isKey}
          onFile={(file) => verify({ file, publicKey: used, heads })}
        />
      </div>
      {!isKey && <p class="soft">{say('请先给出公钥。', 'A public key is needed first.')}</p>}
      {run && <RunShown run={run} />}
    </Section>
  )
}

interface FileFieldProps {
  readonly id: string
  readonly label: string
  readonly disabled?: boolean
  readonly onFile: (file: File) => void
}

const FileField = ({ id, label, disabled = false, onFile }: FileFieldProps) => (
  <div class="field">
    <label for={id}>{label}</label>
    <input
      id={id}
      type="file"
      disabled={disabled}
      onChange={({ currentTarget }) => {
        const [file] = currentTarget.files ?? []
        if (file) onFile(file)
      }}
    />
  </div>
)

function RunShown({ run }: { readonly run: Run }) {
  if (run.kind === 'failed')
    return (
      <p class="note bad" role="alert">
        {say('无法核验：', 'It could not be verified: ')}
        {run.why}
      </p>
    )
  if (run.kind === 'going')
    return (
      <p role="status">
        <progress max={1} value={run.part} aria-label={say('进度', 'Progress')} />{' '}
        {say(`已核验 ${run.progress.lines} 行`, `${run.progress.lines} lines verified`)}
      </p>
    )
  return <Outcome verdict={run.verdict} />
}

function Outcome({ verdict: { lines, facts, problems } }: { readonly verdict: FileVerdict }) {
  const holds = problems.length === 0 && lines > 0
  return (
    <>
      <p class={holds ? 'verdict good' : 'verdict bad'} role="status">
        {lines === 0
          ? say('文件里没有可核验的内容。', 'There is nothing in the file to verify.')
          : holds
            ? say(
                '核验无误：未见篡改、增加或删除。',
                'It holds: nothing was changed, added or removed.',
              )
            : say(
                `核验不符：共 ${problems.length} 项。`,
                `It does not hold: ${problems.length} findings.`,
              )}
      </p>
      <p class="soft">
        {facts.map((fact) => (
          <span key={fact.en} class="key">
            {sayBoth(fact)}
          </span>
        ))}
      </p>
      <ul class="findings">
        {problems.map((problem, i) => (
          <li key={i}>{sayBoth(problem)}</li>
        ))}
      </ul>
    </>
  )
}
