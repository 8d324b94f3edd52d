import { describe, expect, test } from 'vitest'
import { layer, pays, rule, rulebooks, scheme } from './support/packs.ts'
import { person, yuan, coverage } from './support/world.ts'
import { Fault } from '../../engine/ports.ts'
import { Bug } from '../../engine/refusal.ts'
import { numbers, hospital, desk, settle, words } from './support/desk.ts'

describe('a conflict', () => {
  test('runs everything again from the beginning', async () => {
    const { books, events, pauses, ...at } = desk()
    let once = true
    books.meanwhile = () => {
      if (!once) return
      once = false
      // Somebody else used up the deductible first.
      books.counters.set(
        'P1',
        new Map([['2026', new Map([['510100|employee|deductible|year', yuan('100.00')]])]]),
      )
      books.touch('P1')
    }
    expect(words(await at.settle([settle('a'), settle('b', 1)]))).toEqual(['80000', '72000'])
    expect([books.commits, books.abandoned, pauses]).toEqual([1, 1, [1]])
    expect(events).toEqual([{ kind: 'retry', asks: 2, because: 'P1 moved on' }])
  })

  test('is tried eight times, then the asker is told to come back', async () => {
    const { books, pauses, ...at } = desk()
    books.atOpen.push(...Array.from({ length: 8 }, () => 'conflict' as const))
    expect(words(await at.settle([settle('a')]))).toEqual(['busy'])
    expect(pauses).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(words(await at.settle([settle('a')]))).toEqual(['72000'])
  })

  test('that never ends is one ask’s, and does not keep its neighbours out', async () => {
    const { books, ...at } = desk()
    const open = books.open.bind(books)
    books.open = async (asks) => {
      if (asks.some(({ key }) => key.key === 'b')) throw new Fault('conflict', 'again and again')
      return open(asks)
    }
    const asks = [settle('a'), settle('b', 1), settle('c', 2)]
    expect(words(await at.settle(asks))).toEqual(['72000', 'busy', '72000'])
  })
})

describe('a database that is away', () => {
  test('is told as busy, and nothing happened', async () => {
    const { books, ...at } = desk()
    books.atOpen.push('unavailable')
    expect(words(await at.settle([settle('a'), settle('b', 1)]))).toEqual(['busy', 'busy'])
    books.atCommit.push('unavailable')
    expect(words(await at.settle([settle('a')]))).toEqual(['busy'])
    expect(books.rows).toEqual([])
  })

  test('and cannot even be told to give up does not hide what happened', async () => {
    const { books, ...at } = desk()
    const open = books.open.bind(books)
    books.open = async (asks) => ({
      ...(await open(asks)),
      abandon: () => Promise.reject(new Error('the connection is gone')),
    })
    books.atCommit.push('unknown-but-committed')
    expect(words(await at.settle([settle('a')]))).toEqual(['72000'])
    expect(books.rows).toHaveLength(1)
  })
})

describe('a commit without a reply', () => {
  test('that went through is answered from what is stored, as if it had replied', async () => {
    const { books, events, ...at } = desk()
    books.atCommit.push('unknown-but-committed')
    expect(words(await at.settle([settle('a'), settle('b', 1)]))).toEqual(['72000', '72000'])
    expect([books.rows.length, events]).toEqual([2, [{ kind: 'unknown', asks: 2 }]])
  })

  test('that did not is tried again', async () => {
    const { books, ...at } = desk()
    books.atCommit.push('unknown')
    expect(words(await at.settle([settle('a')]))).toEqual(['72000'])
    expect(books.rows).toHaveLength(1)
  })

  test('is told as unknown while nobody can say', async () => {
    const { books, ...at } = desk()
    books.atCommit.push('unknown')
    books.atLookUp.push('nothing-told')
    expect(words(await at.settle([settle('a'), settle('b', 1)]))).toEqual(['unknown', '72000'])
    books.atCommit.push('unknown')
    books.atLookUp.push('broken')
    expect(words(await at.settle([settle('c'), settle('d', 1)]))).toEqual(['unknown', 'unknown'])
  })

  test('tells a key that was used otherwise', async () => {
    const { books, ...at } = desk()
    books.atCommit.push('unknown')
    books.meanwhile = () =>
      books.answers.set(`${hospital.code} a`, {
        fingerprint: 'other',
        input: '',
        answer: { kind: 'reversed' },
      })
    expect(words(await at.settle([settle('a')]))).toEqual(['differs in total'])
  })

  test('again and again ends as busy, with nothing under the key', async () => {
    const { books, ...at } = desk()
    books.atCommit.push(...Array.from({ length: 8 }, () => 'unknown' as const))
    expect(words(await at.settle([settle('a')]))).toEqual(['busy'])
    expect(books.rows).toEqual([])
  })
})

describe('poison', () => {
  test('is found by halving, and its neighbours settle', async () => {
    const { books, events, ...at } = desk()
    books.poison = (writing) => writing.ask.key.key === 'c'
    const asks = ['a', 'b', 'c', 'd', 'e'].map((key, i) => settle(key, (i % 3) as 0 | 1 | 2))
    const outcomes = words(await at.settle(asks))
    expect([outcomes[0], outcomes[1], outcomes[3], outcomes[4]]).toEqual([
      '72000',
      '72000',
      '80000',
      '80000',
    ])
    expect(outcomes[2]).toMatch(/^bug R\d+$/)
    expect(books.rows).toHaveLength(4)
    expect(events.map((e) => e.kind)).toEqual(['bug'])
  })

  test('of our own is told with a reference, and the others of its batch settle in it', async () => {
    const { books, events } = desk()
    const odd = person({ id: 'P1', coverages: [coverage({ group: 'child' })] })
    const strict = rulebooks({
      schemes: [
        scheme([
          rule([
            layer(
              'pool',
              pays([
                [{ group: ['working'] }, '0.8'],
                [{ group: ['retired'] }, '0.9'],
              ]),
            ),
          ]),
        ]),
      ],
    })
    books.people.set(numbers[0], odd)
    const other = desk({
      rulebooks: strict,
      regions: strict.directory(['510100']),
      books,
      tell: (e) => void events.push(e),
    })
    expect(words(await other.settle([settle('a'), settle('b', 1)]))).toEqual(['bug R1', '80000'])
    expect(events).toMatchObject([{ kind: 'bug', reference: 'R1', error: expect.any(Bug) as Bug }])
    expect([books.commits, books.rows.length]).toEqual([1, 1])
  })

  test('that is no bug of ours is told as one', async () => {
    const { books, events, ...at } = desk()
    books.atOpen.push('broken')
    expect(words(await at.settle([settle('a')]))).toEqual(['bug R1'])
    expect(String((events[0] as { error: unknown }).error)).toBe('Bug: Error: broken')
  })
})
