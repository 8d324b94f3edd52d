import { Type } from 'typebox'
import type { Day as DayOf } from '../../engine/day.ts'
import { toYuan } from '../../engine/money.ts'
import type { App } from './app.ts'
import type { FindDesk, Hit } from './findNeeds.ts'
import { lifeWords, outcomeWords, settlementStateWords, type Words } from './findWords.ts'
import { askPage, listOf, listQuery, writePage } from './page.ts'
import { Closed, Day, Next, PersonId, problems, Text } from './words.ts'

const Title = Closed(
  { en: Type.String(), zh: Type.String() },
  'In a line, with names and numbers masked',
)

const HitAnswer = Closed({
  kind: Type.Enum(['settlement', 'person', 'card', 'institution', 'message'], {
    description: '结算单、参保人、社会保障卡、定点医药机构、报文',
  }),
  id: Type.String({
    description: 'What it is found by again; of a message the institution and its key',
  }),
  title: Title,
  day: Type.Optional(Day('Day of treatment')),
  person: Type.Optional(PersonId),
  settlement: Type.Optional(Type.String({ description: 'The settlement (结算ID)' })),
  institution: Type.Optional(Type.String({ description: 'Whose message it is, or where it was' })),
})

interface HitWritten {
  readonly kind: Hit['kind']
  readonly id: string
  readonly title: Words
  readonly day?: string
  readonly person?: string
  readonly settlement?: string
  readonly institution?: string
}

function writeHit(hit: Hit): HitWritten {
  switch (hit.kind) {
    case 'settlement':
      return writeSettlement(hit)
    case 'person': {
      const said = `${hit.maskedName} ${hit.maskedCitizenNumber}`
      return { kind: hit.kind, id: hit.id, person: hit.id, title: { en: said, zh: said } }
    }
    case 'card': {
      const life = lifeWords[hit.life]
      return {
        kind: hit.kind,
        id: hit.id,
        person: hit.owner,
        title: {
          en: `Card ${hit.maskedNumber}, ${life.en}`,
          zh: `社会保障卡 ${hit.maskedNumber}，${life.zh}`,
        },
      }
    }
    case 'institution': {
      const said = `${hit.name} ${hit.code}`
      return { kind: hit.kind, id: hit.code, institution: hit.code, title: { en: said, zh: said } }
    }
    case 'message':
      return writeMessage(hit)
  }
}

function writeSettlement({
  summary,
  maskedName,
}: Extract<Hit, { kind: 'settlement' }>): HitWritten {
  const { id, day, person, institution, total, state } = summary
  const name = maskedName ?? person
  const is = settlementStateWords[state]
  return {
    kind: 'settlement',
    id,
    settlement: id,
    day,
    person,
    institution,
    title: {
      en: `${name}, ${day}, ${toYuan(total)} yuan at ${institution}, ${is.en}`,
      zh: `${name} ${day} ${institution} ${toYuan(total)} 元，${is.zh}`,
    },
  }
}

function writeMessage(hit: Extract<Hit, { kind: 'message' }>): HitWritten {
  const { institution, key, outcome = 'open', code, person, settlement, day } = hit
  const is = outcomeWords(outcome, code)
  return {
    kind: 'message',
    id: `${institution} ${key}`,
    title: {
      en: `Message ${key} of ${institution}, ${is.en}`,
      zh: `${institution} 的报文 ${key}，${is.zh}`,
    },
    ...(day !== undefined && { day }),
    ...(person !== undefined && { person }),
    ...(settlement !== undefined && { settlement }),
    institution,
  }
}

export function serveSearch(app: App, find: FindDesk): void {
  app.get(
    '/v1/search',
    {
      schema: {
        tags: ['audit'],
        summary: 'One box for everything that has a name (综合检索)',
        description:
          'Finds a settlement by its id or by that of one of its rows, a person by number or citizen number, a card by id or number, an institution by code or by a ' +
          'part of its name, a message by its msgid or Idempotency-Key, alone or with its institution and a space before it, and people by a masked name such as ' +
          '张* or 张*明. Nothing that is typed is a pattern. With `on`, the settlements of people found who were treated on that day are told as well; for a masked ' +
          'name they are told alone. A page may be short, or empty, and still have a `next`.',
        querystring: Closed({
          q: Text('What is looked for', 300, '张*明'),
          on: Type.Optional(Day('A day of treatment')),
          ...listQuery,
        }),
        response: {
          200: Closed({ items: Type.Array(HitAnswer), next: Next }),
          ...problems([400, 500, 503]),
        },
      },
    },
    async ({ query: { q, on, ...page } }) => {
      const asked = { text: q.trim(), on: on as DayOf | undefined }
      const list = listOf('search', asked)
      const { items, next } = await askPage(list, page, (one) => find.search({ ...asked, ...one }))
      return writePage(list, items.map(writeHit), next)
    },
  )
}
