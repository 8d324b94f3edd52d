import type { NewCard } from '../../engine/card.ts'
import type { KeyStore } from '../crypto/keyStore.ts'
import type { PinVerifier } from '../postgres/putCard.ts'
import { simulateTerminal } from '../simulator/terminal.ts'

/**
 * What the PIN of an invented card is checked by: it is keyed in at a simulated terminal, as every PIN is. None where the
 * keys are not the sandbox's own, so that nobody can key it in.
 */
export function pinIn(
  keyStore: KeyStore,
  { number, serial }: NewCard,
  pin: string | undefined,
  tries: number,
): PinVerifier | undefined {
  if (pin === undefined) return undefined
  const division = serial.slice(0, 6)
  const terminal = { division, id: 'sandbox' }
  const block = simulateTerminal(terminal).pinBlock(pin, number)
  const made = keyStore.pinVerifier({ block, terminal, card: { division, number } })
  return 'refused' in made
    ? undefined
    : { bytes: made.verifier, keyVersion: made.keyVersion, tries }
}
