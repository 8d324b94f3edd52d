import type { ExportedKey } from './exportLine.ts'
import type { Digest } from './hash.ts'
import { handingOver, readNote, type SealKey, signerOf, type VerifySignature } from './head.ts'

/** What it takes to check signatures. */
export interface Checking {
  readonly digest: Digest
  readonly verify: VerifySignature
}

/**
 * The keys of an export that can be trusted: the one that whoever checks was given by other ways, and each later one for which
 * a trusted one vouches (密钥链). Without a given one the first is taken at its word, which proves that nothing was changed by
 * whoever did not have it, and no more.
 */
export function trustedKeys(
  { digest, verify }: Checking,
  keys: readonly ExportedKey[],
  given: string | undefined,
): SealKey[] {
  const trusted = keys
    .filter(({ publicKey }, i) => (given === undefined ? i === 0 : publicKey === given))
    .slice(0, 1) as SealKey[]
  for (const key of keys) {
    const note = key.note === undefined ? undefined : readNote(key.note)
    if (trusted.includes(key) || note?.text !== handingOver(key)) continue
    if (signerOf(digest, verify, note, trusted)) trusted.push(key)
  }
  return trusted
}

/** A key with those before it (密钥沿革), as whoever holds it knows them and not as a log says. */
export interface KeyInLine extends SealKey {
  /** The oldest first. */
  readonly line: readonly SealKey[]
}

/**
 * Whether the trusted keys of a log lead to this one by the keys that its holder knows before it. A log may begin with any of
 * those; keys that follow this one are nobody's concern here.
 */
export function leadTo(trusted: readonly SealKey[], { line, publicKey }: KeyInLine): boolean {
  const at = trusted.findIndex((key) => key.publicKey === publicKey)
  const known = [...line.map((key) => key.publicKey), publicKey].slice(-(at + 1))
  return (
    at >= 0 && known.length === at + 1 && known.every((key, i) => trusted[i]?.publicKey === key)
  )
}
