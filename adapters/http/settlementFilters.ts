import { type Static, Type } from 'typebox'
import type { Day } from '../../engine/day.ts'
import { parseYuan } from '../../engine/money.ts'
import { readInstant } from './instant.ts'
import type { SettlementFilter } from './needs.ts'
import { States } from './settlementSchema.ts'
import {
  Care,
  Closed,
  Code,
  Day as DayWord,
  Division,
  Instant,
  Institution,
  PersonId,
  PlaceWord,
  Scheme,
  Yuan,
} from './words.ts'

/** What settlements are asked by, wherever they are. */
export const settlementFilters = {
  person: Type.Optional(PersonId),
  institution: Type.Optional(Institution),
  from: Type.Optional(DayWord('First day of settlement')),
  until: Type.Optional(DayWord('Last day of settlement')),
  scheme: Type.Optional(Scheme('险种')),
  care: Type.Optional(Care('医疗类别')),
  state: Type.Optional(States),
  card: Type.Optional(
    Code(
      'The card that was shown (社会保障卡), by its id or number',
      '0123456789abcdef0123456789abcdef',
    ),
  ),
  fund: Type.Optional(Code('A fund that pays a part of it (基金)', 'pool', 40)),
  rulePack: Type.Optional(Code('The rules it was settled by, their `rulePack`', '9f2c', 64)),
  totalFrom: Type.Optional(Yuan('Least total (医疗费总额)')),
  totalUntil: Type.Optional(Yuan('Greatest total')),
  route: Type.Optional(PlaceWord('The way it took')),
  careRegion: Type.Optional(Division('就医地')),
  homeRegion: Type.Optional(Division('参保地')),
  postedFrom: Type.Optional(Instant('Posted then or later')),
  postedUntil: Type.Optional(Instant('Posted then or earlier')),
} as const

const Filters = Closed(settlementFilters)

/** The schema has seen to it that these texts are what they look like. */
export function readFilter(
  asked: Static<typeof Filters>,
): Omit<SettlementFilter, 'limit' | 'after'> {
  const { from, until, totalFrom, totalUntil, postedFrom, postedUntil, ...words } = asked
  return {
    ...words,
    from: from as Day | undefined,
    until: until as Day | undefined,
    totalFrom: totalFrom === undefined ? undefined : parseYuan(totalFrom),
    totalUntil: totalUntil === undefined ? undefined : parseYuan(totalUntil),
    postedFrom: postedFrom === undefined ? undefined : readInstant(postedFrom, '/postedFrom'),
    postedUntil: postedUntil === undefined ? undefined : readInstant(postedUntil, '/postedUntil'),
  }
}
