import type { ExportedKey } from './exportLine.ts'
import { leafHash } from './hash.ts'
import { readHead, readNote, signerOf } from './head.ts'
import { type Checking, trustedKeys } from './keyChain.ts'
import { provesInclusion } from './proof.ts'

/** A receipt (存证回执) as REST tells it: rows of a settlement, and that each is in the log of a signed head. */
export interface ReceiptText {
  readonly settlement: string
  readonly head: { readonly note: string }
  readonly keys: readonly ExportedKey[]
  readonly rows: readonly {
    readonly row: string
    readonly position: number
    readonly leaf: string
    readonly text: string
    readonly hashes: readonly string[]
  }[]
}

/** The steps by which a receipt is checked, in their order (核验步骤). */
export const receiptSteps = [
  'form', // 格式
  'signature', // 日志头签名
  'digest', // 入账内容与摘要
  'leaf', // 叶与次序
  'settlement', // 所属结算
  'inclusion', // 包含性证明
] as const
export type ReceiptStep = (typeof receiptSteps)[number]

/** Which steps of a receipt held; the first that did not ends it. */
export interface ReceiptVerdict {
  readonly holds: boolean
  /** The first step that did not hold, and of which row. */
  readonly failed?: { readonly step: ReceiptStep; readonly row?: string } | undefined
  readonly signedBy?: string | undefined
  readonly size?: number | undefined
  readonly at?: string | undefined
}

const encoder = new TextEncoder()

/** Checks a receipt with no more than a public key, which is that of the first key of the log. */
export function verifyReceipt(
  checking: Checking,
  receipt: ReceiptText,
  publicKey?: string,
): ReceiptVerdict {
  try {
    return checkReceipt(checking, receipt, publicKey)
  } catch {
    // It comes from anybody, and what is not of its form may be anything.
    return { holds: false, failed: { step: 'form' } }
  }
}

function checkReceipt(
  checking: Checking,
  { settlement, head: { note }, keys, rows }: ReceiptText,
  publicKey: string | undefined,
): ReceiptVerdict {
  const { digest, verify } = checking
  const read = readNote(note)
  const head = read && readHead(read.text)
  // Another log that the same key signs may hold whatever somebody wrote into it.
  if (!read || !head?.origin.endsWith(' journal') || rows.length === 0)
    return { holds: false, failed: { step: 'form' } }
  const signer = signerOf(digest, verify, read, trustedKeys(checking, keys, publicKey))
  if (!signer) return { holds: false, failed: { step: 'signature' } }
  const told = { signedBy: signer.name, size: head.size, at: head.at }
  for (const row of rows) {
    const step = failedStep(checking, settlement, row, head)
    if (step) return { holds: false, failed: { step, row: row.row }, ...told }
  }
  return { holds: true, ...told }
}

function failedStep(
  { digest }: Checking,
  settlement: string,
  { row, position, leaf, text, hashes }: ReceiptText['rows'][number],
  { size, root }: { readonly size: number; readonly root: Uint8Array },
): ReceiptStep | undefined {
  const place = JSON.parse(leaf) as Record<string, unknown>
  if (place.digest !== digest(encoder.encode(text)).toBase64()) return 'digest'
  if (place.position !== position || place.posting !== row) return 'leaf'
  const end = text.indexOf('\n')
  const [owner, posting] = JSON.parse(text.slice(0, end)) as unknown[]
  if (posting !== row || owner !== place.owner) return 'leaf'
  const document = JSON.parse(text.slice(end + 1)) as Record<string, unknown>
  if ((document.settlement ?? document.movement) !== settlement) return 'settlement'
  const path = hashes.map((hash) => Uint8Array.fromBase64(hash))
  const inclusion = {
    index: position - 1,
    leaf: leafHash(digest, encoder.encode(leaf)),
    size,
    root,
  }
  return provesInclusion(digest, inclusion, path) ? undefined : 'inclusion'
}
