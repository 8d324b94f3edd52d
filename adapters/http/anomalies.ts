import { Type } from 'typebox'
import { type Anomaly, type AnomalyDesk, type AnomalyName, anomalyNames } from './anomalyNeeds.ts'
import { anomalyTitles, problemOf } from './anomalyWords.ts'
import type { App } from './app.ts'
import { askPage, listOf, listQuery, writePage } from './page.ts'
import { Closed, Day, Institution, Next, PersonId, problems, SettlementId } from './words.ts'

const tags = ['anomalies']

const Name = Type.Enum(anomalyNames, { description: 'What is looked for (疑点类型)' })
const Said = (description: string) => Closed({ en: Type.String(), zh: Type.String() }, description)

const Threshold = Closed(
  {
    name: Type.String({ description: 'What it limits', examples: ['under-limit.percent'] }),
    region: Type.String({ description: 'A pooling area, or * for those without one of their own' }),
    from: Day('The first day it holds'),
    value: Type.String({ description: 'A decimal number', examples: ['5'] }),
    unit: Type.String({ examples: ['percent'] }),
    source: Type.String({ description: 'Where it comes from; [own] is our own judgement' }),
  },
  'A threshold as it holds on the last day that the books know (阈值)',
)

const Kind = Closed({
  name: Name,
  title: Said('What it is called'),
  thresholds: Type.Array(Threshold),
  count: Type.Optional(
    Type.Integer({
      description:
        'How many are found, 1000 standing for as many and more; absent where counting took too long',
    }),
  ),
})

const Found = Closed({
  subject: Type.String({ description: 'What it is told apart by within its list' }),
  person: Type.Optional(PersonId),
  institution: Type.Optional(Institution),
  settlements: Type.Array(SettlementId, { description: 'Those that it was found in' }),
  day: Type.Optional(Day('The day it is listed under')),
  problem: Said('What is worth a look'),
  facts: Type.Object(
    {},
    { additionalProperties: true, description: 'The same for programs; amounts are yuan as text' },
  ),
})

/** What is worth a look (疑点): nothing here is wrong in the books, and nobody is accused. */
export function serveAnomalies(app: App, desk: AnomalyDesk): void {
  app.get(
    '/v1/anomalies',
    {
      schema: {
        tags,
        summary: 'What is looked for, by which thresholds, and how much of it is found',
        description:
          'Counts may be a minute old. Each stretch ends with the last day of treatment that the books know. Thresholds are rows with a first day and a region, set by `npx jiesuan anomalies set` (docs/anomalies.md).',
        response: {
          200: Closed({ items: Type.Array(Kind) }),
          ...problems([500, 503]),
        },
      },
    },
    async () => {
      const items = await desk.list()
      return {
        items: items.map(({ name, thresholds, count }) => ({
          name: name as AnomalyName,
          title: anomalyTitles[name as AnomalyName],
          thresholds: [...thresholds],
          ...(count !== undefined && { count }),
        })),
      }
    },
  )
  app.get(
    '/v1/anomalies/:name',
    {
      schema: {
        tags,
        summary: 'What one of them finds, the newest day first',
        params: Closed({ name: Name }),
        querystring: Closed({ ...listQuery }),
        response: {
          200: Closed({ items: Type.Array(Found), next: Next }),
          ...problems([400, 500, 503]),
        },
      },
    },
    async ({ params: { name }, query }) => {
      const list = listOf('anomalies', { name })
      const { items, next } = await askPage(list, query, async (asked) => desk.find(name, asked))
      return writePage(
        list,
        items.map((found) => write(name, found)),
        next,
      )
    },
  )
}

const write = (name: AnomalyName, found: Anomaly) => ({
  subject: found.subject,
  ...(found.person !== undefined && { person: found.person }),
  ...(found.institution !== undefined && { institution: found.institution }),
  settlements: [...found.settlements],
  ...(found.day !== undefined && { day: found.day }),
  problem: problemOf(name, found),
  facts: found.facts,
})
