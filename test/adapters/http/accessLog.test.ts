import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eCardsAt } from '../../support/eCards.ts'
import { type Entry, first, openAccesses, second } from './accesses.ts'
import { claim, person } from './served.ts'

let served: Awaited<ReturnType<typeof openAccesses>>
beforeAll(async () => {
  served = await openAccesses()
})
afterAll(() => served.close())

const { id } = first.person

describe('what is told of a person', () => {
  test('is in the access log, whichever way somebody looks, once for each time', async () => {
    const { as, leaves, looks } = served
    for (const { path, action, subject } of looks)
      for (const who of ['auditor', 'desk', undefined] as const) {
        const left = await leaves(async () =>
          expect([path, (await as(who, path)).status]).toEqual([path, 200]),
        )
        const name = who ?? 'anonymous'
        expect([path, left]).toEqual([
          path,
          [
            {
              position: expect.any(Number),
              at: expect.any(Number),
              caller: name,
              role: name,
              action,
              person: id,
              ...(subject !== undefined && { subject }),
            },
          ],
        ])
      }
  })

  test('is recorded of each person of a list', async () => {
    for (const path of [
      '/v1/settlements',
      '/v1/ledger/accounts?prefix=personal:5101000000000000000010',
    ]) {
      const left = await served.leaves(() => served.as('auditor', path))
      const people = left.map((one) => one.person)
      expect(people).toEqual(expect.arrayContaining([first.person.id, second.person.id]))
      expect(new Set(people).size).toBe(people.length)
    }
  })

  test('is recorded of an institution that looks at its own', async () => {
    const { as, leaves, settlement } = served
    const [one] = await leaves(() => as('hospital', `/v1/settlements/${settlement}`))
    expect(one).toMatchObject({
      caller: 'hospital',
      role: 'institution',
      person: id,
      subject: settlement,
    })
  })

  test('is recorded of what was answered under a key', async () => {
    const { as, leaves } = served
    const credential = { type: 'citizen-number', number: first.citizenNumber }
    await as('hospital', '/v1/settlements', { ...claim, credential }, 'asked')
    const [one] = await leaves(() => as('hospital', '/v1/settlements?key=asked'))
    expect(one).toMatchObject({ caller: 'hospital', action: 'settlements', person: id })
  })

  test('is recorded of the insured themselves', async () => {
    const { ask, post, leaves } = served
    const token = await eCardsAt(post).token('E1', { purpose: 'self-service' })
    const headers = { authorization: `Bearer ${token}` }
    const [own] = await leaves(() => ask('/v1/people/me', { headers }))
    expect(own).toMatchObject({ caller: id, role: 'person', action: 'person', person: id })
    const others = second.person.id
    const [no] = await leaves(() => ask(`/v1/people/${others}`, { headers }))
    expect(no).toMatchObject({ caller: id, role: 'person', action: 'denied', person: others })
  })

  test('a claim, a preview and what is not there are no reads', async () => {
    const { as, leaves } = served
    const asked = async () => {
      await as('hospital', '/v1/settlements', claim)
      await as('hospital', '/v1/settlements/preview', claim)
      await as(undefined, '/v1/settlements', claim)
      await as('auditor', '/v1/people/510100000000000000009999')
      await as('auditor', '/v1/ledger/trial-balance')
      await as('auditor', '/v1/rules')
      await as('auditor', '/v1/me')
    }
    expect(await leaves(asked)).toEqual([])
  })

  test('what was refused is recorded with its code', async () => {
    const { as, leaves } = served
    const [refused] = await leaves(() => as('policy-author', `/v1/people/${id}`))
    expect(refused).toMatchObject({
      caller: 'policy-author',
      action: 'denied',
      person: id,
      subject: 'GET /v1/people/:id',
      reason: 'role-not-allowed',
    })
  })
})

describe('the access log', () => {
  test('is for auditors and operators, and says who looked at it', async () => {
    const { as, leaves } = served
    for (const who of ['auditor', 'operator'] as const) {
      const left = await leaves(async () =>
        expect((await as(who, '/v1/access-log')).status).toBe(200),
      )
      expect(left.map(({ caller, action }) => `${caller} ${action}`)).toContain(`${who} access-log`)
    }
    for (const who of ['desk', 'policy-author', 'hospital'] as const)
      expect((await as(who, '/v1/access-log')).status).toBe(403)
  })

  interface Told {
    readonly at: string
    readonly position: string
  }

  const list = async (query: string) => {
    const { json } = await served.as('auditor', `/v1/access-log?${query}`)
    return json as { items: (Omit<Entry, 'at' | 'position'> & Told)[]; next?: string }
  }

  test('is told newest first, by person, caller, action and moment', async () => {
    const { card } = served
    const { items } = await list(`person=${id}&caller=desk&action=card`)
    expect(items).toHaveLength(2)
    for (const one of items)
      expect(one).toMatchObject({ caller: 'desk', action: 'card', person: id, subject: card })
    const { at } = items[0] as Told
    expect((await list(`from=${at}&until=${at}&caller=desk`)).items).toContainEqual(items[0])
    for (const wrong of ['from=2026-03-02', 'action=nothing', 'cursor=abc', 'limit=0'])
      expect((await served.as('auditor', `/v1/access-log?${wrong}`)).status).toBe(400)
  })

  test('has pages that stay where they are while entries arrive', async () => {
    const page = await list(`person=${id}&limit=2`)
    await served.as('desk', `/v1/people/${id}`)
    const then = await list(`person=${id}&limit=2&cursor=${String(page.next)}`)
    const positions = [...page.items, ...then.items].map((one) => Number(one.position))
    expect(positions).toEqual(positions.toSorted((a, b) => b - a))
    expect(new Set(positions).size).toBe(4)
  })

  test('that cannot be written tells nothing of anybody', async () => {
    const { as, owner, looks } = served
    await owner.query('revoke insert on access_log from jiesuan_app')
    try {
      for (const { path } of looks) {
        const told = await as('auditor', path)
        expect(told).toMatchObject({ status: 503, json: { code: 'access-log-away' } })
        expect(told.headers.get('retry-after')).toBe('1')
        expect(told.text).not.toContain(id)
      }
      const shown = await as('auditor', `/v1/people/${id}/identity`, { reason: '核对住院结算' })
      expect(shown).toMatchObject({ status: 503, json: { code: 'access-log-away' } })
      expect(shown.text).not.toContain(first.citizenNumber)
      expect((await as('auditor', '/v1/rules')).status).toBe(200)
      expect((await as('hospital', '/v1/settlements', claim)).status).toBe(201)
    } finally {
      await owner.query('grant insert on access_log to jiesuan_app')
    }
    expect((await as('auditor', `/v1/people/${person}`)).status).toBe(200)
  })

  test('has no hole', async () => {
    const positions = (await served.entriesAfter(0)).map(({ position }) => position)
    expect(positions).toEqual(positions.map((_, i) => i + 1))
  })
})
