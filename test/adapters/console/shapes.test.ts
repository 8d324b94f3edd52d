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

/** Whether what the server answers is what the console shows of it: the compiler says so, or refuses this file. */
const shows = <Page, Server extends Page>(_page?: Page, _server?: Server): true => true

test('the console shows of every answer what the server’s schema says of it', () => {
  expect([
    shows<Shown.SettlementDetail, SettlementDetail>(),
    shows<Shown.Summary, Static<typeof SummaryAnswer>>(),
    shows<Shown.Person, PersonAnswer>(),
    shows<Shown.Accumulator, Accumulator>(),
    shows<Shown.CardDetail, CardDetail>(),
    shows<Books.ClearingRun, Static<typeof RunSummary>>(),
    shows<Books.ClearingRunDetail, RunDetail>(),
    shows<Books.Statement, Static<typeof StatementAnswer>>(),
    shows<Books.Dispute, Static<typeof DisputeAnswer>>(),
  ]).not.toContain(false)
})
