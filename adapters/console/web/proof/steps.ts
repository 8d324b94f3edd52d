import { leafHash } from '../../../../engine/seal/hash.ts'
import { provesConsistency, provesInclusion } from '../../../../engine/seal/proof.ts'
import type { Consistency, Head, Proof, SealKey } from '../api/auditTypes.ts'
import type { Both } from '../words/say.ts'
import { fromBase64, hexOf, shortHash, utf8 } from './bytes.ts'
import { isSigned, readNote, saysTheSame } from './head.ts'
import { digest } from './sm.ts'

/** One step of a proof, in words, with what it came to. */
export interface ProofStep {
  readonly holds: boolean
  readonly what: Both
  /** The hashes that it worked with, for whoever computes it again. */
  readonly detail?: readonly string[]
}

const step = (holds: boolean, zh: string, en: string, detail?: readonly string[]): ProofStep => ({
  holds,
  what: { zh, en },
  ...(detail && { detail }),
})

/** Positions of the journal count from one, leaves of the log from nothing. */
const leafAt = (position: number | string): number => Number(position) - 1

/** What is signed, by whom, and whether it says what we were told. */
export function headSteps(head: Head, key: SealKey): ProofStep[] {
  const signed = readNote(head.note)
  if (!signed) return [step(false, '日志头无法读懂。', 'The head cannot be read.', [head.note])]
  return [
    step(
      saysTheSame(head, signed),
      `日志头写明：日志“${signed.origin}”共 ${signed.size} 行，根哈希如下。`,
      `The head says: log “${signed.origin}” has ${signed.size} rows, and this root.`,
      [hexOf(signed.root)],
    ),
    step(
      isSigned(signed, key.publicKey),
      `日志头由 ${key.name} 用 SM2 签名，用其公钥验签。`,
      `The head was signed with SM2 by ${key.name}, as their public key shows.`,
      [key.publicKey],
    ),
  ]
}

/** Whether a row is in the log that the head is of: every hash from the row up to the root. */
function rowSteps(row: Proof['rows'][number], head: Head): ProofStep[] {
  const root = fromBase64(head.root)
  const path = row.hashes.map(fromBase64)
  const leaf = leafHash(digest, utf8(row.leaf))
  const first = step(
    true,
    `第 ${row.position} 行的原文（${row.leaf.length} 字）经 SM3 得到叶哈希。`,
    `SM3 of the text of row ${row.position} (${row.leaf.length} characters) is its leaf.`,
    [hexOf(leaf)],
  )
  if (!root || !path.every((one) => one !== undefined))
    return [first, step(false, '证明中的哈希无法读懂。', 'The hashes of the proof cannot be read.')]
  const met: string[] = []
  const recording: typeof digest = (...parts) => {
    const made = digest(...parts)
    const [, left, right] = parts
    if (left && right) met.push(`${shortHash(left)} + ${shortHash(right)} → ${shortHash(made)}`)
    return made
  }
  const place = { index: leafAt(row.position), leaf, size: Number(head.size), root }
  const holds = provesInclusion(recording, place, path)
  return [
    first,
    step(
      holds,
      `与 ${path.length} 个相邻哈希逐级合并 ${met.length} 次，结果${holds ? '正是' : '不是'}日志头的根。`,
      `Joined ${met.length} times with ${path.length} hashes beside it, that is ${holds ? '' : 'not '}the root of the head.`,
      [...met, hexOf(root)],
    ),
  ]
}

/** Everything that proves a settlement: whose each step is, the row or the head. */
export interface Proved {
  readonly holds: boolean
  readonly head: readonly ProofStep[]
  readonly rows: readonly {
    readonly row: string
    readonly kind: string
    readonly position: string
    readonly text: string
    readonly steps: readonly ProofStep[]
  }[]
}

/** Proves that the rows of a settlement stand in the sealed log (包含性证明), here and with nothing of the server but its key. */
export function proveRows(proof: Proof, key: SealKey): Proved {
  const head = headSteps(proof.head, key)
  const rows = proof.rows.map((row) => ({
    row: row.row,
    kind: row.kind,
    position: String(row.position),
    text: row.leaf,
    steps: [...rowSteps(row, proof.head), ...namesSettlement(proof, row)],
  }))
  const all = [...head, ...rows.flatMap(({ steps }) => steps)]
  return { holds: rows.length > 0 && all.every(({ holds }) => holds), head, rows }
}

/** A row that is in the log proves nothing of a settlement that it does not name. */
function namesSettlement({ settlement }: Proof, { leaf }: Proof['rows'][number]): ProofStep[] {
  const names = leaf.includes(settlement)
  return [
    step(
      names,
      names ? '原文写明的正是这笔结算。' : '原文没有提到这笔结算。',
      names ? 'The text names this very settlement.' : 'The text does not name this settlement.',
    ),
  ]
}

/** Proves that a later head began as an earlier one (一致性证明): nothing before it was changed or taken away. */
export function proveGrowth(
  heads: { readonly first: Head; readonly second: Head },
  told: Consistency,
  key: SealKey,
): ProofStep[] {
  const { first, second } = heads
  const roots = [fromBase64(first.root), fromBase64(second.root)] as const
  const path = told.hashes.map(fromBase64)
  const signed = [...headSteps(first, key), ...headSteps(second, key)]
  if (!roots[0] || !roots[1] || !path.every((one) => one !== undefined))
    return [...signed, step(false, '哈希无法读懂。', 'The hashes cannot be read.')]
  const holds = provesConsistency(
    digest,
    { size: Number(first.size), root: roots[0] },
    { size: Number(second.size), root: roots[1] },
    path,
  )
  return [
    ...signed,
    step(
      holds,
      holds
        ? `${second.size} 行的日志，前 ${first.size} 行与早先的日志逐行相同：其间只有追加，没有改动、删除或插入。`
        : `${second.size} 行的日志不是由早先 ${first.size} 行的日志追加而来。`,
      holds
        ? `Of the log of ${second.size} rows the first ${first.size} are those of the earlier one: rows were added since, and none was changed, removed or put between.`
        : `The log of ${second.size} rows did not grow from the one of ${first.size}.`,
      path.map((one) => hexOf(one)),
    ),
  ]
}
