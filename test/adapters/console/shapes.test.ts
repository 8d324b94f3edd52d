import type { Static } from 'typebox'
import { expect, test } from 'vitest'
import type * as Books from '../../../adapters/console/web/api/bookTypes.ts'
import type * as Shown from '../../../adapters/console/web/api/types.ts'
import type { Accumulator } from '../../../adapters/http/accumulators.ts'
import type { CardDetail } from '../../../adapters/http/cardSchema.ts'
import type {
  DisputeAnswer,
  RunDetail,
  RunSummary,
  StatementAnswer,
} from '../../../adapters/http/clearingSchema.ts'
import type { PersonAnswer } from '../../../adapters/http/personSchema.ts'
import type { SettlementDetail, SummaryAnswer } from '../../../adapters/http/settlementSchema.ts'

/** What the server answers is what the console shows of it: where it is not, the compiler refuses this file. */
const shown = {
  settlement: (told: SettlementDetail): Shown.SettlementDetail => told,
  summary: (told: Static<typeof SummaryAnswer>): Shown.Summary => told,
  person: (told: PersonAnswer): Shown.Person => told,
  accumulator: (told: Accumulator): Shown.Accumulator => told,
  card: (told: CardDetail): Shown.CardDetail => told,
  run: (told: Static<typeof RunSummary>): Books.ClearingRun => told,
  runDetail: (told: RunDetail): Books.ClearingRunDetail => told,
  statement: (told: Static<typeof StatementAnswer>): Books.Statement => told,
  dispute: (told: Static<typeof DisputeAnswer>): Books.Dispute => told,
}

test('the console shows of every answer what the server’s schema says of it', () => {
  const accumulator = {
    region: '510100',
    scheme: 'employee',
    name: 'pool',
    period: 'year',
    value: '1.00',
  }
  expect(shown.accumulator(accumulator)).toBe(accumulator)
})
