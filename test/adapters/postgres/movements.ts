import { parseYuan as yuan } from '../../../engine/money.ts'
import type { Movement } from '../../../engine/movement.ts'
import type { Ask } from '../../../engine/ports.ts'
import { day } from './support.ts'

export const agency = 'agency:510100'

export const contribution = (person: string, more: Partial<Movement> = {}): Movement => ({
  kind: 'contribution',
  person,
  region: '510100',
  scheme: 'employee',
  month: '2026-03',
  day,
  reference: 'TAX-1',
  total: yuan('960.00'),
  paid: [
    { payer: 'employer', amount: yuan('720.00') },
    { payer: 'person', amount: yuan('240.00') },
  ],
  funds: [{ fund: 'pool', amount: yuan('720.00') }],
  account: yuan('240.00'),
  ...more,
})

export const keyed = (key: string, content: unknown) => {
  const input = JSON.stringify(content, (_, v) => (typeof v === 'bigint' ? String(v) : v))
  return { institution: agency, key, fingerprint: input, input }
}
export const moveAsk = (key: string, movement: Movement): Ask => ({
  kind: 'move',
  key: keyed(key, movement),
  institution: agency,
  movement,
})
export const backAsk = (key: string, movement: string): Ask => ({
  kind: 'moveBack',
  key: keyed(key, { movement }),
  institution: agency,
  movement,
})
