import { Type } from 'typebox'
import { Complaint } from './complaint.ts'
import type { Page } from './needs.ts'
import { Cursor, Limit } from './words.ts'

/** What every list may be asked with. */
export const listQuery = { limit: Type.Optional(Limit), cursor: Type.Optional(Cursor) }

/** Cursors are opaque: what stands in them may change, and nobody should build one. */
function afterOf(query: { limit?: string; cursor?: string }): {
  limit: number
  after?: string
} {
  const limit = Number(query.limit ?? '50')
  if (query.cursor === undefined) return { limit }
  const text = Buffer.from(query.cursor, 'base64url').toString('utf8')
  if (!text.startsWith('a:') || /[^\x20-\x7e]/.test(text)) throw notOurs()
  return { limit, after: text.slice(2) }
}

const notOurs = (): Complaint =>
  new Complaint('field-invalid', {
    field: '/cursor',
    in: 'query',
    expected: 'the `next` of a page before',
  })

/** Asks for a page. A cursor that somebody made up fails wherever it is read; that is theirs to hear, not a fault. */
export async function askPage<T>(
  query: { limit?: string; cursor?: string },
  ask: (page: { limit: number; after?: string }) => Promise<Page<T>>,
): Promise<Page<T>> {
  try {
    return await ask(afterOf(query))
  } catch (error) {
    const isMadeUp = error instanceof SyntaxError || error instanceof RangeError || isBadText(error)
    throw query.cursor !== undefined && isMadeUp ? notOurs() : error
  }
}

/** What PostgreSQL says of text that is no number or date (class 22). */
const isBadText = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('22')

export function writePage<T>(items: T[], next: string | undefined): { items: T[]; next?: string } {
  return next === undefined
    ? { items }
    : { items, next: Buffer.from(`a:${next}`).toString('base64url') }
}
