import { Type } from 'typebox'
import { Complaint } from './complaint.ts'
import { Cursor, Limit } from './words.ts'

/** What every list may be asked with. */
export const listQuery = { limit: Type.Optional(Limit), cursor: Type.Optional(Cursor) }

/** Cursors are opaque: what stands in them may change, and nobody should build one. */
export function afterOf(query: { limit?: string; cursor?: string }): {
  limit: number
  after?: string
} {
  const limit = Number(query.limit ?? '50')
  if (query.cursor === undefined) return { limit }
  const text = Buffer.from(query.cursor, 'base64url').toString('utf8')
  if (!text.startsWith('a:') || /[^\x20-\x7e]/.test(text))
    throw new Complaint('field-invalid', {
      field: '/cursor',
      in: 'query',
      expected: 'the `next` of a page before',
    })
  return { limit, after: text.slice(2) }
}

export function writePage<T>(items: T[], next: string | undefined): { items: T[]; next?: string } {
  return next === undefined
    ? { items }
    : { items, next: Buffer.from(`a:${next}`).toString('base64url') }
}
