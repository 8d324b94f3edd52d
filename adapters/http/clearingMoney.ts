import { Type } from 'typebox'
import type { Day } from '../../engine/day.ts'
import { parseYuan, toYuan, zero } from '../../engine/money.ts'
import type { App } from './app.ts'
import { writeOrder, writePrepaid } from './clearingAnswer.ts'
import type { ClearingDesk } from './clearingNeeds.ts'
import {
  by,
  OrderAnswer,
  OrderId,
  pageOf,
  Partner,
  PrepaidAnswer,
  ReportsAnswer,
  RunId,
  tags,
} from './clearingSchema.ts'
import { agencyKey, doneSchema, tellDone } from './clearingWindows.ts'
import { Complaint } from './complaint.ts'
import type { Desk } from './needs.ts'
import { askPage, listOf, listQuery, pageOfAll, writePage } from './page.ts'
import { keyHeader, requireKey, send } from './settlements.ts'
import { Closed, Day as DayWord, Division, Institution, problems, Yuan } from './words.ts'

const optional = Type.Optional

export function serveClearingMoney(app: App, desk: Desk, clearing: ClearingDesk): void {
  app.post(
    '/v1/clearing/nettings',
    {
      onRequest: requireKey,
      schema: {
        tags,
        summary: 'Net all windows that are closed (轧差清算)',
        description:
          'Of each window the prepaid fund pays first. What is left is netted: all regions whose books are kept here at once, any other with each of ' +
          'ours by itself. No region’s total changes; what each has to pay is ordered.',
        headers: keyHeader,
        body: Closed({ ...by, until: DayWord('The last day of the windows') }),
        response: doneSchema,
      },
    },
    async ({ headers, body }, reply) => {
      const key = agencyKey(desk, headers['idempotency-key'], body.region, { does: 'net', ...body })
      return send(reply, tellDone(await clearing.net(key, body.until as Day)))
    },
  )
  serveOrders(app, desk, clearing)
  servePrepaid(app, desk, clearing)
  serveAdvances(app, desk, clearing)
  app.get(
    '/v1/clearing/reports',
    {
      schema: {
        tags,
        summary: 'The two books of a region over some days: benefits and cash (待遇账、现金日记账)',
        querystring: Closed({
          region: by.region,
          from: DayWord('First day'),
          until: DayWord('Last day'),
        }),
        response: { 200: ReportsAnswer, ...problems([400, 500, 503]) },
      },
    },
    async ({ query: { region, from, until } }, reply) => {
      const days = { from: from as Day, until: until as Day }
      const { benefits, cash } = await clearing.reports(region, days)
      return reply.send({
        benefits: benefits.map((one) => ({ ...one, amount: toYuan(one.amount) })),
        cash: cash.map((one) => ({
          ...one,
          received: toYuan(one.received),
          paid: toYuan(one.paid),
        })),
      } as never)
    },
  )
}

const orderSteps = {
  'payment-request': 'Ask that a payment order be paid (付款申请)',
  payment: 'Pay it (付款): somebody else than who asked',
  receipt: 'Note that its money has come (收款)',
} as const

function serveOrders(app: App, desk: Desk, clearing: ClearingDesk): void {
  app.get(
    '/v1/clearing/orders',
    {
      schema: {
        tags,
        summary: 'Payment orders (付款通知书) that a region pays or gets, or that a netting made',
        querystring: Closed({
          region: optional(Division('Who pays or gets it')),
          netting: optional(RunId),
          ...listQuery,
        }),
        response: { 200: pageOf(OrderAnswer), ...problems([400, 500, 503]) },
      },
    },
    async ({ query: { region, netting, ...page } }) => {
      const list = listOf('clearing orders', { region, netting })
      const { items, next } = await askPage(list, page, (asked) =>
        clearing.orders({ region, netting, ...asked }),
      )
      return writePage(list, items.map(writeOrder), next)
    },
  )
  for (const step of Object.keys(orderSteps) as (keyof typeof orderSteps)[])
    app.post(
      `/v1/clearing/orders/:id/${step}`,
      {
        onRequest: requireKey,
        schema: {
          tags,
          summary: orderSteps[step],
          headers: keyHeader,
          params: Closed({ id: OrderId }),
          body: Closed(by),
          response: doneSchema,
        },
      },
      async ({ headers, params: { id: order }, body }, reply) => {
        const { region, operator } = body
        const input = { does: step, order, ...body }
        const key = agencyKey(desk, headers['idempotency-key'], region, input)
        return send(reply, tellDone(await clearing.stepOrder(key, { order, step, operator })))
      },
    )
}

