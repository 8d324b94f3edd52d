import { describe, expect, test } from 'vitest'
import { parseDay } from '../../engine/day.ts'
import type { Outcome } from '../../engine/outcome.ts'
import { day, region, rulebooks } from './support/packs.ts'
import { claim, stay, yuan } from './support/world.ts'
import { numbers, packs, desk, keyOf, settle, cancel, reverse, words } from './support/desk.ts'

describe('a batch', () => {
  test('settles each claim and answers in order; unknown parties store nothing', async () => {
    const { books, ...at } = desk()
    const stranger = settle('c', 0, {
      credential: { type: 'citizen-number', number: '510199198001010010' },
    })
    const outcomes = await at.settle([settle('a'), stranger, settle('b', 1)])
    expect(words(outcomes)).toEqual(['72000', 'person-unknown', '72000'])
    expect([books.commits, books.rows.length, books.answers.size]).toEqual([1, 2, 2])
  })

  test('of nothing is nothing, and what stores nothing commits nothing', async () => {
    const { books, ...at } = desk()
    expect(await at.settle([])).toEqual([])
    expect(words(await at.settle([settle('a', 0, { total: yuan('1.00') })]))).toEqual([
      'total-mismatch',
    ])
    expect([books.commits, books.abandoned, books.answers.size]).toEqual([0, 2, 0])
  })

  test('a refusal by rule is stored and replayed, and a key of another body differs', async () => {
    const at = desk()
    const late = settle('a', 0, { day: day('2019-01-01'), stay: stay('2019-01-01', '2019-01-01') })
    expect(words(await at.settle([late]))).toEqual(['no-rule-for-day'])
    expect(words(await at.settle([late]))).toEqual(['no-rule-for-day again'])
    expect(words(await at.settle([settle('b')]))).toEqual(['72000'])
    expect(words(await at.settle([settle('b')]))).toEqual(['72000 again'])
    expect(words(await at.settle([{ ...settle('b'), key: keyOf('b', 'other') }]))).toEqual([
      'differs in total',
    ])
    expect(at.books.rows).toHaveLength(1)
  })

  test('of one person is decided claim by claim, each on what the one before left', async () => {
    const { books, ...at } = desk()
    books.balances.set('P1', yuan('150.00'))
    const use = { useAccount: true, visit: 'V1', care: 'outpatient', stay: undefined } as const
    const twice = settle('c', 0, use)
    const [a, b, c, d] = await at.settle([
      settle('a', 0, use),
      settle('b', 0, { ...use, visit: 'V2' }),
      twice,
      settle('d', 0, { ...use, visit: undefined }),
    ])
    // The deductible of 100 once; the account pays 150 of 280, then nothing.
    expect(words([a, b, c, d] as Outcome[])).toEqual([
      '72000',
      '80000',
      'line-already-settled',
      '80000',
    ])
    const drawn = [a, b].map((o) => (o?.kind === 'settled' ? o.row.content.account : undefined))
    expect(drawn).toEqual([yuan('150.00'), 0n])
    expect(books.balances.get('P1')).toBe(0n)
    // The bill of the first is the bill of the second under another key: told, not refused.
    const warned = [a, b].map((o) => (o?.kind === 'settled' ? o.row.content.warnings : undefined))
    expect(warned).toEqual([[], [{ code: 'same-bill-settled', facts: { settlements: ['R1'] } }]])
  })

  test('may draw on the account of another of its people, once', async () => {
    const { books, ...at } = desk()
    books.balances.set('P1', yuan('300.00'))
    books.balances.set('P2', yuan('0.00'))
    const outcomes = await at.settle([
      settle('a', 0, { useAccount: true }),
      settle('b', 1, { useFamilyAccount: true }),
    ])
    const accounts = outcomes.map((o) => (o.kind === 'settled' ? o.row.content.account : undefined))
    // Each owes 100 + 180 = 280; the first takes 280 of 300, the second the 20 that are left.
    expect(accounts).toEqual([yuan('280.00'), yuan('20.00')])
    expect(books.balances.get('P1')).toBe(0n)
  })

  test('lets an undo wait for the claims of its person, and claims for the undo', async () => {
    const { books, ...at } = desk()
    expect(words(await at.settle([settle('a')]))).toEqual(['72000'])
    const asks = [settle('b'), cancel('c', 'R1'), settle('d'), settle('e', 1), cancel('f', 'R1')]
    // b and e first; then c alone, which gives the deductible back; then d, which takes it up again; then f.
    expect(words(await at.settle(asks))).toEqual([
      '80000',
      'undone R1 R2',
      '72000',
      '72000',
      'already-undone',
    ])
    expect(books.rows.map((r) => r.id + r.kind)).toEqual([
      'R1settlement',
      'R2settlement',
      'R3settlement',
      'R4cancellation',
      'R5settlement',
    ])
  })

  test('gives back to an account what the claim of another person drew, beside that account’s own claims', async () => {
    const { books, ...at } = desk()
    books.balances.set('P1', yuan('500.00'))
    books.balances.set('P2', yuan('0.00'))
    await at.settle([settle('a', 1, { useFamilyAccount: true })])
    expect(books.balances.get('P1')).toBe(yuan('220.00'))
    await at.settle([settle('b', 0, { useAccount: true }), cancel('c', 'R1')])
    // 500 − 280, then − 220 of the 280 that P1 owes, then the 280 of P2 back.
    expect(books.balances.get('P1')).toBe(yuan('280.00'))
  })

  test('of undos of one person takes them one after the other', async () => {
    const at = desk()
    await at.settle([settle('a', 0, { visit: 'V', stay: stay('2026-03-01', '2026-03-02', true) })])
    await at.settle([settle('b')])
    expect(words(await at.settle([cancel('c', 'R2'), cancel('d', 'R1')]))).toEqual([
      'undone R2',
      'undone R1',
    ])
    expect(
      [...(at.books.counters.get('P1') ?? new Map()).values()].every((sums) => sums.size === 0),
    ).toBe(true)
    expect(words(await at.settle([cancel('c', 'R2'), cancel('e', 'R9')]))).toEqual([
      'undone R2 again',
      'settlement-unknown',
    ])
  })
})

