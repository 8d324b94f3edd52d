import { readRecord } from '../../engine/quickPaymentRecord.ts'
import { recordsOf, recordsOwner } from '../../engine/quickPaymentTaps.ts'
import type { KeyStore } from '../crypto/keyStore.ts'
import type { TapDesk } from '../http/quickNeeds.ts'
import { createTapQueries } from '../postgres/tapQueries.ts'
import type { World } from './serve.ts'
import { createTurns } from './turns.ts'
import { withFault } from './withFault.ts'

/** Taps as tills ask about them: proved by the key store, everything else read in the books. */
export function tapDeskOf(
  { pool, crypto, clock, metrics, place }: World,
  keyStore: KeyStore,
): TapDesk {
  const turns = place.common?.turns ?? createTurns().of(place.slot)
  const queries = createTapQueries({ pool, crypto, now: () => clock.now() })
  const counted = (right: boolean, what: 'card' | 'terminal'): boolean => {
    if (!right) metrics.forged(what)
    return right
  }
  return {
    isCards: (serial, tap, cryptogram) =>
      counted(keyStore.verifyTapCryptogram({ serial }, tap, cryptogram).right, 'card'),
    isTerminals: (terminal, record, mac) =>
      counted(keyStore.verifyTerminalMac(terminal, record, mac).right, 'terminal'),
    takeTurn: (name) => turns.take(name),
    giveTurn: (name) => turns.give(name),
    records: withFault(async ({ institution, terminal, ...page }) => {
      const prefix = terminal ? recordsOf(terminal) : ''
      const asked = { ...page, prefix }
      const { items, next } = await queries.entriesAfter(recordsOwner(institution), asked)
      const listed = items.map(({ name, kept }) => ({
        name,
        outcome: readRecord(kept),
        at: kept.at,
      }))
      return next === undefined ? { items: listed } : { items: listed, next }
    }),
    hotList: withFault((after) => queries.hotList(after)),
  }
}
