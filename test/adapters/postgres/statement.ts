import type { Statement } from '../../../adapters/postgres/roundTrip.ts'

export const statement = (name: string, text: string, ...values: unknown[]): Statement => ({
  name,
  text,
  values,
})
