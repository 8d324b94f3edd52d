import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readWorld } from '../../../adapters/sandbox/world.ts'
import type { CallerId } from '../../support/callers.ts'
import { first, openAccesses } from './accesses.ts'

let served: Awaited<ReturnType<typeof openAccesses>>
beforeAll(async () => {
  served = await openAccesses()
})
afterAll(() => served.close())

const { id } = first.person
const unmask = async (who: CallerId | undefined, reason: string, of = id) =>
  served.as(who, `/v1/people/${of}/identity`, { reason })

describe('name and numbers', () => {
  test('are masked wherever somebody looks', async () => {
    const { name, citizenNumber, card } = first
    for (const { path } of served.looks)
      for (const who of ['auditor', 'desk', undefined] as const) {
        const { text } = await served.as(who, path)
        const told = [name, citizenNumber, card.number, card.serial].filter((each) =>
          text.includes(each),
        )
        expect([path, told]).toEqual([path, []])
      }
  })

  test.each(['auditor', 'desk'] as const)(
    'are shown to %s for a reason, which is kept',
    async (who) => {
      const reason = '核对 2026 年 3 月的住院结算'
      const left = await served.leaves(async () => {
        const { status, json } = await unmask(who, reason)
        expect(status).toBe(200)
        expect(json).toEqual({
          name: first.name,
          citizenNumber: first.citizenNumber,
          cards: expect.arrayContaining([{ id: served.card, number: first.card.number }]),
        })
      })
      expect(left).toEqual([
        expect.objectContaining({ caller: who, role: who, action: 'identity', person: id, reason }),
      ])
    },
  )

  test.each(['policy-author', 'operator', 'hospital'] as const)(
    'are not shown to %s',
    async (who) => {
      const left = await served.leaves(async () => {
        const { status, text } = await unmask(who, '核对住院结算')
        expect(status).toBe(403)
        expect(text).not.toContain(first.citizenNumber)
      })
      expect(left).toEqual([expect.objectContaining({ caller: who, action: 'denied', person: id })])
    },
  )

  test.each([
    ['none', ''],
    ['one of three characters', '核对的'],
    ['one that is too long', '核'.repeat(201)],
    ['one with a line feed', '核对住院\n结算'],
    ['one that names the person', `核对${first.name}的结算`],
    ['one with their citizen number', `核对 ${first.citizenNumber.toLowerCase()} 的结算`],
    ['one with their card', `核对 ${first.card.number} 的结算`],
  ])('are not shown for a reason that is %s', async (_says, reason) => {
    const left = await served.leaves(async () => {
      expect(await unmask('auditor', reason)).toMatchObject({
        status: 400,
        json: { code: 'field-invalid' },
      })
    })
    expect(left).toEqual([])
  })

  test('of nobody are not there', async () => {
    expect((await unmask('auditor', '核对住院结算', '510100000000000000009999')).status).toBe(404)
  })

  test('stand nowhere in the access log, whatever somebody wrote into a path', async () => {
    const { as } = served
    await as('policy-author', `/v1/people/${first.citizenNumber}`)
    await as('policy-author', `/v1/cards/${first.card.number}`)
    await as('auditor', `/v1/settlements?person=${first.citizenNumber}`)
    await as('auditor', `/v1/settlements?person=${first.card.number}`)
    await as('auditor', `/v1/settlements?person=${first.citizenNumber.toLowerCase()}`)
    const all = JSON.stringify(await served.entriesAfter(0))
    const secrets = readWorld('rules').people.flatMap((one) => [
      one.name,
      one.citizenNumber,
      one.card.number,
      one.card.serial,
    ])
    expect(secrets.filter((secret) => all.includes(secret))).toEqual([])
  })
})
