import { Type } from 'typebox'
import { hospitalLevels } from '../../engine/institution.ts'
import type { App } from './app.ts'
import type { FindDesk } from './findNeeds.ts'
import { askPage, listOf, listQuery, writePage } from './page.ts'
import { Closed, Division, Institution, Next, problems, text } from './words.ts'

const ListedAnswer = Closed({
  code: Institution,
  name: Type.String({ description: 'What it is called (定点医药机构名称)' }),
  type: Type.String({ description: 'What it is (定点医疗服务机构类型)' }),
  level: Type.Enum([...hospitalLevels], { description: '医院等级' }),
  division: Division('Where it is (医保区划)'),
})

/** As many codes as stand on one page of a list, in an address that every proxy lets through. */
const Codes = text(
  '^[0-9A-Za-z._:/+-]{1,30}(,[0-9A-Za-z._:/+-]{1,30}){0,99}$',
  'These alone: codes with commas between; what is no institution is left out',
  'H51010000001,P51010000001',
  '1 to 100 codes with commas between',
)

export function serveInstitutions(app: App, find: FindDesk): void {
  app.get(
    '/v1/institutions',
    {
      schema: {
        tags: ['audit'],
        summary: 'Designated institutions and what they are called (定点医药机构名录)',
        querystring: Closed({ codes: Type.Optional(Codes), ...listQuery }),
        response: {
          200: Closed({ items: Type.Array(ListedAnswer), next: Next }),
          ...problems([400, 500, 503]),
        },
      },
    },
    async ({ query: { codes, ...page } }) => {
      const list = listOf('institutions', { codes })
      const { items, next } = await askPage(list, page, (asked) =>
        find.institutions({ codes: codes?.split(','), ...asked }),
      )
      return writePage(list, [...items], next)
    },
  )
}
