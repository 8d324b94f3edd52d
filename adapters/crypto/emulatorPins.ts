import { createHmac } from 'node:crypto'
import { isTerminal, terminalKey } from './diversify.ts'
import { currentKeys, type KeyMaterial, type KeyVersion, versionsToTry } from './keyMaterial.ts'
import type { MadeVerifier, PinEntry, PinKeys } from './keyStore.ts'
import { cardField, openPinBlock } from './pinBlock.ts'
import { newPinProblem } from './pinRules.ts'
import { sameBytes } from './sameBytes.ts'

export function emulatePinKeys(material: KeyMaterial): PinKeys {
  const initialPin = Buffer.from(Array.from(material.initialPin, Number))
  const make = (digits: Buffer, { card }: PinEntry): MadeVerifier => {
    const { version, keys } = currentKeys(material, card.division)
    return { verifier: verifierOf(keys, card, digits), keyVersion: version }
  }
  return {
    pinVerifier: (entry) =>
      withPin(material, entry, (digits) => make(digits, entry)) ?? { refused: 'unreadable' },
    checkPin(entry, kept) {
      const versions = versionsToTry(material, entry.card.division, kept.keyVersion)
      const answer = withPin(material, entry, (digits) => {
        if (typeof versions === 'string') return 'no-key'
        const made = verifierOf(versions[0].keys, entry.card, digits)
        return sameBytes(made, kept.verifier) ? 'right' : 'wrong'
      })
      return answer ?? 'unreadable'
    },
    isInitialPin: (entry) =>
      withPin(material, entry, (digits) => (sameBytes(digits, initialPin) ? 'yes' : 'no')) ??
      'unreadable',
    acceptNewPin(entry) {
      const accepted = withPin(material, entry, (digits) => {
        const problem = newPinProblem(digits, initialPin)
        return problem === undefined ? make(digits, entry) : { refused: problem }
      })
      return accepted ?? { refused: 'unreadable' }
    },
  }
}

/** Opens a block under each version of the terminal's key that is kept, and zeroes the digits whatever happens. */
function withPin<T>(
  material: KeyMaterial,
  { block, terminal, card }: PinEntry,
  use: (digits: Buffer) => T,
): T | undefined {
  const field = cardField(card.number)
  const versions = versionsToTry(material, terminal.division, undefined)
  if (!field || !isTerminal(terminal) || typeof versions === 'string') return undefined
  for (const { keys } of versions) {
    const digits = openPinBlock(terminalKey(keys['terminal-pin'], terminal), block, field)
    if (!digits) continue
    try {
      return use(digits)
    } finally {
      digits.fill(0)
    }
  }
  return undefined
}

/** HMAC-SM3 under the region's PIN key over card and PIN: without the key a million PINs cannot be tried. */
function verifierOf(keys: KeyVersion['keys'], card: PinEntry['card'], digits: Buffer): Buffer {
  const hmac = createHmac('sm3', keys.pin).update('PIN1')
  hmac.update(cardField(card.number) as Buffer)
  return hmac.update(digits).digest()
}
