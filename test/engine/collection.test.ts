import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  askCollection,
  callBack,
  type Collection,
  collectionStates,
  collectionSteps,
  type CollectionState,
  collectionSubject,
  isOpen,
  leftToCollect,
  noteCollection,
  readCollections,
  settlementOf,
  waitAfter,
} from '../../engine/collection.ts'
import { type Kept, subjectKey } from '../../engine/dossier.ts'
import { parseYuan, toYuan } from '../../engine/money.ts'
import { type Found, noFacts, type Row } from '../../engine/ports.ts'
import { isRefusal } from '../../engine/refusal.ts'
import { hospital, desk, settle } from './support/desk.ts'
import { now, today } from './support/world.ts'

const told = (await desk().settle([settle('k')]))[0]
if (told?.kind !== 'settled') throw new Error('the bill settles')
const { row } = told
const subject = collectionSubject(row.content.person, row.settlement)
const cash = row.content.cash

const keep = (...entries: readonly { kind: string; body: unknown }[]): Kept[] =>
  entries.map(({ kind, body }, i) => ({
    version: i + 1,
    kind,
    body: body as Kept['body'],
    institution: hospital.code,
    at: now + i,
  }))

const found = (
  kept: readonly Kept[],
  head: Row | undefined = row,
  bankAccount?: string,
): Found => ({
  dossiers: new Map([[subjectKey(subject), kept]]),
  facts: { ...noFacts, identity: { name: '演示', citizenNumber: '1', bankAccount } },
  head,
  now,
  today,
})

test('what a person owes by name is not collected from their bank account', () => {
  const receivable = parseYuan('1.00')
  const content = { ...row.content, receivable }
  expect(leftToCollect({ ...row, content }, [])).toBe(cash - receivable)
})

const ask = (f: Found, more: Partial<Parameters<typeof askCollection>[1]> = {}) =>
  askCollection(f, {
    settlement: row.settlement,
    institution: hospital.code,
    reference: 'B2',
    ...more,
  })

const asked = { kind: 'asked', body: { reference: 'B1', amount: '80.00' } }
const after = (kind: string, more = {}) => ({ kind, body: { reference: 'B1', ...more } })
const undone: Row = { ...row, id: 'U', sequence: 2, kind: 'cancellation', undoes: row.id }
const note = (f: Found, state: 'collected' | 'refused' | 'unknown' | 'returned') =>
  noteCollection(f, { settlement: row.settlement, reference: 'B1', state })

describe('a collection is asked for', () => {
  test('with all the cash that is left, or with the part that is named', () => {
    expect(ask(found([], row, '62'))).toEqual({
      entries: [
        {
          subject,
          kind: 'asked',
          body: { reference: 'B2', amount: toYuan(cash) },
          due: now + 5_000,
        },
      ],
      result: { reference: 'B2', amount: toYuan(cash) },
    })
    const part = ask(found([], row, '62'), { amount: parseYuan('1.00') })
    expect(part).toMatchObject({ result: { amount: '1.00' } })
  })

  test('again after a refusal, and for the rest after a part', () => {
    expect(ask(found(keep(asked, after('refused')), row, '62'))).toMatchObject({
      result: { amount: toYuan(cash) },
    })
    const rest = ask(found(keep(asked, after('collected')), row, '62'))
    expect(rest).toMatchObject({ result: { amount: '200.00' } })
  })

  test.each([
    ['settlement-unknown', ask({ ...found([], row, '62'), head: undefined })],
    ['settlement-unknown', ask(found([], row, '62'), { institution: 'H2' })],
    ['already-undone', ask(found([], undone, '62'))],
    ['collection-open', ask(found(keep(asked), row, '62'))],
    ['collection-open', ask(found(keep(asked, after('unknown')), row, '62'))],
    ['collection-too-large', ask(found([], row, '62'), { amount: parseYuan('280.01') })],
    ['collection-too-large', ask(found([], row, '62'), { amount: parseYuan('0.00') })],
    ['bank-account-missing', ask(found([], row))],
    [
      'nothing-to-collect',
      ask(
        found(
          keep({ kind: 'asked', body: { reference: 'B1', amount: '280.00' } }, after('collected')),
          row,
          '62',
        ),
      ),
    ],
  ])('%s', (code, refusal) => {
    expect(isRefusal(refusal) && refusal.code).toBe(code)
  })

  test("the employer's share of the cash is nobody's bank account's", () => {
    const head = { ...row, content: { ...row.content, employerShare: cash } }
    const refusal = ask(found([], head, '62'))
    expect(isRefusal(refusal) && refusal.code).toBe('nothing-to-collect')
  })
})

