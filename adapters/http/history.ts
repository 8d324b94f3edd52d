import { Type } from 'typebox'
import { toYuan } from '../../engine/money.ts'
import { refuse } from '../../engine/refusal.ts'
import { type App, sendProblem } from './app.ts'
import type { FindDesk, Happened } from './findNeeds.ts'
import {
  clearedSaid,
  collectionSaid,
  crossingSaid,
  movedSaid,
  recoverySaid,
  visitSaid,
  type Words,
} from './findWords.ts'
import { writeInstant } from './instant.ts'
import { explain } from './problem.ts'
import { Closed, Instant, problems, SettlementId } from './words.ts'

const eventNames = [
  'settled',
  'cancelled',
  'reversed',
  'restored',
  'asked',
  'reversal-repeated',
  'refused',
  'cross-region',
  'visit',
  'collection',
  'recovery',
  'moved',
  'journaled',
  'cleared',
  'replaced',
] as const satisfies readonly Happened['event'][]

const Event = Closed({
  at: Instant('When it happened'),
  event: Type.Enum([...eventNames], {
    description:
      'settled 结算, cancelled 撤销, reversed 冲正, restored 恢复, asked 已受理待异地, reversal-repeated 重复冲正, refused 被拒, cross-region 异地交易, visit 就诊登记, ' +
      'collection 代扣, recovery 追回, moved 资金变动, journaled 入账序号, cleared 清算, replaced 被补充结算取代',
  }),
  row: Type.Optional(Type.String({ description: 'The row it wrote, or is about' })),
  institution: Type.Optional(Type.String({ description: 'Who asked for it' })),
  detail: Closed({ en: Type.String(), zh: Type.String() }),
})

/** Without a period or facts of its own. */
const plain = {
  settled: { en: 'Settled', zh: '已结算' },
  cancelled: { en: 'Cancelled', zh: '已撤销' },
  reversed: { en: 'Reversed', zh: '已冲正' },
  restored: { en: 'Stands again', zh: '已恢复' },
} as const

function detailOf(one: Happened): Words {
  switch (one.event) {
    case 'settled':
    case 'cancelled':
    case 'reversed':
    case 'restored': {
      const { en, zh } = plain[one.event]
      return { en: `${en}: ${toYuan(one.total)} yuan.`, zh: `${zh}：${toYuan(one.total)} 元。` }
    }
    case 'asked':
      return {
        en: 'The request came, and another region was asked first.',
        zh: '请求已受理，先向异地发起。',
      }
    case 'reversal-repeated':
      return {
        en: 'A further reversal found it undone already.',
        zh: '再次冲正，此前已撤销或冲正。',
      }
    case 'refused': {
      const { code, message } = explain(one.refusal)
      return { en: `Refused (${code}): ${message.en}`, zh: `被拒（${code}）：${message.zh}` }
    }
    case 'cross-region':
      return crossingSaid(one.state, one.purpose, one.region)
    case 'visit':
      return visitSaid(one.entry)
    case 'collection':
      return collectionSaid(one.state)
    case 'recovery':
      return recoverySaid(one.entry)
    case 'moved':
      return movedSaid(one.moves, one.takenBack, toYuan(one.amount))
    case 'journaled':
      return { en: `Position ${one.position} of the journal.`, zh: `入账序号 ${one.position}。` }
    case 'cleared':
      return clearedSaid(one.kind, one.period)
    case 'replaced':
      return {
        en: `The settlement ${one.by} took its place.`,
        zh: `已由结算 ${one.by} 取代。`,
      }
  }
}

export function serveHistory(app: App, find: FindDesk): void {
  app.get(
    '/v1/settlements/:id/history',
    {
      schema: {
        tags: ['settlements'],
        summary: 'What happened to a settlement, in the order of time (结算历程)',
        description:
          'All that is kept: its rows and their places in the journal, what was entered of its visit, what another region was asked, what was refused of it, ' +
          'collections, recoveries, windows of clearing. A preview binds no key and leaves nothing, and a repeat is answered from what is kept and adds nothing: ' +
          'neither is here. In a care region the steps of its own requests are told; what the home region did is kept there.',
        params: Closed({ id: SettlementId }),
        response: { 200: Closed({ items: Type.Array(Event) }), ...problems([400, 404, 500, 503]) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const found = await find.history(id)
      if (!found)
        return sendProblem(reply, explain(refuse('settlement-unknown', { settlement: id })))
      request.tellsOf = [found.person]
      const items = found.items.map((one) => ({
        at: writeInstant(one.at),
        event: one.event,
        ...(one.row !== undefined && { row: one.row }),
        ...(one.institution !== undefined && { institution: one.institution }),
        detail: detailOf(one),
      }))
      return reply.send({ items })
    },
  )
}
