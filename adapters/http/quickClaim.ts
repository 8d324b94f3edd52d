import type { Claim, PinShown, QuickClaim } from '../../engine/claim.ts'
import type { Day, Instant } from '../../engine/day.ts'
import { parseQuantity, parseUnitPrice, parseYuan } from '../../engine/money.ts'
import { Complaint } from './complaint.ts'
import type { TapDesk, Tapped } from './quickNeeds.ts'
import type { QuickBody, RecordLine } from './quickSchema.ts'

type Body = QuickBody | RecordLine

/** A tap as it was read: the moment in milliseconds, everything else as it came. */
export interface ReadTap<B extends Body = Body> {
  readonly body: B
  readonly at: Instant
}

/** The schema has checked the form; a leap second or a moment before 1970 has it and is none that a card can bind. */
export function readTap<B extends Body>(body: B): ReadTap<B> {
  const at = Date.parse(body.at)
  if (Number.isNaN(at) || at < 0)
    throw new Complaint('field-invalid', { field: '/at', in: 'body', expected: 'an instant' })
  return { body, at }
}

/** Did this very card compute the cryptogram over this very payment? */
export function isGenuine(taps: Pick<TapDesk, 'isCards'>, { body, at }: ReadTap): boolean {
  const { card, terminal, counter, total } = body
  const unpredictable = Buffer.from(body.unpredictable, 'hex')
  const tap: Tapped = { terminal, amount: parseYuan(total), counter, moment: at, unpredictable }
  return taps.isCards(card.cardSn, tap, Buffer.from(body.cryptogram, 'hex'))
}

/** The claim that a tap is: a pharmacy's, paid from accounts alone, on the day that it is paid. */
export const claimOfTap = (
  { body, at }: ReadTap,
  day: Day,
  more: { readonly pin: PinShown } & Pick<QuickClaim, 'sequence' | 'offline'>,
): Claim => ({
  institution: body.institution,
  day,
  credential: { type: 'card', number: body.card.number, cardSn: body.card.cardSn },
  care: 'pharmacy',
  useAccount: true,
  useFamilyAccount: body.familyAccount ?? false,
  emergency: false,
  quick: { terminal: body.terminal, counter: body.counter, at, ...more },
  total: parseYuan(body.total),
  lines: body.lines.map((line) => ({
    id: line.id,
    item: line.item,
    at: line.at as Day | undefined,
    quantity: parseQuantity(line.quantity),
    unitPrice: parseUnitPrice(line.unitPrice),
    amount: parseYuan(line.amount),
  })),
})
