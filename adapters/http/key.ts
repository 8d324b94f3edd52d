import { Complaint } from './complaint.ts'

const printable = /^[\x20-\x7e]{1,255}$/

/**
 * Reads the header Idempotency-Key. The draft writes it as a structured string, in double quotes; many clients send it
 * bare. Both are the same key.
 */
export function readKey(header: string | readonly string[] | undefined): string {
  if (header === undefined || header === '') throw new Complaint('idempotency-key-missing')
  if (typeof header !== 'string') throw new Complaint('idempotency-key-invalid')
  const key = header.startsWith('"') ? unquote(header) : header.trim()
  if (key === undefined || !printable.test(key) || key !== key.trim())
    throw new Complaint('idempotency-key-invalid')
  return key
}

function unquote(text: string): string | undefined {
  const found = /^"((?:[^"\\]|\\["\\])*)"$/.exec(text)
  return found?.[1]?.replace(/\\(["\\])/g, '$1')
}
