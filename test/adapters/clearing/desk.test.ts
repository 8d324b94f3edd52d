import { withCheckDigit } from '../../support/citizenNumber.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AgencyDesk } from '../../../adapters/http/agencyNeeds.ts'
import { askReview, beginAsk } from '../../../adapters/http/caseAsk.ts'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import type { World } from '../../../engine/decide.ts'
import { type CaseKind, caseSubject, readCase } from '../../../engine/deskCase.ts'
import type { Entered, Found } from '../../../engine/ports.ts'
import type { Coverage } from '../../../engine/person.ts'
import { enterReimbursement } from '../../../engine/reimbursement.ts'
import type { Refusal } from '../../../engine/refusal.ts'
import { enterResettlement } from '../../../engine/resettlementCase.ts'
import type { Settlement } from '../../../engine/settlement.ts'
import { portsOn } from '../postgres/real.ts'
import { claim, settleAsk } from '../postgres/support.ts'
import {
  atHome,
  type Cleared,
  codeOf,
  day,
  inCare,
  keyOf,
  openCleared,
  resultOf,
  window,
} from './support.ts'

// What the agency's desk settles anew is no matter between regions: what is owed stays what both were told.

const home = '510700'
const hospital = 'H51010000001'
const person = '510700000000000000009901'
const number = withCheckDigit('51079919800101001')
const due = 'due-to:510700:510100'
const dueFrom = 'due-from:510100:510700'
const days = { from: day('2026-01-01'), until: day('2026-12-31') }

let cleared: Cleared
let world: () => World
beforeAll(async () => {
  cleared = await openCleared()
  const { real, clock } = cleared
  const { rulebooks, regions, packHash } = portsOn(real.books)
  world = () => ({ rulebooks, regions, packHash, now: clock.now(), today: clock.today() })
  const { register } = real.books
  const since = { region: home, from: day('2020-01-01') }
  const coverages: readonly Coverage[] = [
    { ...since, scheme: 'employee', group: 'working' },
    { ...since, scheme: 'resident', group: 'adult' },
  ]
  const enrolled = {
    ...real.person('Y1'),
    person: { ...real.person('Y1').person, id: person, coverages },
    citizenNumber: number,
  }
  await register.putPerson(enrolled)
  await register.putCredential({ type: 'citizen-number', number }, person, undefined)
})
afterAll(() => cleared.real.close())

async function take(ask: Parameters<Cleared['real']['process']['settle']>[0][number]) {
  const [outcome] = await cleared.real.process.settle([ask])
  if (!outcome || codeOf(outcome) === 'bug') throw new Error(JSON.stringify(outcome))
  return outcome
}

let bills = 0
async function settleDirectly(): Promise<{ id: string; content: Settlement }> {
  const words = { institution: hospital, amount: 50_000n, day: cleared.clock.today() }
  const bill = claim(number, { ...words, item: 'XJ01CAA040A001010100010' })
  const told = await take(settleAsk(`desk ${++bills}`, bill))
  if (told.kind !== 'settled') throw new Error(codeOf(told))
  return { id: told.row.settlement, content: told.row.content }
}

/** A case that one enters and another reviews: what it settled. */
async function play(
  kind: CaseKind,
  settlement: string | undefined,
  enter: (found: Found, id: string) => Entered | Refusal,
): Promise<Settlement> {
  const id = `C${String(++bills).padStart(29, '0')}`
  const subject = caseSubject(person, kind, id)
  const begun = beginAsk({
    kind,
    owner: person,
    id,
    key: keyOf(home),
    region: home,
    settlement,
    enter: (found) => enter(found, id),
  })
  expect(codeOf(await take(begun))).toBe('entered')
  const of = readCase(subject, await cleared.dossiers.read(subject))
  if (!of) throw new Error('it was entered')
  const agency = { world, sameTotals: async () => [] } as unknown as AgencyDesk
  const step = { of, act: 'review', by: '乙', region: home, key: keyOf(home) } as const
  const told = await take(await askReview(agency, step))
  if (told.kind !== 'settled') throw new Error(JSON.stringify(told))
  return told.row.content
}

