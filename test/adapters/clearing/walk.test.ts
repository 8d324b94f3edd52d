import { afterEach, expect, it } from 'vitest'
import { askOf } from '../../../adapters/clearing/asking.ts'
import { appliedEntry, clearingSubject } from '../../../adapters/nhsa/clearing.ts'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { windowOf } from '../../../engine/clearingWindow.ts'
import { type Day, dayBefore } from '../../../engine/day.ts'
import type { Pair } from '../../../engine/pairRun.ts'
import { runStepNames } from '../../../engine/runStages.ts'
import { atHome, type Cleared, day, inCare, keyOf, openCleared, resultOf } from './support.ts'

// Everything that clearing can do, in any order, on real books: no money comes or goes, and nothing stays on the way.

/** CLEARING_STEPS=1000 walks far; CLEARING_SEED=… walks another way, or the same again. */
const steps = Number(process.env['CLEARING_STEPS'] ?? 150)
const seed = Number(process.env['CLEARING_SEED'] ?? 5)

let world: Cleared
afterEach(() => world.real.close())

const [hospital, mianyang] = ['H51010000001', 'H51070000001'] as const
const regions = ['510100', '510700'] as const
const pairs: readonly Pair[] = [
  atHome,
  inCare,
  { region: '510100', side: 'home', partner: '510700' },
  { region: '510700', side: 'care', partner: '510100' },
]
const otherThan = (region: string): string => (region === '510100' ? '510700' : '510100')

