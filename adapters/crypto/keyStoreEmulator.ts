import { randomBytes } from 'node:crypto'
import { emulateCardKeys } from './emulatorCards.ts'
import { emulatePinKeys } from './emulatorPins.ts'
import { emulateSigningKeys } from './emulatorSigning.ts'
import { emulateTapKeys } from './emulatorTaps.ts'
import type { KeyMaterial } from './keyMaterial.ts'
import type { KeyStore } from './keyStore.ts'

/** A key store in software. The keys live in closures: printing, copying or serialising it shows functions and no more. */
export function emulateKeyStore(material: KeyMaterial): KeyStore {
  return Object.freeze({
    ...emulateCardKeys(material),
    ...emulateTapKeys(material),
    ...emulatePinKeys(material),
    ...emulateSigningKeys(material),
    random: (length: number) => randomBytes(length),
    currentVersion: (division: string) => material.of(division)?.kept[0].version,
  })
}
