import type { Card } from '../../engine/card.ts'
import type { CardAsked } from '../../engine/cardAsked.ts'
import { type Refusal, refuse } from '../../engine/refusal.ts'
import { keyScope } from './cardAsk.ts'
import type { PinBody, PinResetBody } from './cardSchema.ts'
import type { Desk, PinDesk } from './needs.ts'

/** What PINs keyed in at a desk come to: what the service is asked with, or why it is refused. */
export interface PinOutcome {
  readonly more: Pick<Partial<CardAsked>, 'pin' | 'documents'>
  readonly refusal?: Refusal | undefined
}

const bytesOf = (block: string): Uint8Array => Buffer.from(block, 'hex')

/** Stands in for what was made of a new PIN where the service is refused anyway: it is never kept. */
const nothing: NonNullable<CardAsked['pin']> = { verifier: '', keyVersion: 0 }

/**
 * Checks the old PIN (S6) and takes the new one. A try is taken before anybody looks and whatever else is wrong, so that
 * nobody can ask for nothing; what it comes to is told only where the service could be done.
 */
export async function enterPins(
  pins: PinDesk,
  card: Card,
  body: PinBody | PinResetBody,
): Promise<PinOutcome> {
  const { terminal } = body
  const documents = 'oldPin' in body ? [{ kind: 'old-pin' } as const] : []
  const old = 'oldPin' in body ? { terminal, block: bytesOf(body.oldPin) } : undefined
  const checked = old && (await pins.check(card, old, keyScope(body)))
  if (checked?.kind === 'locked')
    return { more: { documents, pin: nothing }, refusal: refuse('card-pin-locked') }
  if (checked?.kind === 'wrong')
    return {
      more: { documents, pin: nothing },
      refusal: refuse('card-pin-wrong', { left: checked.left }),
    }
  const made = pins.accept(card, { terminal, block: bytesOf(body.newPin) })
  return 'refused' in made
    ? {
        more: { documents, pin: nothing },
        refusal: refuse('pin-not-allowed', { because: made.refused }),
      }
    : { more: { documents, pin: made } }
}

/** What the key stands for: a repeat has the same blocks, and no block is kept. */
export function inputOf(desk: Desk, body: PinBody | PinResetBody): object {
  const hash = (block: string): string => desk.fingerprint(block.toUpperCase())
  return {
    ...body,
    newPin: hash(body.newPin),
    ...('oldPin' in body && { oldPin: hash(body.oldPin) }),
  }
}
