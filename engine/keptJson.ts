import type { Json } from './dossier.ts'

/** Whole numbers of any size, such as amounts, as JSON keeps them: `{"n": "1200"}`. */
interface KeptNumber {
  readonly n: string
}

/** A value of ours as an entry keeps it; members that are not there are left out. */
export function keep(value: unknown): Json {
  if (typeof value === 'bigint') return { n: String(value) }
  if (Array.isArray(value)) return value.map(keep)
  if (typeof value !== 'object' || value === null) return value as Json
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(members.map(([name, member]) => [name, keep(member)]))
}

/** The value that was kept. */
export function reread(kept: Json): unknown {
  if (typeof kept !== 'object' || kept === null) return kept
  if (Array.isArray(kept)) return kept.map(reread)
  const members = Object.entries(kept)
  if (members.length === 1 && members[0]?.[0] === 'n')
    return BigInt((kept as unknown as KeptNumber).n)
  return Object.fromEntries(members.map(([name, member]) => [name, reread(member as Json)]))
}
