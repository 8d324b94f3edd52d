import { expect, it } from 'vitest'
import { invent } from '../../benchmarks/crowd.ts'
import { awayBills, hotBills, spreadBills } from '../../benchmarks/workload/bills.ts'
import { type City, openCity } from '../../benchmarks/workload/city.ts'
import { byHour, dayBills, hours } from '../../benchmarks/workload/day.ts'
import type { Request } from '../../benchmarks/workload/request.ts'
import { isCardNumber, isCardSerial, isCitizenNumber } from '../../engine/identity.ts'

const city = openCity({ seed: 7, people: 5_000 })
const day = [...dayBills(city, { count: 4_000, tag: 'd' })]

interface Body {
  readonly institution: string
  readonly total: string
  readonly lines: readonly { readonly amount: string }[]
}
const bodyOf = ({ body }: Request): Body => JSON.parse(body)
const share = (kind: Request['kind']): number =>
  day.filter((request) => request.kind === kind).length / day.length

it('the same seed gives the same bytes, and another seed others', () => {
  const again = openCity({ seed: 7, people: 5_000 })
  const other = openCity({ seed: 8, people: 5_000 })
  const bytes = (of: City): string => JSON.stringify([...dayBills(of, { count: 4_000, tag: 'd' })])
  const text = JSON.stringify(day)
  expect(again.people).toEqual(city.people)
  expect(bytes(again) === text).toBe(true)
  expect(bytes(other) === text).toBe(false)
})

it('everybody has numbers of their own, by form and of divisions that are assigned to nobody', () => {
  const crowd = Array.from({ length: 3_000 }, (_, i) => invent(i))
  const numbers = [...city.people, ...crowd].flatMap((one) => [
    one.id,
    one.citizenNumber,
    one.card.number,
    one.card.serial,
  ])
  expect(new Set(numbers).size).toBe(numbers.length)
  for (const { citizenNumber, card } of city.people) {
    expect(citizenNumber).toMatch(/^(510199|510799)/)
    expect(isCitizenNumber(citizenNumber)).toBe(true)
    expect(isCardNumber(card.number) && isCardSerial(card.serial)).toBe(true)
  }
})

it('a citizen number tells the birthday and the sex of whoever has it', () => {
  for (const { citizenNumber, birth, sex } of city.people) {
    expect(citizenNumber.slice(6, 14)).toBe(birth.replaceAll('-', ''))
    expect(Number(citizenNumber[16]) % 2 === 1 ? 'male' : 'female').toBe(sex)
  }
})

it('a city has employees, pensioners, residents, children, and families that share an account', () => {
  const part = (is: (one: City['people'][number]) => boolean): number =>
    city.people.filter(is).length / city.people.length
  expect(part(({ group }) => group === 'working')).toBeGreaterThan(0.3)
  expect(part(({ group }) => group === 'retired')).toBeGreaterThan(0.1)
  expect(part(({ group }) => group === 'child')).toBeGreaterThan(0.08)
  expect(part(({ group }) => group === 'adult')).toBeGreaterThan(0.15)
  expect(part(({ mayDrawOn }) => mayDrawOn !== undefined)).toBeGreaterThan(0.05)
  expect(part(({ home }) => home === '510700')).toBeGreaterThan(0.01)
})

it('a few institutions have most of the patients', () => {
  const visits = new Map<string, number>()
  for (const request of day) {
    const { institution } = bodyOf(request)
    visits.set(institution, (visits.get(institution) ?? 0) + 1)
  }
  const counts = [...visits.values()].toSorted((a, b) => b - a)
  const top = counts.slice(0, 25).reduce((sum, count) => sum + count, 0)
  expect(visits.size).toBeGreaterThan(150)
  expect(top / day.length).toBeGreaterThan(0.5)
})

it('bills are as large as their kind of care makes them', () => {
  const linesOf = (kind: Request['kind']): number[] =>
    day
      .filter((request) => request.kind === kind)
      .map((request) => bodyOf(request).lines.length)
      .toSorted((a, b) => a - b)
  const [sales, visits, stays] = [linesOf('pharmacy'), linesOf('outpatient'), linesOf('inpatient')]
  expect([sales[0], sales.at(-1)]).toEqual([1, 3])
  expect(visits[visits.length >> 1]).toBe(5)
  expect(stays[0]).toBeGreaterThanOrEqual(10)
  expect(stays.at(-1)).toBeLessThanOrEqual(200)
  expect(stays[stays.length >> 1]).toBeGreaterThan(30)
})

it('among the bills of a day are previews, the same request again, and reversals of what came before', () => {
  expect(share('preview')).toBeGreaterThan(0.05)
  expect(share('repeat')).toBeGreaterThan(0.003)
  expect(share('reversal')).toBeGreaterThan(0.002)
  const sent = new Map<string, Request>()
  for (const request of day) {
    if (request.kind === 'repeat') expect(request.body).toBe(sent.get(request.key)?.body)
    if (request.kind === 'reversal') expect(sent.has(JSON.parse(request.body).key)).toBe(true)
    if (request.kind !== 'preview') sent.set(request.key, request)
  }
})

it('a day has its peak in the morning, and its hours hold every request, in order', () => {
  expect(hours.indexOf(Math.max(...hours))).toBe(9)
  const parts = byHour(day)
  expect(parts.flat()).toEqual(day)
  const sizes = parts.map(({ length }) => length)
  expect(sizes.indexOf(Math.max(...sizes))).toBe(9)
})

it('hot bills are the spread ones, but all at one hospital', () => {
  const asked = { count: 400, tag: 'b' }
  const spread = [...spreadBills(city, asked)]
  const hot = [...hotBills(city, asked)]
  const apart = (request: Request): object => ({ ...bodyOf(request), institution: '' })
  expect(hot.map(apart)).toEqual(spread.map(apart))
  expect(new Set(hot.map((one) => bodyOf(one).institution)).size).toBe(1)
  expect(new Set(spread.map((one) => bodyOf(one).institution)).size).toBeGreaterThan(15)
  expect(new Set(spread.map((one) => bodyOf(one).lines.length))).toEqual(new Set([5]))
})

it('visitors are met by previews before their bills come', () => {
  const home = openCity({ seed: 7, people: 100, region: '440100' })
  const { meetings, bills } = awayBills(city, home, { count: 200, tag: 'x' })
  const whose = (request: Request): string => JSON.parse(request.body).credential.number
  const met = new Set([...meetings].map(whose))
  for (const bill of bills) {
    expect(met.has(whose(bill))).toBe(true)
    expect(JSON.parse(bill.body)).toMatchObject({ insuredIn: '440100' })
  }
})
