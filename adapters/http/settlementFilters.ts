import { type Static, Type } from 'typebox'
import type { Day } from '../../engine/day.ts'
import type { PageAsked, SettlementFilter } from './needs.ts'
import { States } from './settlementSchema.ts'
import { Care, Closed, Day as DayWord, Institution, PersonId, Scheme } from './words.ts'

/** What settlements are asked by, wherever they are. */
export const settlementFilters = {
  person: Type.Optional(PersonId),
  institution: Type.Optional(Institution),
  from: Type.Optional(DayWord('First day of settlement')),
  until: Type.Optional(DayWord('Last day of settlement')),
  scheme: Type.Optional(Scheme('险种')),
  care: Type.Optional(Care('医疗类别')),
  state: Type.Optional(States),
} as const

const Filters = Closed(settlementFilters)

/** The schema has seen to it that these texts are what they look like. */
export const readFilter = ({
  from,
  until,
  ...words
}: Static<typeof Filters>): Omit<SettlementFilter, keyof PageAsked> => ({
  ...words,
  from: from as Day | undefined,
  until: until as Day | undefined,
})
