import { withCheckDigit } from '../support/citizenNumber.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readWorld } from '../../adapters/sandbox/world.ts'
import { claim, openServed, person } from '../adapters/http/served.ts'

let served: Awaited<ReturnType<typeof openServed>>
beforeAll(async () => {
  served = await openServed()
})
afterAll(() => served.close())

const known = readWorld('rules').people.find((one) => one.person.id === person)
const other = '510100000000000000008888'
const card = { serial: 'S8', issued: '2020-01-01', expires: '2030-01-01' }
const coverages = [
  { scheme: 'employee', group: 'working', from: '2020-01-01', contributionMonths: 70 },
]
const newcomer = (id: string, last: string, cardNumber: string) => ({
  id,
  name: '新来',
  citizenNumber: withCheckDigit(`5101991990010${last}`),
  region: '510100',
  coverages,
  card: { number: cardNumber, ...card },
})

test('nobody takes over the citizen number of another, and their bills stay theirs', async () => {
  const before = await served.count()
  const thief = { ...newcomer(other, '1001', 'D80008888'), citizenNumber: known?.citizenNumber }
  const told = await served.post('/v1/people', thief)
  expect(told.status).toBe(422)
  expect(told.json).toMatchObject({ code: 'identity-taken', facts: { field: 'citizenNumber' } })
  expect(told.text).not.toContain(person)
  expect(await served.count()).toEqual(before)
  expect((await served.ask(`/v1/people/${other}`)).status).toBe(404)
  expect((await served.post('/v1/settlements', claim)).json).toMatchObject({ person })
})

test('nobody takes over the card of another, and nothing of the attempt stays', async () => {
  const before = await served.count()
  const told = await served.post(
    '/v1/people',
    newcomer(other, '1001', known?.card.number as string),
  )
  expect(told.status).toBe(422)
  expect(told.json).toMatchObject({ code: 'identity-taken', facts: { field: 'card.number' } })
  expect(await served.count()).toEqual(before)
})

test('of two who claim one number at once one gets it', async () => {
  const ids = Array.from({ length: 8 }, (_, i) => `51010000000000000000770${i}`)
  const told = await Promise.all(
    ids.map((id, i) => served.post('/v1/people', newcomer(id, '2002', `D8000770${i}`))),
  )
  expect(told.map((one) => one.status).toSorted()).toEqual([201, ...Array(7).fill(422)])
})

test('a person may get another card and keeps the number of the first', async () => {
  const id = '510100000000000000006666'
  expect((await served.post('/v1/people', newcomer(id, '3003', 'D80006661'))).status).toBe(201)
  expect((await served.post('/v1/people', newcomer(id, '3003', 'D80006662'))).status).toBe(200)
  expect((await served.ask(`/v1/people/${id}`)).json['cards']).toHaveLength(2)
})
