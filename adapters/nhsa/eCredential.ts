import { credentialTypeOf } from './translate.ts'
import type { Call } from './transaction.ts'

interface Presented {
  readonly psn_no: string
  readonly mdtrt_cert_type: string
  readonly mdtrt_cert_no?: string | undefined
}

/**
 * An e-credential (type 01) as the engine knows it: by the card it derives from. A token that is not this person's stays
 * as it is, and the engine finds no card by it. Only what a message says first depends on this: a repeat is told the same.
 */
export async function withCard<P extends Presented>(
  presented: P,
  { world }: Pick<Call, 'world'>,
): Promise<P> {
  const { psn_no, mdtrt_cert_type, mdtrt_cert_no: number } = presented
  if (number === undefined || credentialTypeOf(mdtrt_cert_type) !== 'e-card') return presented
  const insured = await world.people.byCredential({ type: 'e-card', number: number.trim() })
  if (insured?.person.id !== psn_no) return presented
  const card = insured.cards.find(({ life }) => life === 'active') ?? insured.cards.at(-1)
  return card ? { ...presented, mdtrt_cert_no: card.number } : presented
}