describe('a reversal', () => {
  test('undoes a settlement, and asked again finds that it did', async () => {
    const at = desk()
    await at.settle([settle('a')])
    expect(words(await at.settle([reverse('r', 'a')]))).toEqual(['reversed reversal'])
    expect(words(await at.settle([reverse('r', 'a')]))).toEqual(['reversed reversal again'])
    expect(words(await at.settle([reverse('s', 'a')]))).toEqual(['reversed reversal'])
    expect(at.books.rows).toHaveLength(2)
  })

  test('of a cancellation restores the settlement, which can be cancelled again', async () => {
    const at = desk()
    await at.settle([settle('a')])
    await at.settle([cancel('c', 'R1')])
    expect(words(await at.settle([reverse('r', 'c')]))).toEqual(['reversed restoration'])
    expect(words(await at.settle([cancel('d', 'R1')]))).toEqual(['undone R3'])
    expect(words(await at.settle([reverse('s', 'a')]))).toEqual(['already-undone'])
  })

  test('of a settlement that was cancelled and restored undoes it, for it is in force', async () => {
    const at = desk()
    await at.settle([settle('a')])
    await at.settle([cancel('c', 'R1')])
    await at.settle([reverse('r', 'c')])
    expect(words(await at.settle([reverse('s', 'a')]))).toEqual(['reversed reversal'])
    expect(words(await at.settle([reverse('t', 'a')]))).toEqual(['reversed reversal'])
    expect(words(await at.settle([reverse('u', 'c')]))).toEqual(['already-undone'])
    expect(at.books.rows.map((row) => row.kind).at(-1)).toBe('reversal')
  })

  test('of what never arrived blocks its key', async () => {
    const at = desk()
    expect(words(await at.settle([reverse('r', 'late')]))).toEqual(['reversed nothing'])
    expect(words(await at.settle([settle('late')]))).toEqual(['undone-before-arrival again'])
    expect(words(await at.settle([reverse('s', 'late')]))).toEqual(['reversed nothing'])
    expect(at.books.rows).toEqual([])
  })

  test('waits for whatever else its batch holds under the key it asks about', async () => {
    const at = desk()
    expect(words(await at.settle([reverse('r', 'a'), settle('a'), settle('b', 1)]))).toEqual([
      'reversed nothing',
      'undone-before-arrival again',
      '72000',
    ])
    expect(words(await at.settle([reverse('s', 'c'), reverse('t', 'c'), settle('d')]))).toEqual([
      'reversed nothing',
      'reversed nothing',
      '72000',
    ])
    // Whoever it names: the settlement is its claimant's.
    expect(words(await at.settle([settle('e'), reverse('u', 'e', 'P2')]))).toEqual([
      '80000',
      'reversed reversal',
    ])
    expect(at.events).toEqual([])
  })

  test('needs a person', async () => {
    const at = desk()
    const nobody = { ...reverse('r', 'late'), person: undefined as unknown as string }
    expect(words(await at.settle([nobody]))).toEqual(['person-unknown'])
  })
})

describe('a preview', () => {
  test('says what the settlement will say, and writes nothing', async () => {
    const { books, ...at } = desk()
    books.balances.set('P1', yuan('50.00'))
    const ask = settle('a', 0, { useAccount: true, visit: 'V1' })
    const claims = [ask].flatMap((a) => (a.kind === 'settle' ? [a.claim] : []))
    const [shown] = await at.preview(claims)
    const [done] = await at.settle([ask])
    expect(shown?.kind === 'preview' && shown.settlement).toEqual(
      done?.kind === 'settled' && done.row.content,
    )
    // What the settlement would refuse now, the preview refuses as well.
    expect(await at.preview(claims)).toMatchObject([
      { kind: 'refused', refusal: { code: 'line-already-settled' } },
    ])
    expect(words(await at.settle([{ ...ask, key: keyOf('b') }]))).toEqual(['line-already-settled'])
  })

  test('of a bill of a region that is served elsewhere is refused by name', async () => {
    const at = desk({ regions: packs.directory([]) })
    const asked = claim('1.00', { credential: { type: 'citizen-number', number: numbers[0] } })
    expect(await at.preview([asked])).toMatchObject([
      { kind: 'refused', refusal: { code: 'care-region-not-served' } },
    ])
    const nobody = claim('1.00', {
      institution: 'H9',
      credential: { type: 'citizen-number', number: numbers[0] },
    })
    expect(await at.preview([nobody])).toMatchObject([
      { kind: 'refused', refusal: { code: 'institution-unknown' } },
    ])
  })
})

describe('undoing in a region that left', () => {
  test('is refused by name', async () => {
    const { books, ...at } = desk()
    await at.settle([settle('a')])
    const none = rulebooks({ regions: [region('500100')] })
    const other = desk({ books, rulebooks: none, regions: none.directory(['500100']) })
    expect(words(await other.settle([cancel('c', 'R1')]))).toEqual(['home-region-not-served'])
  })

  test('past the month is refused where the region says so', async () => {
    const at = desk({ dayOf: () => parseDay('2025-11-23') })
    await at.settle([settle('a')])
    expect(words(await at.settle([cancel('c', 'R1')]))).toEqual(['undo-past-boundary'])
  })
})
