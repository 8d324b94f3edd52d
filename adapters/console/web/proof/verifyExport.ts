import { type ReceiptText, verifyReceipt } from '../../../../engine/seal/receipt.ts'
import { Verification } from '../../../../engine/seal/verification.ts'
import type { Both } from '../words/say.ts'
import { checking } from './sm.ts'

/** How far the verification of a file is. */
export interface Progress {
  readonly lines: number
}

/** What came of it: what the file is, how much of it was looked at, and what does not hold, by name. */
export interface FileVerdict extends Progress {
  readonly kind: 'export' | 'receipts'
  readonly facts: readonly Both[]
  readonly problems: readonly Both[]
}

/** What whoever verifies was given by other ways than the file. */
export interface Kept {
  readonly publicKey: string
  /** Heads that were left with them before: signed texts. */
  readonly heads: readonly string[]
}

const tellEvery = 200

/**
 * Verifies an audit export (审计导出) or receipts (存证回执), one a line, as `jiesuan verify` does, and asks nobody. What it
 * is, its first line tells.
 */
export async function verifyExport(
  lines: AsyncIterable<string>,
  kept: Kept,
  onProgress: (progress: Progress) => void,
): Promise<FileVerdict> {
  let taking: Taking | undefined
  let count = 0
  for await (const line of lines) {
    if (line.trim() === '') continue
    count += 1
    taking ??= readReceipt(line) ? takeReceipts(kept) : takeExport(kept)
    taking.take(line)
    if (count % tellEvery === 0) onProgress({ lines: count })
  }
  const nothing = { kind: 'receipts', facts: [], problems: [] } as const
  return { ...(taking?.end() ?? nothing), lines: count }
}

interface Taking {
  readonly take: (line: string) => void
  readonly end: () => Omit<FileVerdict, 'lines'>
}

function takeExport({ publicKey, heads }: Kept): Taking {
  const verification = new Verification(checking, { publicKey, heads })
  return {
    take: (line) => verification.take(line),
    end() {
      const {
        log,
        postings,
        heads: count,
        sealedUpTo,
        sealedAt,
        unsealed,
        findings,
      } = verification.end()
      const facts = [
        { zh: `日志“${log}”，入账 ${postings} 笔`, en: `log “${log}”, ${postings} postings` },
        {
          zh: `日志头 ${count} 个，最后一个含 ${sealedUpTo} 个位置，签于 ${sealedAt ?? '无'}`,
          en: `${count} heads, the last of ${sealedUpTo} positions, signed at ${sealedAt ?? 'no time'}`,
        },
        { zh: `待封存 ${unsealed} 个位置`, en: `${unsealed} positions not sealed yet` },
      ]
      return { kind: 'export', facts, problems: findings.map(({ message }) => message) }
    },
  }
}

/** So many problems are named; whoever has more knows enough. */
const mostNamed = 1_000

function takeReceipts({ publicKey }: Kept): Taking {
  const problems: Both[] = []
  let count = 0
  return {
    take(line) {
      count += 1
      const wrong = wrongIn(line, publicKey)
      if (wrong && problems.length < mostNamed)
        problems.push({ zh: `第 ${count} 行：${wrong.zh}`, en: `Line ${count}: ${wrong.en}` })
    },
    end: () => ({
      kind: 'receipts',
      facts: [{ zh: `存证回执 ${count} 份`, en: `${count} receipts` }],
      problems,
    }),
  }
}

function wrongIn(line: string, publicKey: string): Both | undefined {
  const receipt = readReceipt(line)
  if (!receipt) return { zh: '不是存证回执。', en: 'this is no receipt.' }
  const { holds, failed } = verifyReceipt(checking, receipt, publicKey)
  if (holds) return undefined
  const what = `${failed?.step ?? ''} ${failed?.row ?? ''}`.trim()
  return {
    zh: `结算 ${receipt.settlement} 核验不符（${what}）。`,
    en: `settlement ${receipt.settlement} does not hold (${what}).`,
  }
}

function readReceipt(line: string): ReceiptText | undefined {
  try {
    const value = JSON.parse(line) as Partial<ReceiptText>
    return value.settlement !== undefined && value.rows ? (value as ReceiptText) : undefined
  } catch {
    return undefined
  }
}

/** The heads in a text that somebody kept: signed texts one after the other, or the JSON that the server told them in. */
export function readHeads(text: string): string[] {
  const told = [...text.matchAll(/"note":("(?:[^"\\]|\\.)*")/g)]
  if (told.length > 0) return told.map(([, quoted]) => JSON.parse(quoted ?? '""') as string)
  const notes = /[^\n]+\n\d+\n[^\n]+\nat [^\n]+\n(?:previous [^\n]+\n)?\n\u2014 [^\n]+\n/g
  return text.match(notes) ?? []
}