const amountAbove = (text: string): bigint => {
  const amount = parseYuan(text)
  if (amount > zero) return amount
  const expected = 'an amount above nothing'
  throw new Complaint('field-invalid', { field: '/amount', in: 'body', expected })
}

const prepaidSteps = {
  request: { path: '', summary: 'Ask that money be laid with a care region (预付金拨付申请)' },
  approval: { path: '/approval', summary: 'Lay it: somebody else than who asked (复核拨付)' },
  receipt: { path: '/receipt', summary: 'Note that a home region’s money has come (预付金到账)' },
} as const

function servePrepaid(app: App, desk: Desk, clearing: ClearingDesk): void {
  app.get(
    '/v1/clearing/prepaid',
    {
      schema: {
        tags,
        summary:
          'Prepaid funds of a region (预付金), how much of each is used and whether that is too much',
        querystring: Closed({ region: by.region, ...listQuery }),
        response: { 200: pageOf(PrepaidAnswer), ...problems([400, 500, 503]) },
      },
    },
    async ({ query: { region, ...page } }) => {
      const list = listOf('clearing prepaid', { region })
      const funds = await clearing.prepaid(region)
      const { items, next } = await askPage(list, page, async (asked) => pageOfAll(funds, asked))
      return writePage(list, items.map(writePrepaid), next)
    },
  )
  const amounts = {
    amount: Yuan('How much'),
    size: optional(Yuan('What the fund is to hold from now on (额度)')),
  }
  for (const step of Object.keys(prepaidSteps) as (keyof typeof prepaidSteps)[])
    app.post(
      `/v1/clearing/prepaid${prepaidSteps[step].path}`,
      {
        onRequest: requireKey,
        schema: {
          tags,
          summary: prepaidSteps[step].summary,
          headers: keyHeader,
          body: Closed({
            ...by,
            partner: Partner,
            ...((step === 'approval' ? {} : amounts) as typeof amounts),
          }),
          response: doneSchema,
        },
      },
      async ({ headers, body }, reply) => {
        const { region, operator, partner, amount, size } = body
        const key = agencyKey(desk, headers['idempotency-key'], region, { does: step, ...body })
        const asked = {
          of: { region, side: step === 'receipt' ? 'held' : 'laid', partner } as const,
          operator,
          amount: step === 'approval' ? 0n : amountAbove(amount),
          size: size === undefined ? undefined : parseYuan(size),
        }
        return send(reply, tellDone(await clearing.stepPrepaid(key, step, asked)))
      },
    )
}

const advanceSteps = {
  request: { path: '', summary: 'Ask for an advance to an institution (周转金申请)' },
  approval: { path: '/approval', summary: 'Pay it: somebody else than who asked (复核拨付)' },
} as const

function serveAdvances(app: App, desk: Desk, clearing: ClearingDesk): void {
  app.get(
    '/v1/clearing/advances/:institution',
    {
      schema: {
        tags,
        summary: 'What an institution was advanced and has not paid back (周转金)',
        params: Closed({ institution: Institution }),
        response: {
          200: Closed({
            institution: Institution,
            balance: Yuan('What is left to be paid back (余额)'),
            waiting: optional(Yuan('What waits to be approved')),
          }),
          ...problems([400, 500, 503]),
        },
      },
    },
    async ({ params: { institution } }, reply) => {
      const { balance, waiting } = await clearing.advance(institution)
      return reply.send({
        institution,
        balance: toYuan(balance),
        ...(waiting !== undefined && { waiting: toYuan(BigInt(waiting)) }),
      })
    },
  )
  const amounts = { amount: Yuan('How much') }
  for (const step of Object.keys(advanceSteps) as (keyof typeof advanceSteps)[])
    app.post(
      `/v1/clearing/advances${advanceSteps[step].path}`,
      {
        onRequest: requireKey,
        schema: {
          tags,
          summary: advanceSteps[step].summary,
          headers: keyHeader,
          body: Closed({
            ...by,
            institution: Institution,
            ...((step === 'approval' ? {} : amounts) as typeof amounts),
          }),
          response: doneSchema,
        },
      },
      async ({ headers, body }, reply) => {
        const { region, operator, institution } = body
        const input = { does: `advance ${step}`, ...body }
        const key = agencyKey(desk, headers['idempotency-key'], region, input)
        const amount = step === 'approval' ? 0n : amountAbove(body.amount)
        const asked = { institution, operator, amount }
        return send(reply, tellDone(await clearing.stepAdvance(key, step, asked)))
      },
    )
}
