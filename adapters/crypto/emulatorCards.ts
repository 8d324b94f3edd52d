import { sm4Blocks, tripleDesBlocks } from './block.ts'
import { type CardSerial, readCardSerial } from './cardSerial.ts'
import { challengeLength, isOwnChallenge, isReadersChallenge, newChallenge } from './challenge.ts'
import { cardKey } from './diversify.ts'
import {
  checkVersions,
  type KeyMaterial,
  type KeyVersion,
  notRight,
  versionsToTry,
} from './keyMaterial.ts'
import type { CardKeys, ChipCard, Computed } from './keyStore.ts'

const primitives = { sm4: sm4Blocks, '3des': tripleDesBlocks }

export function emulateCardKeys(material: KeyMaterial): CardKeys {
  const answer = (
    way: 'internal' | 'external',
    { algorithm }: ChipCard,
    serial: CardSerial,
    challenge: Uint8Array,
    keys: KeyVersion['keys'],
  ): Buffer => {
    const master = keys[`card-${way}-${algorithm}`]
    return primitives[algorithm](cardKey(algorithm, master, material.layers, serial), challenge)
  }
  const compute = (
    way: 'internal' | 'external',
    card: ChipCard,
    challenge: Uint8Array,
  ): Computed => {
    const serial = readCardSerial(card.serial)
    if (!serial || challenge.length !== challengeLength) return { refused: 'malformed' }
    if (way === 'internal' && !isReadersChallenge(challenge)) return { refused: 'challenge' }
    const versions = versionsToTry(material, serial.division, card.keyVersion)
    if (typeof versions === 'string') return { refused: versions }
    const [{ version, keys }] = versions
    return { value: answer(way, card, serial, challenge, keys), keyVersion: version }
  }
  return {
    newChallenge,
    verifyCardCryptogram(card, challenge, cryptogram) {
      const serial = readCardSerial(card.serial)
      if (!serial || cryptogram.length !== challengeLength) return notRight('malformed')
      if (!isOwnChallenge(challenge)) return notRight('challenge')
      const versions = versionsToTry(material, serial.division, card.keyVersion)
      return checkVersions(versions, cryptogram, (keys) =>
        answer('internal', card, serial, challenge, keys),
      )
    },
    internalValue: (card, challenge) => compute('internal', card, challenge),
    externalValue: (card, challenge) => compute('external', card, challenge),
  }
}