describe('what became of it is noted', () => {
  test('as the table allows, and due again for as long as it is open', () => {
    expect(note(found(keep(asked)), 'collected').entries).toEqual([
      { subject, kind: 'collected', body: { reference: 'B1' }, due: 'never' },
    ])
    expect(note(found(keep(asked)), 'unknown').entries).toMatchObject([{ due: now + 5_000 }])
    expect(note(found(keep(asked, after('unknown'))), 'refused').entries).toHaveLength(1)
    const other = { kind: 'asked', body: { reference: 'B0', amount: '1.00' } }
    const returning = { kind: 'returning', body: { reference: 'B0' } }
    const both = keep(other, returning, asked)
    expect(note(found(both), 'collected').entries).toMatchObject([{ due: now }])
  })

  test('with its reason', () => {
    const reason = 'account-closed'
    const told = { settlement: row.settlement, reference: 'B1', state: 'refused', reason } as const
    const { entries } = noteCollection(found(keep(asked)), told)
    const [only] = readCollections(keep(asked, ...entries))
    expect(only).toMatchObject({ state: 'refused', reason, askedAt: now, at: now + 1 })
  })

  test('what was overtaken changes nothing', () => {
    expect(note(found([]), 'collected').entries).toEqual([])
    expect(note(found(keep(asked, after('collected'))), 'refused').entries).toEqual([])
    expect(note(found(keep(asked, after('unknown'))), 'unknown').entries).toEqual([])
    expect(note(found(keep(asked, after('returning'))), 'collected').entries).toEqual([])
    expect(note(found(keep(asked, after('collected'))), 'returned').entries).toEqual([])
  })

  test('money for a settlement that does not stand any more goes back', () => {
    expect(note(found(keep(asked), undone), 'collected').entries).toMatchObject([
      { kind: 'returning', due: now },
    ])
    const nobody = noteCollection(
      { ...found([]), head: undefined },
      { settlement: row.settlement, reference: 'B1', state: 'collected' },
    )
    expect(nobody).toEqual({ entries: [] })
  })
})

describe('undoing a settlement', () => {
  test.each(['asked', 'unknown', 'collected'])('calls back what is %s', (kind) => {
    const kept = kind === 'asked' ? keep(asked) : keep(asked, after(kind))
    expect(callBack(found(kept).dossiers, undone)).toEqual([
      { subject, kind: 'returning', body: { reference: 'B1' }, due: undone.postedAt },
    ])
  })

  test.each(['refused', 'returning', 'returned'])('leaves alone what is %s', (kind) => {
    expect(callBack(found(keep(asked, after(kind))).dossiers, undone)).toEqual([])
  })

  test('which comes back calls nothing back', () => {
    const restored: Row = { ...undone, id: 'T', sequence: 3, kind: 'restoration' }
    expect(callBack(found(keep(asked, after('collected'))).dossiers, restored)).toEqual([])
  })
})

test('however replies, undos and retries come, the table is kept and no more is collected than there is', () => {
  const step = fc.oneof(
    fc.constantFrom(...(['collected', 'refused', 'unknown', 'returned'] as const)),
    fc.constantFrom('ask', 'ask part', 'undo', 'restore'),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.nat(3)), { maxLength: 40 }), (steps) => {
      let kept: Kept[] = []
      let head = row
      let asks = 0
      for (const [what, nth] of steps) {
        const f = found(kept, head, '62')
        const before = readCollections(kept)
        const reference = before[nth]?.reference ?? 'B9'
        const amount = what === 'ask part' ? { amount: parseYuan('70.00') } : {}
        const entries =
          what === 'undo'
            ? callBack(f.dossiers, (head = undone))
            : what === 'restore'
              ? []
              : what === 'ask' || what === 'ask part'
                ? entriesOf(ask(f, { reference: `B${++asks}`, ...amount }))
                : noteCollection(f, { settlement: row.settlement, reference, state: what }).entries
        if (what === 'restore') head = row
        kept = [...kept, ...keep(...entries)]
        expect(wrongIn(before, readCollections(kept), head)).toEqual([])
      }
    }),
  )
})

const entriesOf = (more: ReturnType<typeof askCollection>) => (isRefusal(more) ? [] : more.entries)

/** What of a step is not as the table and the cash allow. */
function wrongIn(before: readonly Collection[], now: readonly Collection[], head: Row): string[] {
  const was = new Map(before.map(({ reference, state }) => [reference, state]))
  const steps = now.map(({ reference, state }): [CollectionState | undefined, CollectionState] => [
    was.get(reference),
    state,
  ])
  const waiting = now.filter(({ state }) => state === 'asked' || state === 'unknown')
  return [
    ...steps
      .filter(([from, to]) =>
        from === undefined ? to !== 'asked' : from !== to && !collectionSteps[from].includes(to),
      )
      .map(([from, to]) => `${from} became ${to}`),
    ...(waiting.length > 1 ? ['two are open'] : []),
    ...(leftToCollect(head, now) < 0n ? ['more than there is'] : []),
  ]
}

test('only what waits for the bank is open, and every end is an end', () => {
  const open = collectionStates.filter((state) => isOpen({ state }))
  expect(open).toEqual(['asked', 'unknown', 'returning'])
  const ends = collectionStates.filter((state) => collectionSteps[state].length === 0)
  expect(ends).toEqual(['refused', 'returned'] satisfies CollectionState[])
})

test('the bank is asked ever more rarely, and for ever', () => {
  expect([1, 2, 3, 4, 5, 6, 100].map(waitAfter)).toEqual([
    15_000, 60_000, 300_000, 900_000, 3_600_000, 3_600_000, 3_600_000,
  ])
  expect(settlementOf(subject)).toBe(row.settlement)
})