/** It was the other scheme that should have paid. */
const settleAnew = async (settlement: string): Promise<Settlement> => {
  const institution = (await cleared.real.books.register.institutions()).find(
    ({ code }) => code === hospital,
  )
  if (!institution) throw new Error('the sandbox has it')
  return play('resettlement', settlement, (found, id) =>
    enterResettlement(
      found,
      {
        subject: caseSubject(person, 'resettlement', id),
        id,
        region: home,
        by: '甲',
        form: { settlement, cause: 'identity-late', about: { scheme: 'resident' }, institution },
        dayOf: () => cleared.clock.today(),
      },
      world(),
    ),
  )
}

const owed = async () => ({
  settled: await cleared.balance(`payable:${hospital}:settled`),
  due: await cleared.balance(due),
  employee: await cleared.balance(`${due}:employee`),
  resident: await cleared.balance(`${due}:resident`),
  dueFrom: await cleared.balance(dueFrom),
})
const told = async () => ({
  home: await cleared.rows.statement(atHome, days),
  care: await cleared.rows.statement(inCare, days),
  institution: await cleared.rows.openOf(hospital, ['outpatient'], days.until),
})

describe('a settlement settled anew', () => {
  it('stands in statements as it was told, and is owed in the very accounts it was owed in', async () => {
    const first = await settleDirectly()
    const [before, saidBefore] = [await owed(), await told()]
    expect(saidBefore.home).toHaveLength(1)
    const anew = await settleAnew(first.id)
    expect(anew).toMatchObject({ scheme: 'resident', desk: { kind: 'resettlement' } })
    expect(anew.fundTotal).not.toBe(first.content.fundTotal)
    expect(await owed()).toEqual(before)
    expect(await told()).toEqual(saidBefore)
    expect(before).toMatchObject({ resident: 0n, employee: before.due, dueFrom: -before.due })
    expect(await checkBooks(cleared.real.books.pool)).toEqual([])
  })

  it('is cleared once, for what it was settled for, whenever it was settled anew', async () => {
    const second = await settleDirectly()
    const { due: all } = await owed()
    cleared.clock.set('2026-04-02T09:00:00+08:00')
    const march = window('2026-03')
    for (const [pair, region] of [[atHome, home] as const, [inCare, '510100'] as const])
      expect(
        resultOf(await cleared.clearing.closeWindow(keyOf(region), pair, march)),
      ).toMatchObject({ rows: 2, disputes: 0, due: String(all) })
    await settleAnew(second.id)
    expect(await owed()).toMatchObject({ due: 0n, employee: 0n, resident: 0n, dueFrom: 0n })
    cleared.clock.set('2026-05-02T09:00:00+08:00')
    const april = window('2026-04')
    const next = await cleared.clearing.closeWindow(keyOf(home), atHome, april)
    expect(resultOf(next)).toMatchObject({ rows: 0, disputes: 0, due: '0' })
    expect(await checkBooks(cleared.real.books.pool)).toEqual([])
  })
})

describe('a paper bill', () => {
  it('from somewhere else leaves nothing between the two regions', async () => {
    const pairs = await cleared.rows.pairs()
    const on = cleared.clock.today()
    const bill = claim('', { institution: 'unlisted', amount: 50_000n, day: on })
    const [listed] = await cleared.real.books.register.institutions()
    if (!listed) throw new Error('the sandbox has one')
    const place = { ...listed, code: 'unlisted', name: '演示县医院', division: '539999' }
    const { credential: _shown, ...form } = bill
    const settled = await play('reimbursement', undefined, (found, id) =>
      enterReimbursement(
        found,
        {
          subject: caseSubject(person, 'reimbursement', id),
          by: '甲',
          suspects: [],
          form: {
            claim: {
              ...form,
              useAccount: false,
              paper: {
                case: id,
                region: home,
                reason: 'unfiled',
                institution: place,
                province: '530000',
              },
            },
            invoices: [],
          },
        },
        world(),
      ),
    )
    expect(settled).toMatchObject({ careRegion: '539999', homeRegion: home })
    expect(settled.advanced).toBe(settled.fundTotal)
    expect(await cleared.rows.pairs()).toEqual(pairs)
    expect(await cleared.balance('due-to:510700:539999')).toBe(0n)
    expect(await checkBooks(cleared.real.books.pool)).toEqual([])
  })
})
