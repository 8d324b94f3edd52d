import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readWorld } from '../../../adapters/sandbox/world.ts'
import { askerAt, type CallerId } from '../../support/callers.ts'
import { eCardsAt } from '../../support/eCards.ts'
import { personOf } from '../../support/reader.ts'
import { claim, openServed, person, type Told } from './served.ts'

interface Item {
  readonly position: string
  readonly at: string
  readonly caller: string
  readonly role: string
  readonly action: string
  readonly person?: string
  readonly subject?: string
  readonly reason?: string
}

let served: Awaited<ReturnType<typeof openServed>>
let as: ReturnType<typeof askerAt<Told>>
let settlement: string
let card: string
/** Two people with a settlement each. */
const [first, second] = [personOf('E1'), personOf('E2')]

beforeAll(async () => {
  served = await openServed()
  as = askerAt(served.ask)
  for (const { citizenNumber } of [second, first]) {
    const credential = { type: 'citizen-number', number: citizenNumber }
    settlement = String(
      (await as(undefined, '/v1/settlements', { ...claim, credential })).json['id'],
    )
  }
  const { cards } = (await as(undefined, `/v1/people/${first.person.id}`)).json as {
    cards: { id: string }[]
  }
  card = cards[0]?.id ?? ''
})
afterAll(() => served.close())

/** What stands in the log, the oldest first, after a position. */
async function after(position: bigint): Promise<Item[]> {
  const { rows } = await served.owner.query<{ canonical: Buffer }>(
    'select canonical from access_log where position > $1 order by position',
    [String(position)],
  )
  return rows.map(({ canonical }) => JSON.parse(canonical.toString('utf8')) as Item)
}
const head = async (): Promise<bigint> =>
  BigInt(
    (await served.owner.query('select coalesce(max(position), 0) as head from access_log')).rows[0]
      .head as string,
  )

/** What a request left in the log. */
async function leaves(ask: () => Promise<unknown>): Promise<Item[]> {
  const before = await head()
  await ask()
  return after(before)
}

const reading = (action: string, path: () => string, subject?: () => string | undefined) =>
  ({ action, path, subject: subject ?? (() => undefined) }) as const

const { id } = first.person
const reads = [
  reading('person', () => `/v1/people/${id}`),
  reading('settlements', () => `/v1/people/${id}/settlements`),
  reading('accumulators', () => `/v1/people/${id}/accumulators`),
  reading('accounts', () => `/v1/people/${id}/accounts`),
  reading('records', () => `/v1/people/${id}/records`),
  reading('filings', () => `/v1/people/${id}/filings`),
  reading('reimbursements', () => `/v1/people/${id}/reimbursements`),
  reading(
    'card',
    () => `/v1/cards/${card}`,
    () => card,
  ),
  reading(
    'card',
    () => `/v1/cards/${first.card.number}`,
    () => card,
  ),
  reading(
    'settlement',
    () => `/v1/settlements/${settlement}`,
    () => settlement,
  ),
  reading(
    'collection',
    () => `/v1/settlements/${settlement}/collection`,
    () => settlement,
  ),
  reading('settlements', () => `/v1/settlements?person=${id}`),
  reading('ledger', () => `/v1/ledger/transfers?owner=${id}`),
  reading('ledger', () => `/v1/ledger/transfers?settlement=${settlement}`),
  reading('ledger', () => `/v1/ledger/accounts/personal:${id}`),
  reading('ledger', () => `/v1/ledger/accounts?prefix=personal:${id}`),
  reading('cases', () => `/v1/recoveries?person=${id}`),
]

