import { describe, expect, test } from 'vitest'
import type { Claim } from '../../engine/claim.ts'
import { parseDay } from '../../engine/day.ts'
import type { Ask, Key, Outcome } from '../../engine/ports.ts'
import { type Ports, type ProcessEvent, startProcess } from '../../engine/process.ts'
import { Bug } from '../../engine/refusal.ts'
import { MemoryBooks } from './support/books.ts'
import { day, deductible, layer, pays, region, rule, rulebooks, scheme } from './support/packs.ts'
import { claim, coverage, institution, now, person, stay, today, yuan } from './support/world.ts'

const numbers = ['11010519491231002X', '111111198101011110', '110101199001011237'] as const
const hospital = institution()
const packs = rulebooks({
  schemes: [
    scheme([
      rule([layer('pool', pays('0.8'), { deductible: deductible('year', '100.00') })]),
      rule([layer('pool', pays('0.8'), { deductible: deductible('year', '100.00') })], { care: ['outpatient'] }),
    ]),
  ],
})

function desk(more: Partial<Ports> = {}) {
  const books = new MemoryBooks()
  books.institutions.set(hospital.code, hospital)
  for (const [i, number] of numbers.entries())
    books.people.set(number, person({ id: `P${i + 1}`, familyShares: i === 1 ? [{ owner: 'P1', relation: 'spouse', from: day('2020-01-01') }] : [] }))
  const events: ProcessEvent[] = []
  const pauses: number[] = []
  let ids = 0
  const ports: Ports = {
    books,
    clock: { now: () => now, today: () => today },
    ids: { next: () => `R${++ids}` },
    rulebooks: packs,
    regions: packs.directory(['510100']),
    packHash: 'hash',
    dayOf: () => today,
    pause: async (attempt) => void pauses.push(attempt),
    tell: (event) => void events.push(event),
    ...more,
  }
  return { books, events, pauses, ...startProcess(ports) }
}

const keyOf = (key: string, fingerprint = key): Key => ({ institution: hospital.code, key, fingerprint, input: '' })
const settle = (key: string, who: 0 | 1 | 2 = 0, more: Partial<Claim> = {}, amount = '1000.00'): Ask => ({
  kind: 'settle',
  key: keyOf(key),
  claim: claim(amount, { credential: { type: 'citizen-number', number: numbers[who] }, ...more }),
})
const cancel = (key: string, settlement: string): Ask => ({
  kind: 'cancel',
  key: keyOf(key),
  settlement,
  institution: hospital.code,
})
const reverse = (key: string, original: string, owner = 'P1'): Ask => ({
  kind: 'reverse',
  key: keyOf(key),
  institution: hospital.code,
  original: { institution: hospital.code, key: original },
  person: owner,
})

/** Outcomes in few words: what was paid by funds, or why not. */
const words = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map((o) => {
    switch (o.kind) {
      case 'settled':
        return `${o.row.content.fundTotal}${o.replayed ? ' again' : ''}`
      case 'undone':
        return ['undone', o.row.undoes, ...o.affected, ...(o.replayed ? ['again'] : [])].join(' ')
      case 'reversed':
        return `reversed ${o.row?.kind ?? 'nothing'}${o.replayed ? ' again' : ''}`
      case 'refused':
        return `${o.refusal.code}${o.replayed ? ' again' : ''}`
      case 'differs':
        return `differs in ${o.field}`
      case 'bug':
        return `bug ${o.reference}`
      case 'inProgress':
      case 'busy':
      case 'unknown':
        return o.kind
    }
  })

