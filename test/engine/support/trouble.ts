import type { Card } from '../../../engine/card.ts'
import type { Claim } from '../../../engine/claim.ts'
import { type Answer, Fault } from '../../../engine/ports.ts'

/** What stands under a key; without an answer another region was asked first. */
export interface Answered {
  readonly fingerprint: string
  readonly input: string
  readonly answer: Answer | undefined
}

/** What the world does to the next commit or opening. */
export type Trouble = Fault['kind'] | 'unknown-but-committed' | 'broken'

export const failure = (trouble: Trouble): Error =>
  trouble === 'broken' || trouble === 'unknown-but-committed'
    ? new Error(trouble)
    : new Fault(trouble, trouble)

export const nameOf = (key: { readonly institution: string; readonly key: string }): string =>
  `${key.institution} ${key.key}`

/** The card that a claim presents. */
export const cardIn = (
  cards: ReadonlyMap<string, readonly Card[]>,
  { credential: { number } }: Claim,
): Card | undefined => [...cards.values()].flat().find((card) => card.number === number)
