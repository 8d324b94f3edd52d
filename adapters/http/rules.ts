import { Type } from 'typebox'
import type { Day } from '../../engine/day.ts'
import { type App, sendProblem } from './app.ts'
import { chinaDay } from './instant.ts'
import type { Desk } from './needs.ts'
import { complain } from './problem.ts'
import { Closed, Day as DayWord, Division, problems } from './words.ts'

const tags = ['rules']

const RegionRules = Closed({
  region: Division('统筹区'),
  name: Type.String(),
  divisions: Type.Array(Type.String(), { description: 'Every division of the pooling area' }),
  hash: Type.String({ description: 'Hash of all packs: `rulePack` of a settlement' }),
  packs: Type.Array(
    Closed({
      file: Type.String(),
      scheme: Type.String(),
      from: DayWord('First day'),
      until: Type.Optional(DayWord('Last day')),
    }),
  ),
})

export function serveRules(app: App, desk: Desk): void {
  const { rules } = desk
  app.get(
    '/v1/rules',
    {
      schema: {
        tags,
        summary: 'Regions and the packs that hold for them',
        response: { 200: Closed({ items: Type.Array(RegionRules) }), ...problems([500]) },
      },
    },
    async () => ({ items: structuredClone(rules.list()) as never }),
  )
  app.get(
    '/v1/rules/:region',
    {
      schema: {
        tags,
        summary: 'The rules of a region on a day, each with its source',
        description:
          'Amounts and rates are decimal text; tables list their rows with what each must match.',
        params: Closed({ region: Division('统筹区') }),
        querystring: Closed({ on: Type.Optional(DayWord('Default today')) }),
        response: {
          200: Type.Object({}, { additionalProperties: true }),
          ...problems([400, 404, 500]),
        },
      },
    },
    async ({ params: { region }, query }, reply) => {
      const found = rules.on(region, (query.on ?? chinaDay(desk.now())) as Day)
      return found === undefined
        ? sendProblem(reply, complain('region-unknown', { region }))
        : reply.send(found as object)
    },
  )
  if (rules.cases) serveCases(app, rules, rules.cases)
}

function serveCases(
  app: App,
  rules: Desk['rules'],
  cases: NonNullable<Desk['rules']['cases']>,
): void {
  app.get(
    '/v1/rules/:region/cases',
    {
      schema: {
        tags,
        summary: 'The cases of a region (案例), run against the rules in use',
        description:
          'They are run once, when somebody first asks; `npx jiesuan cases` runs them without a server.',
        params: Closed({ region: Division('统筹区') }),
        response: {
          200: Closed({
            items: Type.Array(
              Closed({
                name: Type.String(),
                file: Type.String(),
                line: Type.Integer(),
                differences: Type.Array(Type.String(), {
                  description: 'Each field that came out otherwise; none where the case passed',
                }),
              }),
            ),
          }),
          ...problems([400, 404, 500]),
        },
      },
    },
    async ({ params: { region } }, reply) => {
      if (!rules.list().some((one) => one.region === region))
        return sendProblem(reply, complain('region-unknown', { region }))
      return reply.send({ items: structuredClone(await cases(region)) as never })
    },
  )
}
