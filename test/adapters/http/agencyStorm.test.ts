import { afterAll, beforeAll, expect, test } from 'vitest'
import { Random } from '../../properties/support/random.ts'
import { drugs, idOf, openAgencyDesk, personOf, region } from './agencyDesk.ts'
import type { Told } from './served.ts'

// Everybody of two agencies does everything at once: the books stay right, and nothing is paid twice or by one alone.

let desk: Awaited<ReturnType<typeof openAgencyDesk>>

beforeAll(async () => {
  desk = await openAgencyDesk()
})
afterAll(() => desk.served.close())

const staff = ['甲', '乙', '丙', '丁']
const people = ['1001', '1005', '1007'].map((number) => personOf(number))
const numbers = ['510199198603120110', '510199197811110158', '510199199502140184']

const random = new Random(22)
const cases: string[] = []
const settlements: string[] = []

const direct = () => {
  const quantity = String(random.between(20, 60))
  const amount = (Number(quantity) * 15.6).toFixed(2)
  return desk.post('/v1/settlements', {
    institution: 'H51010000001',
    day: '2026-03-02',
    credential: { type: 'citizen-number', number: random.one(numbers) },
    care: 'outpatient',
    useAccount: random.chance(0.5),
    total: amount,
    lines: [drugs(quantity, amount)],
  })
}

const paper = () =>
  desk.enter(
    desk.paper({
      person: random.one(people),
      by: random.one(staff),
      useAccount: random.chance(0.3),
      invoices: [{ issuer: 'STORM', number: String(random.below(40)) }],
      total: '156.00',
      lines: [drugs('10', '156.00')],
    }),
  )

const anew = () =>
  desk.post(`/v1/settlements/${random.one(settlements)}/resettlement`, {
    region,
    by: random.one(staff),
    cause: 'data-corrected',
    useAccount: random.chance(0.5),
  })

const debt = () =>
  desk.post('/v1/recoveries', {
    region,
    by: random.one(staff),
    settlement: random.one(settlements),
    debtor: { kind: random.one(['person', 'institution']) },
    amount: `${random.between(1, 40)}.00`,
    reason: 'overpaid',
  })

const steps = ['review', 'review', 'payment', 'payment', 'refusal', 'withdrawal', 'repayment']
const step = () => {
  const act = random.one(steps)
  const more = {
    review: { suspectsChecked: true },
    refusal: { reason: '票据不全' },
    withdrawal: { reason: '录入有误' },
    repayment: { amount: `${random.between(1, 9)}.00`, reference: `B${random.below(1000)}` },
  }[act]
  return desk.act(random.one(cases), act, random.one(staff), more ?? {})
}

const cancel = () =>
  desk.post(`/v1/settlements/${random.one(settlements)}/cancellation`, {
    institution: 'H51010000001',
  })

function note(told: Told, path: string | undefined): void {
  if (told.status === 500) throw new Error(told.text)
  if (told.status !== 201) return
  if (path === 'direct') settlements.push(idOf(told))
  else if (path !== undefined && told.json['state'] === 'entered')
    cases.push(`${path}/${idOf(told)}`)
  const settlement = told.json['settlement']
  if (typeof settlement === 'string') settlements.push(settlement)
}

test('the books are right after hundreds of steps at once, and every payment had three hands', async () => {
  for (let i = 0; i < 5; i++) note(await direct(), 'direct')
  for (let i = 0; i < 5; i++) note(await paper(), 'reimbursements')
  const ways = [
    ['direct', direct],
    ['reimbursements', paper],
    ['resettlements', anew],
    ['recoveries', debt],
    [undefined, step],
    [undefined, step],
    [undefined, step],
    [undefined, cancel],
  ] as const
  const counts = new Map<string, number>()
  const awaited = [
    'paid',
    'open',
    'second-person-needed',
    'invoice-already-used',
    'case-state-forbids',
  ]
  const missing = () => awaited.filter((word) => !counts.has(word))
  // Which of many at once come first is chance: a storm that has not brought about all of them yet goes on.
  for (let round = 0; round < 25 || (round < 100 && missing().length > 0); round++) {
    const asked = Array.from({ length: 20 }, () => random.one(ways))
    const told = await Promise.all(asked.map(([, ask]) => ask()))
    for (const [i, one] of told.entries()) {
      note(one, asked[i]?.[0])
      const word = String(one.json['code'] ?? one.json['state'])
      counts.set(word, (counts.get(word) ?? 0) + 1)
    }
  }
  expect(await desk.served.violations()).toEqual([])
  expect(missing()).toEqual([])
  for (const path of cases) {
    const { json } = await desk.ask(`/v1/${path}`)
    if (json['state'] !== 'paid') continue
    const hands = (json['steps'] as { by?: string }[]).flatMap(({ by }) => by ?? [])
    expect(new Set(hands.slice(0, 2)).size).toBe(2)
    expect(hands.slice(0, 2)).not.toContain(hands.at(-1))
  }
}, 60_000)
