// Verifies a file apart from the page, which stays quick meanwhile.
import './bytes.ts'
import { linesOf } from './lines.ts'
import { type FileVerdict, type Progress, readHeads, verifyExport } from './verifyExport.ts'

export interface ToWorker {
  readonly file: Blob
  readonly publicKey: string
  /** Heads that were kept before, as they were kept. */
  readonly heads: string
}

export type FromWorker =
  | { readonly kind: 'progress'; readonly progress: Progress; readonly bytes: number }
  | { readonly kind: 'verdict'; readonly verdict: FileVerdict }
  | { readonly kind: 'failed'; readonly why: string }

const tell = (message: FromWorker): void => postMessage(message)

async function verify({ file, publicKey, heads }: ToWorker): Promise<void> {
  let bytes = 0
  const lines = linesOf(file, (read) => {
    bytes = read
  })
  const kept = { publicKey, heads: readHeads(heads) }
  const verdict = await verifyExport(lines, kept, (progress) =>
    tell({ kind: 'progress', progress, bytes }),
  )
  tell({ kind: 'verdict', verdict })
}

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  verify(data).catch((error: unknown) => tell({ kind: 'failed', why: String(error) }))
})
