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

/** Half of it is enough for names, and half the index. */
const names = (crypto: Crypto, masked: string): Buffer =>
  crypto.index(`name\0${masked}`).subarray(0, 16)

/** What people are found by whose names are masked alike: by the first character (张*), and by the first and the last (张*明). */
export function nameHashes(
  crypto: Crypto,
  name: string,
): { readonly family: Buffer; readonly whole: Buffer } {
  const letters = Array.from(name.normalize('NFC').trim())
  const [first = '', last = ''] = [letters[0], letters.length > 2 ? letters.at(-1) : '']
  return { family: names(crypto, `${first}*`), whole: names(crypto, `${first}*${last}`) }
}

/** One character that is no star, stars, and perhaps one more: however wide the stars are and however many. */
const maskedForm = /^([^*\s])\*{1,10}([^*\s])?$/u

/** What a masked name is looked for by, and in which of the two forms; undefined where it is none. */
export function maskedNameHash(
  crypto: Crypto,
  text: string,
): { readonly form: 'family' | 'whole'; readonly hash: Buffer } | undefined {
  const [, first, last = ''] = maskedForm.exec(text.normalize('NFC').replaceAll('＊', '*')) ?? []
  if (first === undefined) return undefined
  return { form: last === '' ? 'family' : 'whole', hash: names(crypto, `${first}*${last}`) }
}

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