describe('a batch', () => {
  test('settles each claim and answers in order; unknown parties store nothing', async () => {
    const { books, ...at } = desk()
    const stranger = settle('c', 0, { credential: { type: 'citizen-number', number: '110101198001010010' } })
    const outcomes = await at.settle([settle('a'), stranger, settle('b', 1)])
    expect(words(outcomes)).toEqual(['72000', 'person-unknown', '72000'])
    expect([books.commits, books.rows.length, books.answers.size]).toEqual([1, 2, 2])
  })

  test('of nothing is nothing, and what stores nothing commits nothing', async () => {
    const { books, ...at } = desk()
    expect(await at.settle([])).toEqual([])
    expect(words(await at.settle([settle('a', 0, { total: yuan('1.00') })]))).toEqual(['total-mismatch'])
    expect([books.commits, books.abandoned, books.answers.size]).toEqual([0, 2, 0])
  })

  test('a refusal by rule is stored and replayed, and a key of another body differs', async () => {
    const at = desk()
    const late = settle('a', 0, { day: day('2019-01-01'), stay: stay('2019-01-01', '2019-01-01') })
    expect(words(await at.settle([late]))).toEqual(['no-rule-for-day'])
    expect(words(await at.settle([late]))).toEqual(['no-rule-for-day again'])
    expect(words(await at.settle([settle('b')]))).toEqual(['72000'])
    expect(words(await at.settle([settle('b')]))).toEqual(['72000 again'])
    expect(words(await at.settle([{ ...settle('b'), key: keyOf('b', 'other') }]))).toEqual(['differs in total'])
    expect(at.books.rows).toHaveLength(1)
  })

  test('of one person is decided claim by claim, each on what the one before left', async () => {
    const { books, ...at } = desk()
    books.balances.set('P1', yuan('150.00'))
    const use = { useAccount: true, visit: 'V1', care: 'outpatient', stay: undefined } as const
    const twice = settle('c', 0, use)
    const [a, b, c, d] = await at.settle([settle('a', 0, use), settle('b', 0, { ...use, visit: 'V2' }), twice, settle('d', 0, { ...use, visit: undefined })])
    // The deductible of 100 once; the account pays 150 of 280, then nothing.
    expect(words([a, b, c, d] as Outcome[])).toEqual(['72000', '80000', 'line-already-settled', '80000'])
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
    const outcomes = await at.settle([settle('a', 0, { useAccount: true }), settle('b', 1, { useFamilyAccount: true })])
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
    expect(words(await at.settle(asks))).toEqual(['80000', 'undone R1 R2', '72000', '72000', 'already-undone'])
    expect(books.rows.map((r) => r.id + r.kind)).toEqual([
      'R1settlement',
      'R2settlement',
      'R3settlement',
      'R4cancellation',
      'R5settlement',
    ])
  })

  test('of undos of one person takes them one after the other', async () => {
    const at = desk()
    await at.settle([settle('a', 0, { visit: 'V', stay: stay('2026-03-01', '2026-03-02', true) })])
    await at.settle([settle('b')])
    expect(words(await at.settle([cancel('c', 'R2'), cancel('d', 'R1')]))).toEqual(['undone R2', 'undone R1'])
    expect([...(at.books.counters.get('P1') ?? new Map()).values()].every((sums) => sums.size === 0)).toBe(true)
    expect(words(await at.settle([cancel('c', 'R2'), cancel('e', 'R9')]))).toEqual(['undone R2 again', 'settlement-unknown'])
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

  test('of what never arrived blocks its key', async () => {
    const at = desk()
    expect(words(await at.settle([reverse('r', 'late')]))).toEqual(['reversed nothing'])
    expect(words(await at.settle([settle('late')]))).toEqual(['undone-before-arrival again'])
    expect(words(await at.settle([reverse('s', 'late')]))).toEqual(['reversed nothing'])
    expect(at.books.rows).toEqual([])
  })

  test('needs a person', async () => {
    const at = desk()
    const nobody = { ...reverse('r', 'late'), person: undefined as unknown as string }
    expect(words(await at.settle([nobody]))).toEqual(['person-unknown'])
  })
})

describe('a conflict', () => {
  test('runs everything again from the beginning', async () => {
    const { books, events, pauses, ...at } = desk()
    let once = true
    books.meanwhile = () => {
      if (!once) return
      once = false
      // Somebody else used up the deductible first.
      books.counters.set('P1', new Map([['2026', new Map([['510100|employee|deductible|year', yuan('100.00')]])]]))
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
    books.atLookUp.push('broken', 'nothing-told')
    expect(words(await at.settle([settle('a'), settle('b', 1), settle('c', 2)]))).toEqual(['unknown', 'unknown', '72000'])
  })

  test('tells a key that was used otherwise', async () => {
    const { books, ...at } = desk()
    books.atCommit.push('unknown')
    books.meanwhile = () => books.answers.set(`${hospital.code} a`, { fingerprint: 'other', answer: { kind: 'reversed' } })
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
    expect([outcomes[0], outcomes[1], outcomes[3], outcomes[4]]).toEqual(['72000', '72000', '80000', '80000'])
    expect(outcomes[2]).toMatch(/^bug R\d+$/)
    expect(books.rows).toHaveLength(4)
    expect(events.map((e) => e.kind)).toEqual(['bug'])
  })

  test('of our own is told with a reference, and the others of its batch settle in it', async () => {
    const { books, events } = desk()
    const odd = person({ id: 'P1', coverages: [coverage({ group: 'child' })] })
    const strict = rulebooks({
      schemes: [scheme([rule([layer('pool', pays([[{ group: ['working'] }, '0.8'], [{ group: ['retired'] }, '0.9']]))])])],
    })
    books.people.set(numbers[0], odd)
    const other = desk({ rulebooks: strict, regions: strict.directory(['510100']), books, tell: (e) => void events.push(e) })
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

describe('a preview', () => {
  test('says what the settlement will say, and writes nothing', async () => {
    const { books, ...at } = desk()
    books.balances.set('P1', yuan('50.00'))
    const ask = settle('a', 0, { useAccount: true, visit: 'V1' })
    const claims = [ask].flatMap((a) => (a.kind === 'settle' ? [a.claim] : []))
    const [shown] = await at.preview(claims)
    const [done] = await at.settle([ask])
    expect(shown?.kind === 'preview' && shown.settlement).toEqual(done?.kind === 'settled' && done.row.content)
    // What the settlement would refuse now, the preview refuses as well.
    expect(await at.preview(claims)).toMatchObject([{ kind: 'refused', refusal: { code: 'line-already-settled' } }])
    expect(words(await at.settle([{ ...ask, key: keyOf('b') }]))).toEqual(['line-already-settled'])
  })

  test('of a person whose region is asked elsewhere is refused by name', async () => {
    const at = desk({ regions: packs.directory([]) })
    const asked = claim('1.00', { credential: { type: 'citizen-number', number: numbers[0] } })
    expect(await at.preview([asked])).toMatchObject([{ kind: 'refused', refusal: { code: 'home-region-not-served' } }])
    const nobody = claim('1.00', { institution: 'H9', credential: { type: 'citizen-number', number: numbers[0] } })
    expect(await at.preview([nobody])).toMatchObject([{ kind: 'refused', refusal: { code: 'institution-unknown' } }])
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
