import type { Card } from '../../engine/card.ts'
import type { KeyStore, PinAnswer, PinEntry } from '../crypto/keyStore.ts'
import { drawBytes } from '../crypto/drawnBytes.ts'
import { sm3 } from '../crypto/sm3.ts'
import { Complaint } from '../http/complaint.ts'
import type { PinBlock, PinDesk } from '../http/needs.ts'
import { createIds } from '../postgres/ids.ts'
import { createPins, type PinMade, type PinTry } from '../postgres/pins.ts'
import type { World } from './serve.ts'
import { withFault } from './withFault.ts'

/** PINs as desks and tills ask about them: tries are counted in the database, PINs are looked at in the key store. */
export function pinDeskOf(
  { pool, crypto, clock, metrics }: Pick<World, 'pool' | 'crypto' | 'clock' | 'metrics'>,
  keyStore: KeyStore,
): PinDesk {
  const now = () => clock.now()
  const ids = createIds({ sm3, drawBytes })
  const newId = (owner: string) => ids.next(owner, now())
  const pins = createPins({ pool, crypto, now, newId })
  return {
    check: withFault(async (card, entered, institution) => {
      const terminal = entered.terminal.id
      const tried = { owner: card.owner, card: card.number, institution, terminal }
      const taken = await pins.take(tried)
      if (taken === 'pause') {
        metrics.pinTried('pause')
        throw new Complaint('too-many-wrong-pins')
      }
      if (taken === 'locked') return { kind: 'locked' }
      const right = compare(keyStore, entryOf(card, entered), taken) === 'right'
      metrics.pinTried(right ? 'right' : 'wrong')
      if (!right) return { kind: 'wrong', left: taken.left }
      await pins.right(tried, taken)
      const renewed = renew(keyStore, entryOf(card, entered), taken)
      if (renewed) await pins.renew(tried, taken, renewed)
      return { kind: 'right', initial: taken.initial }
    }),
    accept(card, entered) {
      const made = keyStore.acceptNewPin(entryOf(card, entered))
      if ('refused' in made) return made
      return { verifier: made.verifier.toString('hex'), keyVersion: made.keyVersion }
    },
  }
}

/** A card keeps its PIN where it was issued, wherever it is managed. */
const entryOf = (
  { serial, number }: Pick<Card, 'serial' | 'number'>,
  { terminal, block }: PinBlock,
): PinEntry => ({ block, terminal, card: { division: serial.slice(0, 6), number } })

/** A card as it was made has the PIN that all of them are made with, and no verifier of its own. */
function compare(keyStore: KeyStore, entry: PinEntry, { made, initial }: PinTry): PinAnswer {
  if (made) return keyStore.checkPin(entry, made)
  return initial && keyStore.isInitialPin(entry) === 'yes' ? 'right' : 'wrong'
}

/** A right PIN that is kept under older keys is kept under the newest from now on, so that the older can be retired (密钥更换). */
function renew(keyStore: KeyStore, entry: PinEntry, { made }: PinTry): PinMade | undefined {
  if (!made || made.keyVersion === keyStore.currentVersion(entry.card.division)) return undefined
  const renewed = keyStore.pinVerifier(entry)
  return 'refused' in renewed ? undefined : renewed
}
