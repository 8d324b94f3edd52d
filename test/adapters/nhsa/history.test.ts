// What auditors find of what came over the national interface.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openServed, type Served } from './served.ts'

interface Event {
  readonly event: string
  readonly institution?: string
  readonly detail: { readonly en: string; readonly zh: string }
}

const card = 'D80000001'
let served: Served
let visited: Awaited<ReturnType<Served['visit']>>
let id: string
beforeAll(async () => {
  served = await openServed()
  const shown = { mdtrt_cert_type: '03', mdtrt_cert_no: card }
  visited = await served.visit('E1', 30, { fields: shown })
  id = visited.setlinfo.setl_id
})
afterAll(() => served.close())

test('a bill that was paid with a card is found by that card, and one that was not is not', async () => {
  await served.visit('E1', 31)
  const { items } = (await served.ask(`/v1/settlements?card=${card}`)).json as {
    items: { id: string }[]
  }
  expect(items.map((one) => one.id)).toEqual([id])
})

test('a message is found by its msgid', async () => {
  const posted = await served.owner.query('select institution from settlement where id = $1', [id])
  const { institution } = posted.rows[0]
  const asked = served.bill('E1', visited.mdtrt_id, 30)
  const refused = await served.send('2207', asked)
  expect(refused.infcode).toBe(-1)
  const { items } = (await served.ask(`/v1/refusals?institution=${institution}&limit=1`)).json as {
    items: { key: string; code: string; person: string }[]
  }
  expect(items[0]?.person).toBe(visited.psn_no)
  const found = (await served.ask(`/v1/search?q=${items[0]?.key}`)).json as {
    items: { kind: string; title: { en: string } }[]
  }
  expect(found.items).toHaveLength(1)
  expect(found.items[0]).toMatchObject({ kind: 'message', institution, person: visited.psn_no })
  expect(found.items[0]?.title.en).toContain(items[0]?.code)
})

test('the history of a visit’s settlement tells what was entered of the visit, and no preview', async () => {
  await served.cancel(visited)
  const { items } = (await served.ask(`/v1/settlements/${id}/history`)).json as {
    items: Event[]
  }
  const events = items.map(({ event }) => event).filter((event) => event !== 'journaled')
  expect(events.filter((event) => event === 'visit').length).toBeGreaterThan(2)
  expect(events.indexOf('settled')).toBeGreaterThan(events.indexOf('visit'))
  expect(events.indexOf('cancelled')).toBeGreaterThan(events.indexOf('settled'))
  expect(items.map(({ detail }) => detail.zh)).toContain('就诊已登记。')
  expect(JSON.stringify(items)).not.toMatch(/preview|演示/)
})
