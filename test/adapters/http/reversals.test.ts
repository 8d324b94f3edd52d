import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { claim, openServed, person } from './served.ts'

let served: Awaited<ReturnType<typeof openServed>>
let post: typeof served.post

beforeAll(async () => {
  served = await openServed()
  ;({ post } = served)
})
afterAll(() => served.close())

const { institution } = claim
const reverse = (key: string, own?: string, who = person) =>
  post('/v1/reversals', { institution, key, person: who }, own)
const settle = (key: string) => post('/v1/settlements', claim, key)
const cancel = (id: string, key?: string) =>
  post(`/v1/settlements/${id}/cancellation`, { institution }, key)
const show = async (id: string) => (await served.ask(`/v1/settlements/${id}`)).json
const balance = async () =>
  (await served.ask(`/v1/people/${person}/accounts`)).json as { items: { balance: string }[] }

/** What the institution has in a state, read one by one. */
async function listed(state: string): Promise<string[]> {
  const query = `institution=${institution}&care=outpatient&state=${state}&limit=1`
  const found: string[] = []
  for (let after: string | undefined = ''; after !== undefined; ) {
    const from = after === '' ? '' : `&cursor=${encodeURIComponent(after)}`
    const { json } = await served.ask(`/v1/settlements?${query}${from}`)
    const page = json as { items: { id: string }[]; next?: string }
    found.push(...page.items.map(({ id }) => id))
    after = page.next
  }
  return found
}

describe('a reversal', () => {
  test('of a settlement turns it back and gives back exactly what was taken', async () => {
    const before = await balance()
    const { id } = (await settle('r-1')).json as { id: string }
    const reversed = await reverse('r-1', 'r-1-undo')
    expect(reversed.status).toBe(201)
    expect(reversed.json).toMatchObject({ happened: true, id, state: 'reversed', account: '25.00' })
    expect(await balance()).toEqual(before)
    expect(await show(id)).toMatchObject({ state: 'reversed' })
    expect((await reverse('r-1', 'r-1-undo')).text).toBe(reversed.text)
  })

  test('asked for again under another key finds the first and writes nothing', async () => {
    const { id } = (await settle('r-2')).json as { id: string }
    await reverse('r-2')
    const { settlement: before } = await served.count()
    expect((await reverse('r-2')).json).toMatchObject({ happened: true, id, state: 'reversed' })
    expect((await served.count())['settlement']).toBe(before)
  })

  test('knows a key in quotes as the same key', async () => {
    const { id } = (await settle('r-quoted')).json as { id: string }
    expect((await reverse('"r-quoted"')).json).toMatchObject({ happened: true, id })
  })

  test('of what never arrived blocks it: the late original is refused', async () => {
    expect((await reverse('r-3')).json).toEqual({ happened: false })
    const late = await settle('r-3')
    expect(late.status).toBe(422)
    expect(late.json).toMatchObject({ code: 'undone-before-arrival' })
    expect((await settle('r-3')).text).toBe(late.text)
  })

  test('is asked for by no other region over this interface', async () => {
    const posing = { institution: 'region:510100', key: 'H51010000001 K1', person }
    const { status, json } = await post('/v1/reversals', posing)
    expect(status).toBe(400)
    expect(json['message']).toMatchObject({ zh: expect.stringContaining('不以 region: 开头') })
  })

  test('of a refusal finds that nothing happened, for the person it was about', async () => {
    const lost = { type: 'card', number: 'D80000020', cardSn: '510100D1560000050100000000000014' }
    const refused = await post('/v1/settlements', { ...claim, credential: lost }, 'r-4')
    expect(refused.json).toMatchObject({ code: 'card-formally-lost' })
    expect((await reverse('r-4')).json).toMatchObject({ code: 'person-unknown' })
    const owner = '510100000000000000001020'
    expect((await reverse('r-4', undefined, owner)).json).toEqual({ happened: false })
  })

  test('of a cancellation restores the settlement, which can be cancelled again', async () => {
    const { id } = (await settle('r-5')).json as { id: string }
    const settled = await balance()
    await cancel(id, 'r-5-cancel')
    expect((await reverse('r-5-cancel')).json).toMatchObject({ happened: true, state: 'settled' })
    expect(await balance()).toEqual(settled)
    expect((await cancel(id)).json).toMatchObject({ state: 'cancelled' })
    const rows = (await show(id))['rows'] as { kind: string }[]
    expect(rows.map((row) => row.kind)).toEqual([
      'settlement',
      'cancellation',
      'restoration',
      'cancellation',
    ])
  })

  test('is told by a list of what its institution has cancelled or reversed, as each settlement stands now', async () => {
    const { id } = (await settle('r-listed')).json as { id: string }
    const turned = (await settle('r-turned')).json as { id: string }
    await reverse('r-turned')
    await cancel(id, 'r-listed-cancel')
    expect(await listed('cancelled')).toContain(id)
    await reverse('r-listed-cancel')
    expect(await listed('cancelled')).not.toContain(id)
    expect(await listed('settled')).toContain(id)
    await cancel(id)
    const cancelled = await listed('cancelled')
    expect(cancelled.filter((one) => one === id)).toHaveLength(1)
    expect(cancelled.toSorted().toReversed()).toEqual(cancelled)
    const reversed = await listed('reversed')
    expect(reversed).toContain(turned.id)
    expect(reversed).not.toContain(id)
  })

  test('of a settlement that was cancelled meanwhile is refused', async () => {
    const { id } = (await settle('r-6')).json as { id: string }
    await cancel(id)
    expect((await reverse('r-6')).json).toMatchObject({ code: 'already-undone' })
  })

  test('by another institution finds nothing of ours', async () => {
    await settle('r-7')
    const body = { institution: 'H51010000003', key: 'r-7', person }
    expect((await post('/v1/reversals', body)).json).toEqual({ happened: false })
  })

  test('for a person nobody knows is refused and stores nothing', async () => {
    const before = await served.count()
    const body = { institution, key: 'r-8', person: '510100000000000000009999' }
    expect((await post('/v1/reversals', body)).json).toMatchObject({ code: 'person-unknown' })
    expect(await served.count()).toEqual(before)
  })

  test('racing its original in every order leaves it settled and reversed, or never settled', async () => {
    for (let round = 0; round < 12; round++) {
      const key = `race-${round}`
      const asked = [settle(key), reverse(key), reverse(key), settle(key)]
      const told = await Promise.all(round % 2 === 0 ? asked : asked.toReversed())
      for (const { status } of told) expect([201, 409, 422, 503]).toContain(status)
      const last = await reverse(key)
      expect(last.status).toBe(201)
      const after = (await settle(key)).json
      const { id } = after as { id?: string }
      if (id === undefined) expect(after).toMatchObject({ code: 'undone-before-arrival' })
      else expect(await show(id)).toMatchObject({ state: 'reversed' })
    }
  })

  test('leaves books in which everything adds up', async () => {
    expect(await served.violations()).toEqual([])
  })
})
