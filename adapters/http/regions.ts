import { Type } from 'typebox'
import { type App, sendProblem } from './app.ts'
import type { Desk } from './needs.ts'
import { complain } from './problem.ts'
import { Closed, Division, Flag, problems } from './words.ts'

const RegionAnswer = Closed({
  division: Division('What was asked for (医保区划)'),
  region: Division('The pooling area that it belongs to (统筹区)'),
  name: Type.String({ description: 'Its name' }),
  province: Division('Its province (省级区划)'),
  served: Flag('Are its own people’s claims computed here?'),
  hasRules: Flag('Are its rules here?'),
  divisions: Type.Array(Division('医保区划'), { description: 'All that belong to it' }),
})

/** The map of pooling areas (统筹区目录): where a division belongs, and who computes there. */
export function serveRegions(app: App, { filings: { places } }: Desk): void {
  app.get(
    '/v1/regions/:division',
    {
      schema: {
        tags: ['rules'],
        summary: 'The pooling area of a division, and whether it is served here (统筹区查询)',
        params: Closed({ division: Division('医保区划') }),
        response: { 200: RegionAnswer, ...problems([400, 404, 500]) },
      },
    },
    async ({ params: { division } }, reply) => {
      const found = places.regions.regionOf(division)
      if (!found) return sendProblem(reply, complain('region-unknown', { region: division }))
      const { division: region, name, province, divisions } = found
      return reply.send({
        division,
        region,
        name,
        province,
        served: places.regions.serves(region),
        hasRules: places.books.of(region) !== undefined,
        divisions: [...divisions],
      })
    },
  )
}