function draws(from: number) {
  let state = from
  const below = (n: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
  return { below, one: <T>(all: readonly T[]): T => all[below(all.length)] as T }
}

/** What anybody may do next; what may not be done now is refused and changes nothing. */
class Walk {
  readonly #draw = draws(seed)
  /** By person, the newest last: nothing is cancelled before what was settled after it. */
  readonly #settled = new Map<string, (readonly [settlement: string, institution: string])[]>()
  readonly #applied: (readonly [institution: string, event: string])[] = []
  #number = 0

  readonly #acts: readonly (() => Promise<unknown>)[] = [
    async () => this.settle(),
    async () => this.settle(),
    async () => this.cancel(),
    async () => world.clock.pass(this.#draw.below(300)),
    async () => this.close(),
    async () => this.close(),
    async () => this.net(this.yesterday(this.#draw.below(40))),
    async () => this.prepaid(),
    async () => this.advance(),
    async () => this.apply(),
    async () => this.accept(),
    async () => this.stepRuns(),
    async () => this.stepOrders(),
    async () => this.closeYear(),
  ]

  async step(): Promise<void> {
    await this.#draw.one(this.#acts)()
  }

  #operator = () => this.#draw.one(['a', 'b', 'c'])
  #amount = () => BigInt(1 + this.#draw.below(60_000))

  async settle() {
    // No pack has rules for the year after, and what was settled before is not undone in it.
    if (world.clock.today() > '2026-12-31') return
    const [who, at] = this.#draw.one([
      ['Y1', hospital],
      ['Y2', hospital],
      ['E1', hospital],
      ['C1', mianyang],
      ['E1', mianyang],
    ] as const)
    const settled = this.#settled.get(who) ?? []
    this.#settled.set(who, settled)
    settled.push([await world.settle(who, at, 1_000n + this.#amount()), at])
  }
  async cancel() {
    if (world.clock.today() > '2026-12-31') return
    const last = this.#draw.one([...this.#settled.values()])?.pop()
    if (last) await world.cancel(...last)
  }
  yesterday(before = 0): Day {
    let on = dayBefore(day(world.clock.today()))
    for (let left = before; left > 0; left--) on = dayBefore(on)
    return on
  }
  async close(pair = this.#draw.one(pairs), until = this.yesterday(this.#draw.below(40))) {
    const on = windowOf(this.#draw.one(['day', 'month'] as const), until)
    await world.clearing.closeWindow(keyOf(pair.region), pair, on)
  }
  async net(until: Day) {
    await world.clearing.net(keyOf(this.#draw.one(regions)), until)
  }
  async prepaid() {
    const region = this.#draw.one(regions)
    const step = this.#draw.one(['request', 'approval'] as const)
    const of = { region, side: 'laid', partner: otherThan(region) } as const
    const asked = { of, operator: this.#operator(), amount: this.#amount() }
    const told = await world.clearing.stepPrepaid(keyOf(region), step, asked)
    if (step === 'request' || told.kind !== 'entered') return
    // What has left the one bank comes to the other.
    const amount = BigInt(resultOf(told)['amount'] as string)
    const held = { region: of.partner, side: 'held', partner: region } as const
    const receipt = { of: held, operator: 'z', amount }
    await world.clearing.stepPrepaid(keyOf(of.partner), 'receipt', receipt)
  }
  async advance() {
    const step = this.#draw.one(['request', 'approval'] as const)
    const asked = { institution: hospital, operator: this.#operator(), amount: this.#amount() }
    await world.clearing.stepAdvance(keyOf('510100'), step, asked)
  }
  async apply() {
    const institution = this.#draw.one([hospital, mianyang])
    const { name, from, until } = windowOf('month', this.yesterday(this.#draw.below(60)))
    if (until >= world.clock.today()) return
    const subject = clearingSubject(institution, '11', name.replace('-', ''))
    const event = `A${++this.#number}`
    const application = appliedEntry(subject, { event, from, until }, {})
    const ask = askOf(keyOf('510100'), subject.owner, [subject], () => ({ entries: [application] }))
    await world.real.process.settle([ask])
    this.#applied.push([institution, event])
  }
  async accept() {
    const [institution, application] = this.#draw.one(this.#applied) ?? []
    if (institution === undefined || application === undefined) return
    const asked = { institution, application, operator: 'a' }
    await world.clearing.accept(keyOf(institution.slice(1, 7)), asked)
  }
  async runs() {
    const { items } = await world.queries.runs({ limit: 500 })
    return items.filter(({ institution }) => institution !== undefined)
  }
  async stepRuns() {
    for (const { id, region } of await this.runs())
      for (const step of runStepNames) {
        if (this.#draw.below(3) === 0) continue
        const amount = step === 'deduction' ? 100n : this.#amount() - 30_000n
        const more = step === 'difference' || step === 'deduction' ? { amount } : {}
        const asked = { run: id, step, operator: this.#operator(), ...more }
        await world.clearing.step(keyOf(region), asked)
      }
  }
  async stepOrders() {
    const { items } = await world.queries.orders({ limit: 500 })
    for (const { id: order, debtor, creditor } of items)
      for (const step of ['payment-request', 'payment', 'receipt'] as const) {
        const asked = { order, step, operator: this.#operator() }
        await world.clearing.stepOrder(keyOf(step === 'receipt' ? creditor : debtor), asked)
      }
  }
  /** Takes every run to its end. */
  async payAll() {
    const steps = runStepNames.filter((step) => step !== 'deduction' && step !== 'difference')
    for (const { id, region } of await this.runs())
      for (const step of steps) {
        const operator = step === 'approval' || step === 'payment' ? 'd' : 'e'
        await world.clearing.step(keyOf(region), { run: id, step, operator })
      }
  }
  async closeYear(
    institution = this.#draw.one([hospital, mianyang]),
    year = this.#draw.one([2026, 2027]),
  ) {
    const asked = { institution, year: String(year), operator: 'a' }
    await world.clearing.closeYear(keyOf(institution.slice(1, 7)), asked)
  }
}

/** How much settlements alone made due, from an account that is settled in. */
async function dueBySettlements(account: string): Promise<bigint> {
  const { rows } = await world.real.books.pool.query<{ fen: bigint | null }>(
    `select sum(case when t.credit_account like $1 then t.amount_fen else 0 end)
          - sum(case when t.debit_account like $1 then t.amount_fen else 0 end) as fen
     from transfer t where exists (select from settlement s where s.id = t.posting_id)`,
    [`${account}%`],
  )
  return BigInt(rows[0]?.fen ?? 0)
}

it('is walked in any order, and everything that was owed is paid in the end', async () => {
  world = await openCleared({ max: 8 })
  const walk = new Walk()
  for (let i = 1; i <= steps; i++) {
    await walk.step()
    if (i % 25 === 0)
      expect({ step: i, problems: await checkBooks(world.real.books.pool) }).toEqual({
        step: i,
        problems: [],
      })
  }
  world.clock.pass(24 * 40)
  for (const pair of pairs) {
    const until = walk.yesterday()
    const last = windowOf('day', until)
    const told = resultOf(await world.clearing.closeWindow(keyOf(pair.region), pair, last))
    expect(told).toMatchObject({ disputes: 0 })
  }
  await walk.net(walk.yesterday())
  for (let i = 0; i < 6; i++) await walk.stepOrders()
  await walk.payAll()
  world.clock.set('2029-01-02T09:00:00+08:00')
  for (const institution of [hospital, mianyang]) await walk.closeYear(institution, 2028)
  await walk.payAll()
  for (const kind of ['pair', 'institution', 'netting', 'final'])
    expect((await world.queries.runs({ kind, limit: 1 })).items).toMatchObject([{ kind }])
  for (const institution of [hospital, mianyang])
    for (const stage of ['review', 'deducted', 'retained', 'approved', 'paid'])
      expect({ stage, left: await world.balance(`payable:${institution}:${stage}`) }).toEqual({
        stage,
        left: 0n,
      })
  for (const region of regions) {
    const partner = otherThan(region)
    for (const account of [
      `due-to:${region}`,
      `due-from:${region}`,
      `clearing:${region}:${partner}`,
    ])
      expect({ account, left: await world.balance(account) }).toEqual({ account, left: 0n })
    expect(await world.balance(`net:${region}`)).toBe(0n)
    const institution = region === '510100' ? hospital : mianyang
    const outside =
      (await dueBySettlements(`due-to:${region}:`)) +
      (await dueBySettlements(`due-from:${region}:`))
    const laid = -(await world.balance(`prepaid-to:${region}`))
    const held = await world.balance(`prepaid-from:${region}`)
    expect(await world.balance(`bank-held:${region}`)).toBe(-held)
    // What its own institutions were paid, and are paid beforehand.
    const toInstitution = await paidTo(institution)
    expect(await world.balance(`bank:${region}`)).toBe(outside + laid + toInstitution)
  }
  expect(await checkBooks(world.real.books.pool)).toEqual([])
}, 600_000)

/** All that a bank paid to an institution, as the other side of its payables and advances says. */
async function paidTo(institution: string): Promise<bigint> {
  const { rows } = await world.real.books.pool.query<{ fen: bigint | null }>(
    `select sum(case when t.credit_account like 'bank:%' then t.amount_fen
                     when t.debit_account like 'bank:%' then -t.amount_fen else 0 end) as fen
     from transfer t where t.owner_id = $1`,
    [`institution:${institution}`],
  )
  return BigInt(rows[0]?.fen ?? 0)
}
