import type { Head } from '../api/auditTypes.ts'
import { fromBase64, utf8 } from './bytes.ts'
import { verifies } from './sm.ts'

/** A head of a log as it is signed: its text, and who signed it. */
export interface SignedHead {
  readonly text: string
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
  readonly signatures: readonly { readonly name: string; readonly bytes: Uint8Array }[]
}

/** Reads the note of a head: its text, an empty line, and a line for each signature; undefined where it is none. */
export function readNote(note: string): SignedHead | undefined {
  const cut = note.lastIndexOf('\n\n')
  if (cut === -1) return undefined
  const text = note.slice(0, cut + 1)
  const [origin, size, root] = text.split('\n')
  const bytes = fromBase64(root ?? '')
  if (origin === undefined || !/^\d+$/.test(size ?? '') || bytes?.length !== 32) return undefined
  const signatures = note
    .slice(cut + 2)
    .split('\n')
    .flatMap((line) => {
      const [, name, base64] = /^— (\S+) (\S+)$/.exec(line) ?? []
      const signed = fromBase64(base64 ?? '')
      return name === undefined || !signed ? [] : [{ name, bytes: signed }]
    })
  return { text, origin, size: Number(size), root: bytes, signatures }
}

/** Whether a key signed a head; before a signature may stand four bytes that name the key. */
export function isSigned({ text, signatures }: SignedHead, publicKey: string): boolean {
  const message = utf8(text)
  return signatures.some(({ bytes }) => {
    const candidates = bytes.length === 64 ? [bytes] : [bytes.subarray(4), bytes]
    return candidates.some((signature) => verifies(message, signature, publicKey))
  })
}

/** Whether what is told of a head is what its signed text says. */
export function saysTheSame(head: Head, signed: SignedHead): boolean {
  const root = fromBase64(head.root)
  return (
    Number(head.size) === signed.size &&
    root?.length === 32 &&
    root.every((byte, i) => byte === signed.root[i])
  )
}
