import { leafHash } from '../../../../engine/seal/hash.ts'
import { readHead, readNote, signerOf } from '../../../../engine/seal/head.ts'
import { trustedKeys } from '../../../../engine/seal/keyChain.ts'
import { provesConsistency, provesInclusion } from '../../../../engine/seal/proof.ts'
import { verifyReceipt } from '../../../../engine/seal/receipt.ts'
import type { Consistency, Head, Proof, SealedBy } from '../api/auditTypes.ts'
import type { Both } from '../words/say.ts'
import { fromBase64, hexOf, shortHash, utf8 } from './bytes.ts'
import { checking } from './sm.ts'

const { digest, verify } = checking

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

interface HeadShown {
  readonly steps: readonly ProofStep[]
  readonly size: number
  readonly root: Uint8Array
}

const unread = new Uint8Array()

/** What is signed, and by whom: what a head says counts only as its text says it. */
function headOf({ note }: Pick<Head, 'note'>, keys: readonly SealedBy[]): HeadShown {
  const read = readNote(note)
  const head = read && readHead(read.text)
  if (!read || !head) {
    const steps = [step(false, '日志头无法读懂。', 'The head cannot be read.', [note])]
    return { steps, size: 0, root: unread }
  }
  const { origin, size, root, at } = head
  const signer = signerOf(digest, verify, read, trustedKeys(checking, keys, keys[0]?.publicKey))
  const steps = [
    step(
      true,
      `日志头写明：${at}，日志“${origin}”共 ${size} 个位置，根哈希如下。`,
      `The head says: at ${at} log “${origin}” had ${size} positions, and this root.`,
      [hexOf(root)],
    ),
    step(
      signer !== undefined,
      signer
        ? `日志头由 ${signer.name} 用 SM2 签名，用其公钥验签无误。`
        : '没有一个可信的公钥能验证日志头的签名。',
      signer
        ? `The head was signed with SM2 by ${signer.name}, as their public key shows.`
        : 'No key that can be trusted made the signature of the head.',
      signer ? [signer.publicKey] : [read.signature],
    ),
  ]
  return { steps, size, root }
}

type Row = Proof['rows'][number]

/** What the leaf of a row says, as far as it can be read. */
function readLeaf({ leaf }: Row): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(leaf) as Record<string, unknown>
  } catch {
    return {}
  }
}

function rowSteps(row: Row, head: HeadShown): ProofStep[] {
  const place = readLeaf(row)
  const written = digest(utf8(row.text))
  const isDigest =
    fromBase64(String(place['digest'])) !== undefined &&
    hexOf(fromBase64(String(place['digest'])) ?? unread) === hexOf(written)
  const isHere = place['position'] === row.position && place['posting'] === row.row
  return [
    step(
      isDigest,
      `入账内容（单据、分录、余额与累计，共 ${row.text.length} 字）的 SM3 ${isDigest ? '正是' : '不是'}叶上写的摘要。`,
      `SM3 of what was written (document, transfers, balances and running sums, ${row.text.length} characters) is ${isDigest ? '' : 'not '}the digest in the leaf.`,
      [hexOf(written)],
    ),
    step(
      isHere,
      `叶写明它是第 ${row.position} 个位置的 ${row.row}。`,
      `The leaf says that it is ${row.row} at position ${row.position}.`,
      [row.leaf],
    ),
    inclusionStep(row, head),
  ]
}

/** Every hash from the leaf up to the root of the head. */
function inclusionStep(row: Row, { size, root }: HeadShown): ProofStep {
  const path = row.hashes.map(fromBase64)
  if (!path.every((one) => one !== undefined))
    return step(false, '证明中的哈希无法读懂。', 'The hashes of the proof cannot be read.')
  const leaf = leafHash(digest, utf8(row.leaf))
  const met: string[] = []
  const recording: typeof digest = (...parts) => {
    const made = digest(...parts)
    const [, left, right] = parts
    if (left && right) met.push(`${shortHash(left)} + ${shortHash(right)} → ${shortHash(made)}`)
    return made
  }
  // Positions of the journal count from one, leaves of the log from nothing.
  const holds = provesInclusion(recording, { index: row.position - 1, leaf, size, root }, path)
  return step(
    holds,
    `叶哈希与 ${path.length} 个相邻哈希逐级合并，结果${holds ? '正是' : '不是'}日志头的根。`,
    `The hash of the leaf, joined with ${path.length} hashes beside it, is ${holds ? '' : 'not '}the root of the head.`,
    [hexOf(leaf), ...met, hexOf(root)],
  )
}

/** Everything that proves a settlement: whose each step is, the row or the head. */
export interface Proved {
  readonly holds: boolean
  readonly head: readonly ProofStep[]
  readonly rows: readonly (Row & { readonly steps: readonly ProofStep[] })[]
}

/** A row that is in the log proves nothing of a settlement that it does not name. */
function namesSettlement(settlement: string, { text }: Row): ProofStep {
  const names = text.includes(settlement)
  return step(
    names,
    names ? '入账内容写明的正是这笔结算。' : '入账内容没有提到这笔结算。',
    names
      ? 'What was written names this very settlement.'
      : 'What was written does not name this settlement.',
  )
}

/** Proves that the rows of a settlement stand in the sealed log (包含性证明), here and with nothing but a public key. */
export function proveRows(proof: Proof): Proved {
  const head = headOf(proof.head, proof.keys)
  const rows = proof.rows.map((row) => ({
    ...row,
    steps: [...rowSteps(row, head), namesSettlement(proof.settlement, row)],
  }))
  const all = [...head.steps, ...rows.flatMap(({ steps }) => steps)]
  // The same verifier that `jiesuan verify` runs has the last word; the steps tell how it came to it.
  const verdict = verifyReceipt(checking, proof, proof.keys[0]?.publicKey)
  return { holds: verdict.holds && all.every(({ holds }) => holds), head: head.steps, rows }
}

/** Proves that a later head began as an earlier one (一致性证明): nothing before it was changed or taken away. */
export function proveGrowth(
  heads: { readonly first: Head; readonly second: Head },
  told: Consistency,
  keys: readonly SealedBy[],
): ProofStep[] {
  const [first, second] = [headOf(heads.first, keys), headOf(heads.second, keys)]
  const path = told.hashes.map(fromBase64)
  const signed = [...first.steps, ...second.steps]
  if (!path.every((one) => one !== undefined))
    return [...signed, step(false, '哈希无法读懂。', 'The hashes cannot be read.')]
  const holds = provesConsistency(digest, first, second, path)
  return [
    ...signed,
    step(
      holds,
      holds
        ? `${second.size} 个位置的日志，前 ${first.size} 个与早先的日志逐一相同：其间只有追加，没有改动、删除或插入。`
        : `${second.size} 个位置的日志不是由早先 ${first.size} 个位置的日志追加而来。`,
      holds
        ? `Of the log of ${second.size} positions the first ${first.size} are those of the earlier one: positions were added since, and none was changed, removed or put between.`
        : `The log of ${second.size} positions did not grow from the one of ${first.size}.`,
      path.map((one) => hexOf(one)),
    ),
  ]
}
