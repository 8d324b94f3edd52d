import { createHash } from 'node:crypto'
import { Type } from 'typebox'
import { Complaint } from './complaint.ts'
import type { Page, PageAsked } from './needs.ts'
import { Cursor, cursorForm, Limit } from './words.ts'

interface PageQuery {
  readonly limit?: string
  readonly cursor?: string
}

/** What every list may be asked with. */
export const listQuery = { limit: Type.Optional(Limit), cursor: Type.Optional(Cursor) }

/**
 * The mark of one list with its filters, which stands in its cursors: a place in one list is none in another, and the
 * page after it would leave items out without a word.
 */
export function listOf(name: string, filter: object = {}): string {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined)
  const list = JSON.stringify([name, ...given.sort(([a], [b]) => (a < b ? -1 : 1))])
  return createHash('sha256').update(list).digest('base64url').slice(0, 8)
}

/** Cursors are opaque: what stands in them may change, and nobody should build one. */
function afterOf(list: string, query: PageQuery): { limit: number; after?: string } {
  const limit = Number(query.limit ?? '50')
  if (query.cursor === undefined) return { limit }
  const text = Buffer.from(query.cursor, 'base64url').toString('utf8')
  const mark = `${list}:`
  if (!text.startsWith(mark) || /[^\x20-\x7e]/.test(text)) throw notOurs()
  return { limit, after: text.slice(mark.length) }
}

const notOurs = (): Complaint =>
  new Complaint('field-invalid', {
    field: '/cursor',
    in: 'query',
    expected: cursorForm,
  })

/** Asks for a page. A cursor that somebody made up fails wherever it is read; that is theirs to hear, not a fault. */
export async function askPage<T>(
  list: string,
  query: PageQuery,
  ask: (page: { limit: number; after?: string }) => Promise<Page<T>>,
): Promise<Page<T>> {
  try {
    return await ask(afterOf(list, query))
  } catch (error) {
    const isMadeUp = error instanceof SyntaxError || error instanceof RangeError || isBadText(error)
    throw query.cursor !== undefined && isMadeUp ? notOurs() : error
  }
}

/** What PostgreSQL says of text that is no number or date (class 22). */
const isBadText = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('22')

/** A page of a list that is read whole and only ever grows at its end; its cursor is how many came before. */
export async function pageOfAll<T>(
  all: readonly T[],
  { limit, after = '0' }: PageAsked,
): Promise<Page<T>> {
  const from = Number(after)
  if (!Number.isSafeInteger(from)) throw new RangeError(after)
  const items = all.slice(from, from + limit)
  return from + limit < all.length ? { items, next: String(from + limit) } : { items }
}

export function writePage<T>(
  list: string,
  items: T[],
  next: string | undefined,
): { items: T[]; next?: string } {
  return next === undefined
    ? { items }
    : { items, next: Buffer.from(`${list}:${next}`).toString('base64url') }
}
