import type { Claim, Credential } from '../../engine/claim.ts'
import type { Key } from '../../engine/ports.ts'
import type { Settlement } from '../../engine/settlement.ts'
import type { Crypto } from './needs.ts'

/** What a key is known by: institutions choose their keys apart from each other. */
export const keyHash = (
  crypto: Crypto,
  { institution, key }: Pick<Key, 'institution' | 'key'>,
): Buffer => crypto.sm3(`${institution}\0${key}`)

/** What a credential is known by. */
export const credentialHash = (crypto: Crypto, { type, number }: Credential): Buffer =>
  crypto.index(`${type}\0${number}`)

/** What a card is known by, whichever credential leads to it. */
export const cardHash = (crypto: Crypto, number: string): Buffer => crypto.index(`card\0${number}`)

type Bill = Pick<Claim | Settlement, 'institution' | 'day'> & {
  readonly lines: readonly { readonly item: string; readonly amount: bigint }[]
}

/** The same person, institution, day, items and amounts, in whatever order, are the same bill (decision 20). */
export function billHash(
  crypto: Crypto,
  person: string,
  { institution, day, lines }: Bill,
): Buffer {
  const items = lines.map(({ item, amount }) => `${item}\0${amount}`).toSorted()
  return crypto.sm3([person, institution, day, ...items].join('\n'))
}