describe('what is told of a person', () => {
  test.each(reads)('is in the access log: $action $path', async ({ action, path, subject }) => {
    for (const who of ['auditor', 'desk', undefined] as const) {
      const left = await leaves(async () => expect((await as(who, path())).status).toBe(200))
      const name = who ?? 'anonymous'
      expect(left).toEqual([
        {
          position: expect.any(Number),
          at: expect.any(Number),
          caller: name,
          role: name,
          action,
          person: id,
          ...(subject() !== undefined && { subject: subject() }),
        },
      ])
    }
  })

  test('is recorded of each person of a list', async () => {
    for (const path of [
      '/v1/settlements',
      '/v1/ledger/accounts?prefix=personal:5101000000000000000010',
    ]) {
      const left = await leaves(() => as('auditor', path))
      const people = left.map((one) => one.person)
      expect(people).toEqual(expect.arrayContaining([first.person.id, second.person.id]))
      expect(new Set(people).size).toBe(people.length)
    }
  })

  test('is recorded of an institution that looks at its own', async () => {
    const [one] = await leaves(() => as('hospital', `/v1/settlements/${settlement}`))
    expect(one).toMatchObject({
      caller: 'hospital',
      role: 'institution',
      person: id,
      subject: settlement,
    })
  })

  test('is recorded of the insured themselves', async () => {
    const token = await eCardsAt(served.post).token('E1', { purpose: 'self-service' })
    const headers = { authorization: `Bearer ${token}` }
    const [one] = await leaves(() => served.ask('/v1/people/me', { headers }))
    expect(one).toMatchObject({ caller: id, role: 'person', action: 'person', person: id })
    const [no] = await leaves(() => served.ask(`/v1/people/${second.person.id}`, { headers }))
    expect(no).toMatchObject({
      caller: id,
      role: 'person',
      action: 'denied',
      person: second.person.id,
    })
  })

  test('a claim, a preview and what is not there are no reads', async () => {
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

  test('what was refused is recorded with its code, and never with a number', async () => {
    const [refused] = await leaves(() => as('policy-author', `/v1/people/${id}`))
    expect(refused).toMatchObject({
      caller: 'policy-author',
      action: 'denied',
      person: id,
      subject: 'GET /v1/people/:id',
      reason: 'role-not-allowed',
    })
    for (const path of [`/v1/people/${first.citizenNumber}`, `/v1/cards/${first.card.number}`])
      await as('policy-author', path)
    await as('auditor', `/v1/settlements?person=${first.citizenNumber}`)
  })
})

describe('name and numbers', () => {
  test('are masked wherever somebody looks', async () => {
    const { name, citizenNumber, card: own } = first
    for (const { path } of reads)
      for (const who of ['auditor', 'desk', undefined] as const) {
        const { text } = await as(who, path())
        for (const secret of [name, citizenNumber, own.number, own.serial])
          expect(`${path()} ${text.includes(secret)}`).toBe(`${path()} false`)
      }
  })

  const unmask = (who: CallerId | undefined, reason: string, of = id) =>
    as(who, `/v1/people/${of}/identity`, { reason })

  test.each(['auditor', 'desk'] as const)(
    'are shown to %s for a reason, which is kept',
    async (who) => {
      const reason = '核对 2026 年 3 月的住院结算'
      const left = await leaves(async () => {
        const { status, json } = await unmask(who, reason)
        expect(status).toBe(200)
        expect(json).toEqual({
          name: first.name,
          citizenNumber: first.citizenNumber,
          cards: expect.arrayContaining([{ id: card, number: first.card.number }]),
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
      const left = await leaves(async () => {
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
    const left = await leaves(async () => {
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

  test('stand nowhere in the access log', async () => {
    const all = JSON.stringify(await after(0n))
    const { people } = readWorld('rules')
    const secrets = people.flatMap((one) => [
      one.name,
      one.citizenNumber,
      one.card.number,
      one.card.serial,
    ])
    expect(secrets.filter((secret) => all.includes(secret))).toEqual([])
  })
})

describe('the access log', () => {
  test('is for auditors and operators, and says who looked at it', async () => {
    for (const who of ['auditor', 'operator'] as const) {
      const left = await leaves(async () =>
        expect((await as(who, '/v1/access-log')).status).toBe(200),
      )
      expect(left.map(({ caller, action }) => `${caller} ${action}`)).toContain(`${who} access-log`)
    }
    for (const who of ['desk', 'policy-author', 'hospital'] as const)
      expect((await as(who, '/v1/access-log')).status).toBe(403)
  })

  test('is told newest first, by person, caller, action and moment, in pages that stay', async () => {
    const { json } = await as('auditor', `/v1/access-log?person=${id}&caller=desk&action=card`)
    const items = json['items'] as Item[]
    expect(items.length).toBeGreaterThan(1)
    for (const one of items)
      expect(one).toMatchObject({ caller: 'desk', action: 'card', person: id, subject: card })
    const page = (await as('auditor', `/v1/access-log?person=${id}&limit=2`)).json
    await as('desk', `/v1/people/${id}`)
    const next = (
      await as('auditor', `/v1/access-log?person=${id}&limit=2&cursor=${String(page['next'])}`)
    ).json
    const positions = [...(page['items'] as Item[]), ...(next['items'] as Item[])].map((one) =>
      Number(one.position),
    )
    expect(positions).toEqual(positions.toSorted((a, b) => b - a))
    expect(new Set(positions).size).toBe(4)
    const { at } = items[0] as Item
    const then = await as('auditor', `/v1/access-log?from=${at}&until=${at}&caller=desk`)
    expect(then.json['items']).toContainEqual(items[0])
    expect((await as('auditor', '/v1/access-log?from=2026-03-02')).status).toBe(400)
    expect((await as('auditor', '/v1/access-log?action=nothing')).status).toBe(400)
    expect((await as('auditor', '/v1/access-log?cursor=abc')).status).toBe(400)
  })

  test('that cannot be written tells nothing of anybody', async () => {
    const { owner } = served
    await owner.query('revoke insert on access_log from jiesuan_app')
    try {
      for (const { path } of reads) {
        const told = await as('auditor', path())
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
    const positions = (await after(0n)).map(({ position }) => Number(position))
    expect(positions).toEqual(positions.map((_, i) => i + 1))
  })
})
