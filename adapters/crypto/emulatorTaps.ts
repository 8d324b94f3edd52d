import { readCardSerial } from './cardSerial.ts'
import { sm4Cmac } from './cmac.ts'
import { cardKey, terminalKey } from './diversify.ts'
import { checkVersions, type KeyMaterial, notRight, versionsToTry } from './keyMaterial.ts'
import type { TapKeys } from './keyStore.ts'
import { recordMessage, tapMessage } from './macMessages.ts'

const macLength = 16

export function emulateTapKeys(material: KeyMaterial): TapKeys {
  return {
    verifyTapCryptogram(card, tap, mac) {
      const serial = readCardSerial(card.serial)
      const message = serial && tapMessage(serial, tap)
      if (!message || mac.length !== macLength) return notRight('malformed')
      const versions = versionsToTry(material, serial.division, card.keyVersion)
      return checkVersions(versions, mac, (keys) =>
        sm4Cmac(cardKey('sm4', keys.tap, material.layers, serial), message),
      )
    },
    verifyTerminalMac(terminal, record, mac) {
      const message = recordMessage(terminal, record)
      if (!message || mac.length !== macLength) return notRight('malformed')
      const versions = versionsToTry(material, terminal.division, undefined)
      return checkVersions(versions, mac, (keys) =>
        sm4Cmac(terminalKey(keys['terminal-mac'], terminal), message),
      )
    },
  }
}
