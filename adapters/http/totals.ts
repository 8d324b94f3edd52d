import { Type, type Static } from 'typebox'
import type { Day as DayText } from '../../engine/day.ts'
import { toYuan } from '../../engine/money.ts'
import { type App, sendProblem } from './app.ts'
import { Complaint } from './complaint.ts'
import type { Desk } from './needs.ts'
import { complain } from './problem.ts'
import { type Dimension, dimensions, type TotalsAsked } from './totalsNeeds.ts'
import {
  Care,
  Closed,
  Day,
  Division,
  Institution,
  problems,
  Scheme,
  SignedYuan,
  text,
} from './words.ts'

const one = `(${dimensions.join('|')})`

/** What totals are narrowed to, and the days. */
const totalsFilter = {
  from: Type.Optional(Day('The first day, by `basis`')),
  until: Type.Optional(Day('The last day, by `basis`')),
  fund: Type.Optional(
    text('^[0-9A-Za-z_-]{1,40}$', 'One fund (基金)', 'pool', '1 to 40 letters, digits or _ -'),
  ),
  region: Type.Optional(Division('The home region (参保地)')),
  careRegion: Type.Optional(Division('The care region (就医地)')),
  institution: Type.Optional(Institution),
  scheme: Type.Optional(Scheme('The scheme (险种)')),
  care: Type.Optional(Care('The kind of care (医疗类别)')),
}

export const totalsQuery = {
  by: text(
    `^${one}(,${one})?$`,
    'What they are told by, one or two: `fund`, `region` (home), `careRegion`, `institution`, `scheme`, `care`, `month`',
    'fund,institution',
    `one or two of ${dimensions.join(', ')}, with a comma between them`,
  ),
  basis: Type.Optional(
    Type.Enum(['treated', 'posted'], {
      description: 'Which day counts: that of treatment (default) or that of posting',
    }),
  ),
  payers: Type.Optional(
    Type.Enum(['funds', 'all'], {
      description:
        'What funds paid (default), or what everybody bore: `fund` is then also `account`, `familyAccount`, `cash`, `employer`, `receivable` or `hospital`',
    }),
  ),
  ...totalsFilter,
}
const Query = Closed(totalsQuery)

const value = Type.Optional(Type.String())
const Item = Closed({
  ...Object.fromEntries(dimensions.map((name) => [name, value])),
  amount: SignedYuan('What was paid, less what was undone'),
  settlements: Type.Integer({
    description: 'Settlements of which this is a part, less those that were undone',
  }),
})

export function readTotals({
  by: words,
  basis = 'treated',
  payers = 'funds',
  from,
  until,
  ...filter
}: Static<typeof Query>): TotalsAsked {
  const by = words.split(',') as Dimension[]
  if (by[0] === by[1])
    throw new Complaint('field-invalid', {
      field: '/by',
      in: 'query',
      expected: 'two that differ',
    })
  return {
    by,
    basis,
    payers,
    from: from as DayText | undefined,
    until: until as DayText | undefined,
    filter,
  }
}

/** More than that nobody looks through; an export has them all. */
const mostItems = 20_000

export function serveTotals(app: App, desk: Desk): void {
  app.get(
    '/v1/totals',
    {
      schema: {
        tags: ['ledger'],
        summary: 'What bills cost whom (费用汇总), by any one or two of what they are told by',
        description:
          'Every settlement counts with its whole bill, also where another region keeps the other half of its books; one that was undone counts against it, on the day of treatment or on the day on which it was undone. ' +
          'Money that moves without a bill and clearing are not in it: accounts tell of those. Exact at every moment: `asOf` is the last place of the journal that is in it, and what waits for a place is in it as well.',
        querystring: Query,
        response: {
          200: Closed({
            by: Type.Array(Type.Enum([...dimensions])),
            basis: Type.Enum(['treated', 'posted']),
            payers: Type.Enum(['funds', 'all']),
            from: Type.Optional(Day('The first day')),
            until: Type.Optional(Day('The last day')),
            items: Type.Array(Item),
            amount: SignedYuan('All of them'),
            settlements: Type.Integer({
              description: 'Settlements, each once whoever paid a part of it',
            }),
            asOf: Type.String({ description: 'A place in the journal' }),
          }),
          ...problems([400, 422, 500, 503]),
        },
      },
    },
    async ({ query }, reply) => {
      const asked = readTotals(query)
      const { items, amount, settlements, position } = await desk.totals(asked)
      if (items.length > mostItems)
        return sendProblem(reply, complain('totals-too-many', { most: mostItems }))
      const { by, basis, payers, from, until } = asked
      return reply.send({
        by: [...by],
        basis,
        payers,
        ...(from && { from }),
        ...(until && { until }),
        items: items.map((item) => ({
          ...Object.fromEntries(by.map((name, i) => [name, item.values[i]])),
          amount: toYuan(item.amount),
          settlements: Number(item.settlements),
        })),
        amount: toYuan(amount),
        settlements: Number(settlements),
        asOf: String(position),
      })
    },
  )
}
