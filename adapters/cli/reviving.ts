import type { Ask, Key } from '../../engine/ports.ts'
import type { Desk } from '../http/needs.ts'
import { reviveAsk as reviveOverRest } from '../http/revival.ts'
import type { World as NationalWorld } from '../nhsa/needs.ts'
import { reviveAsk as reviveNational } from '../nhsa/revival.ts'
import { transactions } from '../nhsa/transactions.ts'
import type { World } from './serve.ts'

/** The ask that an institution's request was, by the interface over which it came. */
export type Reviving = (key: Key) => Promise<Ask | undefined>

export const createReviving =
  ({ settings }: Pick<World, 'settings'>, desk: Desk, national: NationalWorld): Reviving =>
  async (key) =>
    'infno' in (JSON.parse(key.input) as object)
      ? reviveNational(key, { world: national, settings, transactions })
      : reviveOverRest(desk, key)
