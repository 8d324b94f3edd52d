import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { KeyStore, PinEntry, Tap } from '../../../adapters/crypto/keyStore.ts'
import { openKeyStore } from '../../../adapters/crypto/openKeyStore.ts'
import { type SimulatedCard, simulateCard } from '../../../adapters/simulator/card.ts'
import type { Masters } from '../../../adapters/simulator/masters.ts'
import { simulateTerminal } from '../../../adapters/simulator/terminal.ts'
import type { Fen } from '../../../engine/money.ts'

export const serialOf = (number: number, division = '510100'): string =>
  `${division}D15600000501${number.toString(16).toUpperCase().padStart(14, '0')}`

export const serial = serialOf(1)

export const sandboxStore = (): KeyStore =>
  openKeyStore({
    file: undefined,
    secretFile: undefined,
    mode: 'sandbox',
    regions: ['510100'],
  }) as KeyStore

export interface CardWish {
  readonly serial?: string
  readonly algorithm?: 'sm4' | '3des'
  readonly masters?: Masters
  readonly certified?: { readonly from: string; readonly until: string }
}

export const cardOf = (wish: CardWish = {}): SimulatedCard =>
  simulateCard({ serial, number: 'D80000001', algorithm: 'sm4', pin: '135790', ...wish })

export const terminal = simulateTerminal({ division: '510100', id: 'POS-0001' })

export const tapOf = (card: SimulatedCard, amount = 1260n): { tap: Tap; mac: Buffer } => {
  const asked = {
    terminal: { division: terminal.division, id: terminal.id },
    amount: amount as Fen,
    moment: 1_772_413_200_000,
    unpredictable: terminal.unpredictable(),
  }
  const { counter, mac } = card.tap(asked)
  return { tap: { ...asked, counter }, mac }
}

export const entered = (pin: string, { at = terminal, number = 'D80000001' } = {}): PinEntry => ({
  block: at.pinBlock(pin, number),
  terminal: at,
  card: { division: '510100', number: 'D80000001' },
})

/** A good value with one byte changed, the places and changes drawn from a seed so that a failure can be repeated. */
export function* mutations(good: Uint8Array, count: number, seed = 1): Generator<Buffer> {
  let state = seed
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >> 8) % below
  }
  for (let i = 0; i < count; i++) {
    const bad = Buffer.from(good)
    const at = draw(bad.length)
    bad[at] = (bad[at] as number) ^ (1 + draw(255))
    yield bad
  }
}

export interface Folder {
  write(text: string, mode?: number): string
  path(name: string): string
  remove(): void
}

export function openFolder(): Folder {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-keys-'))
  let made = 0
  return {
    write(text, mode = 0o600) {
      const file = path.join(folder, `${made++}.key`)
      writeFileSync(file, text)
      chmodSync(file, mode)
      return file
    },
    path: (name) => path.join(folder, name),
    remove: () => rmSync(folder, { recursive: true }),
  }
}
