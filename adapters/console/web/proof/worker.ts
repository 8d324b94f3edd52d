// Verifies a file apart from the page, which stays quick meanwhile.
import { linesOf } from './lines.ts'
import { type Progress, type Verdict, verifyExport } from './verifyExport.ts'

export interface ToWorker {
  readonly file: Blob
  readonly publicKey: string
}

export type FromWorker =
  | { readonly kind: 'progress'; readonly progress: Progress; readonly bytes: number }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'failed'; readonly why: string }

const tell = (message: FromWorker): void => postMessage(message)

async function verify({ file, publicKey }: ToWorker): Promise<void> {
  let bytes = 0
  const lines = linesOf(file, (read) => {
    bytes = read
  })
  const verdict = await verifyExport(lines, publicKey, (progress) =>
    tell({ kind: 'progress', progress, bytes }),
  )
  tell({ kind: 'verdict', verdict })
}

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  verify(data).catch((error: unknown) => tell({ kind: 'failed', why: String(error) }))
})
