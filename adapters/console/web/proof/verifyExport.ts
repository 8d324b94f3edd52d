import type { Proof } from '../api/auditTypes.ts'
import type { Both } from '../words/say.ts'
import { proveRows } from './steps.ts'

/** How far the verification of a file is. */
export interface Progress {
  readonly lines: number
  readonly bad: number
}

/** What came of it: how much was looked at, and what does not hold, by the line where it stands. */
export interface Verdict extends Progress {
  readonly kind: Both
  readonly problems: readonly { readonly line: number; readonly what: Both }[]
}

export type Verify = (
  lines: AsyncIterable<string>,
  publicKey: string,
  onProgress: (progress: Progress) => void,
) => Promise<Verdict>

/** So many problems are named; whoever has more knows enough. */
const mostNamed = 100
const tellEvery = 50

/**
 * Verifies a file line by line: each line is the receipt of a settlement (结算凭证), as `GET /v1/ledger/proofs/{id}` answers
 * it. Nobody is asked.
 */
export const verifyExport: Verify = async (lines, publicKey, onProgress) => {
  let [count, bad] = [0, 0]
  const problems: { line: number; what: Both }[] = []
  const say = (what: Both): void => {
    bad += 1
    if (problems.length < mostNamed) problems.push({ line: count, what })
  }
  for await (const line of lines) {
    if (line.trim() === '') continue
    count += 1
    const wrong = wrongIn(line, publicKey)
    if (wrong) say(wrong)
    if (count % tellEvery === 0) onProgress({ lines: count, bad })
  }
  onProgress({ lines: count, bad })
  const kind = { zh: '结算凭证', en: 'receipts of settlements' }
  return { lines: count, bad, problems, kind }
}

function wrongIn(line: string, publicKey: string): Both | undefined {
  const proof = readReceipt(line)
  if (!proof) return { zh: '这一行不是结算凭证。', en: 'This line is no receipt of a settlement.' }
  const { holds, head, rows } = proveRows(proof, { name: '', publicKey })
  if (holds) return undefined
  const failed = [...head, ...rows.flatMap(({ steps }) => steps)].find((one) => !one.holds)
  const zh = failed?.what.zh ?? '凭证没有任何一行。'
  const en = failed?.what.en ?? 'The receipt has no row.'
  return { zh: `结算 ${proof.settlement}：${zh}`, en: `Settlement ${proof.settlement}: ${en}` }
}

function readReceipt(line: string): Proof | undefined {
  try {
    const value = JSON.parse(line) as Partial<Proof>
    const isReceipt =
      typeof value.settlement === 'string' &&
      typeof value.head?.note === 'string' &&
      Array.isArray(value.rows)
    return isReceipt ? (value as Proof) : undefined
  } catch {
    return undefined
  }
}
