import type { Card, CardVersion } from './card.ts'
import type { CardPolicy } from './cardPolicy.ts'
import { type ServiceRow } from './cardLife.ts'
import { isLive } from './cardState.ts'
import { provinceOf } from './cardPlace.ts'
import type { Division } from './claim.ts'
import type { Day } from './day.ts'
import { type Refusal, refuse } from './refusal.ts'

/** Numbers for a card that is to be made (拟制卡): they come from the world, which knows how to make them unique. */
export interface Blank extends Pick<Card, 'id' | 'number' | 'serial'> {
  readonly version: CardVersion
}

/** The cards whose place one takes, and theirs before them: several may wait for the same newest one. */
export function replacedBy(card: Card, cards: readonly Card[]): readonly Card[] {
  const old = cards.find(({ id }) => id === card.replaces)
  return old ? [old, ...replacedBy(old, cards)] : []
}

/** One person one card in the province (一人一卡): a new one may only take the place of all that are there. */
export function refuseHolding(
  { does }: ServiceRow,
  card: Card | undefined,
  cards: readonly Card[],
  division: Division,
): Refusal | undefined {
  if (!does.includes('makes-card')) return undefined
  const replaced = card ? [card, ...replacedBy(card, cards)] : []
  const other = cards.find(
    (each) =>
      isLive(each) &&
      provinceOf(each.managedIn) === provinceOf(division) &&
      !replaced.some(({ id }) => id === each.id),
  )
  return other && refuse('card-already-held', { card: other.id })
}

/** The old cards that end with what the newer one goes through (旧卡失效), in the same transaction. */
export function endedWith(
  { does }: ServiceRow,
  card: Card,
  cards: readonly Card[],
  policy: CardPolicy,
): readonly Card[] {
  const ends =
    does.includes('ends-old-card') ||
    (does.includes('ends-old-card-at-handover') && policy.oldCardEnds === 'handover')
  return ends ? replacedBy(card, cards).filter(isLive) : []
}

/** Ten years. [J] */
const cardLasts_years = 10

/** The dates of a card that is made on a day (发卡日期, 卡有效期); one of 29 February ends with that month. */
export function datesFrom(today: Day): Pick<Card, 'issued' | 'expires'> {
  const year = Number(today.slice(0, 4)) + cardLasts_years
  const date = today.slice(5) === '02-29' ? '02-28' : today.slice(5)
  return { issued: today, expires: `${year}-${date}` as Day }
}

interface Begun {
  readonly owner: string
  readonly managedIn: Division
  readonly photo: boolean
  readonly today: Day
  /** The card whose place it takes. */
  readonly old: Card | undefined
}

/** A card that is applied for. What its holder has wanted of the old one holds for it too. */
export function begin(
  { id, number, serial, version }: Blank,
  { owner, managedIn, photo, today, old }: Begun,
): Card {
  return {
    id,
    number,
    serial,
    version,
    owner,
    life: 'requested',
    loss: { kind: 'none' },
    pin: 'initial',
    ...datesFrom(today),
    photo,
    managedIn,
    ...(old && { replaces: old.id }),
    ...(old?.quickPaymentsOff !== undefined && { quickPaymentsOff: old.quickPaymentsOff }),
  }
}
