import { describe, expect, test } from 'vitest'
import { claimOf, settledEntry } from '../../engine/bill.ts'
import { subjectKey, type Subject } from '../../engine/dossier.ts'
import { nothing, parseQuantity, parseUnitPrice, parseYuan } from '../../engine/money.ts'
import type { Ask, BillAsk, EnterAsk, Found, Previewed, Row } from '../../engine/ports.ts'
import { isRefusal } from '../../engine/refusal.ts'
import { type VisitLine, visitSubject } from '../../engine/visit.ts'
import {
  addLines,
  cancelVisit,
  entered,
  findVisit,
  register,
  removeLines,
} from '../../engine/visiting.ts'
import { cancel, desk, hospital, keyOf, numbers, reverse, words } from './support/desk.ts'
import { now, today } from './support/world.ts'

const person = 'P1'
const visit = visitSubject(person, 'V1')

const enter = (
  key: string,
  make: EnterAsk['enter'],
  subjects: readonly Subject[] = [visit],
  owner = person,
): EnterAsk => ({
  kind: 'enter',
  key: keyOf(key),
  institution: hospital.code,
  owner,
  subjects,
  enter: make,
})

const registered = enter('2201', () => ({
  entries: [
    register(visit, {
      kind: 'outpatient',
      institution: hospital.code,
      began: now,
      day: today,
      credential: { type: 'citizen-number', number: numbers[0] },
      about: { care: 'outpatient' },
      details: { doctor: 'D1' },
    }),
  ],
  result: { mdtrt_id: 'V1' },
}))

const inFull = { class: 'A', firstSelfPayRate: nothing, funds: ['medical'] } as const

const line = (id: string, amount: string, batch = 'B1'): VisitLine => ({
  line: {
    id,
    item: 'X1',
    quantity: parseQuantity('1'),
    unitPrice: parseUnitPrice(amount),
    amount: parseYuan(amount),
  },
  batch,
  details: {},
})

const onVisit = (key: string, act: Parameters<typeof actOn>[0]): EnterAsk => enter(key, actOn(act))

const actOn =
  (
    act: (
      found: Exclude<ReturnType<typeof findVisit>, { kind: 'refusal' }>,
    ) => ReturnType<typeof addLines>,
  ) =>
  (found: Found) => {
    const there = findVisit(found, visit, hospital.code)
    return isRefusal(there) ? there : entered(act(there))
  }

const upload = (key: string, ...lines: VisitLine[]): EnterAsk =>
  onVisit(key, (there) => addLines(there, lines))

const bill = (key: string, total: string, batch: string | undefined = 'B1'): BillAsk => {
  const wanted = {
    total: parseYuan(total),
    batch,
    about: {},
    useAccount: false,
    useFamilyAccount: false,
    interim: false,
  }
  return {
    kind: 'bill',
    key: keyOf(key),
    institution: hospital.code,
    person,
    subjects: [visit],
    claim(found) {
      const there = findVisit(found, visit, hospital.code)
      if (isRefusal(there)) return there
      const made = claimOf(there, { ...wanted, today: found.today })
      if (isRefusal(made)) return made
      return { ...made, lines: made.lines.map((one) => ({ ...one, classification: inFull })) }
    },
    enter(found, billed) {
      const there = findVisit(found, visit, hospital.code)
      if (isRefusal(there)) return there
      const entries = settledEntry(there, billed, { ...wanted, now: found.now })
      return { entries, result: { told: billed.id === undefined ? 'preview' : 'settled' } }
    },
  }
}

function visiting() {
  const at = desk()
  at.books.identities.set(person, { name: 'name', citizenNumber: numbers[0] })
  const run = async (...asks: Ask[]): Promise<string[]> => words(await at.settle(asks))
  const kinds = () => (at.books.dossiers.get(subjectKey(visit)) ?? []).map(({ kind }) => kind)
  return { ...at, run, kinds }
}

const withLines = [line('L1', '1000.00'), line('L2', '500.00', 'B2')]

describe('a visit', () => {
  test('is registered, filled and settled, and every repeat is told the same', async () => {
    const { run, kinds, books } = visiting()
    const asks = [registered, upload('2204', ...withLines), bill('2207', '1000.00')]
    // Each adds to what the one before it left, so that each is settled in a batch of its own.
    expect(await run(...asks)).toEqual(['entered visit V1', 'entered visit V1', '72000'])
    expect(await run(...asks)).toEqual([
      'entered visit V1 again',
      'entered visit V1 again',
      '72000 again',
    ])
    expect(kinds()).toEqual(['registered', 'lines', 'settled'])
    expect(books.rows).toHaveLength(1)
  })

  test('tells a preview what the settlement will say, and leaves nothing', async () => {
    const { run, kinds, preview } = visiting()
    await run(registered, upload('2204', ...withLines))
    const { key: _, ...asked } = bill('2206', '500.00', 'B2')
    const [shown] = await preview([asked satisfies Previewed])
    expect(shown).toMatchObject({ kind: 'preview', result: { told: 'preview' } })
    expect(shown?.kind === 'preview' && shown.settlement.fundTotal).toBe(32_000n)
    expect(kinds()).toEqual(['registered', 'lines'])
    const [wrong] = await preview([{ ...asked, claim: bill('x', '1.00').claim }])
    expect(wrong).toMatchObject({ refusal: { code: 'total-mismatch' } })
    const stopped = {
      ...asked,
      enter: () => ({ kind: 'refusal', code: 'visit-closed', facts: {} }) as const,
    }
    expect((await preview([stopped]))[0]).toMatchObject({ refusal: { code: 'visit-closed' } })
  })

  test('that nobody knows previews as such where the books found nothing', async () => {
    const { preview, books } = visiting()
    books.look = async () => [undefined]
    const { key: _, ...asked } = bill('2206', '500.00')
    expect((await preview([asked]))[0]).toMatchObject({ refusal: { code: 'visit-unknown' } })
  })

  test('keeps a refusal that depends on it, so that a repeat never comes true later', async () => {
    const { run } = visiting()
    await run(registered, upload('2204', line('L1', '1000.00')))
    expect(await run(bill('early', '1500.00'))).toEqual(['total-mismatch'])
    await run(upload('2204b', line('L2', '500.00')))
    expect(await run(bill('early', '1500.00'))).toEqual(['total-mismatch again'])
    expect(await run(bill('now', '1500.00'))).toEqual(['112000'])
  })

  test('settles a batch once, and again after its settlement is cancelled', async () => {
    const { run, kinds, books } = visiting()
    await run(registered, upload('2204', ...withLines), bill('2207', '1000.00'))
    expect(await run(bill('again', '1000.00'))).toEqual(['batch-already-settled'])
    expect(await run(upload('late', line('L3', '1.00')))).toEqual(['batch-already-settled'])
    const [settled] = books.rows as [Row]
    const mismatched: Ask = { ...cancel('2208x', settled.settlement), visit: 'V2' } as Ask
    expect(await run(mismatched)).toEqual(['settlement-unknown'])
    await run({ ...cancel('2208', settled.settlement), visit: 'V1', person } as Ask)
    expect(kinds().at(-1)).toBe('undone')
    expect(await run(bill('anew', '1000.00'))).toEqual(['72000'])
  })

  test('hears of a reversal of its settlement, and of a cancellation that is reversed', async () => {
    const { run, kinds } = visiting()
    await run(registered, upload('2204', ...withLines), bill('2207', '1000.00'))
    expect(await run(cancel('2208', 'R1'))).toEqual(['undone R1'])
    expect(await run(reverse('2601', '2208'))).toEqual(['reversed restoration'])
    expect(kinds().slice(-2)).toEqual(['undone', 'restored'])
    expect(await run(reverse('2601b', '2207'))).toEqual(['reversed reversal'])
  })

  test('does not take a settlement back whose lines are gone', async () => {
    const { run } = visiting()
    await run(registered, upload('2204', ...withLines), bill('2207', '1000.00'))
    await run(cancel('2208', 'R1'))
    await run(onVisit('2205', (there) => removeLines(there, { of: 'all' })))
    expect(await run(reverse('2601', '2208'))).toEqual(['visit-changed'])
  })

  test('of somebody whom nobody knows is refused, and stores nothing', async () => {
    const { run, books } = visiting()
    const stranger = { ...bill('2207', '1.00'), person: 'nobody' }
    expect(await run(enter('2201', registered.enter, [visit], 'nobody'))).toEqual([
      'person-unknown',
    ])
    expect(await run(stranger)).toEqual(['visit-unknown'])
    expect(books.answers.size).toBe(0)
  })

  test('is not settled by a credential of somebody else', async () => {
    const { run } = visiting()
    await run(registered, upload('2204', ...withLines))
    const by = (
      key: string,
      credential: { type: 'citizen-number' | 'card' | 'e-card'; number: string },
    ) => ({
      ...bill(key, '1000.00'),
      claim: (found: Found) => {
        const made = bill(key, '1000.00').claim(found)
        return isRefusal(made) ? made : { ...made, credential }
      },
    })
    expect(await run(by('a', { type: 'citizen-number', number: numbers[1] }))).toEqual([
      'person-unknown',
    ])
    expect(await run(by('b', { type: 'card', number: 'A12345678' }))).toEqual(['card-unknown'])
    expect(await run(by('c', { type: 'e-card', number: 'EP1' }))).toEqual(['card-unknown'])
  })
})

describe('what was entered without settling', () => {
  const takeBack = (found: Found, subject: string) => {
    expect(subject).toBe(visit.name)
    const there = findVisit(found, visit, hospital.code)
    return isRefusal(there) ? there : entered(cancelVisit(there))
  }
  const reversal = (key: string, original: string): Ask =>
    ({ ...reverse(key, original), takeBack, matches: (input: string) => input === '' }) as Ask

  test('is taken back by a reversal, unless something stands upon it', async () => {
    const { run, kinds } = visiting()
    await run(registered)
    expect(await run(upload('2204', line('L1', '1.00')))).toEqual(['entered visit V1'])
    expect(await run(reversal('2601', '2201'))).toEqual(['visit-has-lines'])
    await run(onVisit('2205', (there) => removeLines(there, { of: 'all' })))
    expect(await run(reversal('2601b', '2201'))).toEqual(['reversed nothing'])
    expect(kinds().at(-1)).toBe('cancelled')
    expect(await run(upload('2204c', line('L1', '1.00')))).toEqual(['visit-cancelled'])
  })

  test('is left as it is where the asker does not say how to take it back', async () => {
    const { run, kinds } = visiting()
    await run(registered)
    expect(await run(reverse('2601', '2201'))).toEqual(['reversed nothing'])
    expect(kinds()).toEqual(['registered'])
  })

  test('is not reversed as something that it was not', async () => {
    const { run } = visiting()
    await run(registered)
    const wrong = { ...reverse('2601', '2201'), matches: () => false } as Ask
    expect(await run(wrong)).toEqual(['original-differs'])
  })
})

describe('an institution', () => {
  test('keeps what is its own, and a change of a person is read by whoever follows', async () => {
    const { run, books } = visiting()
    const session = { owner: `institution:${hospital.code}`, name: 'session 1' }
    const signIn = enter(
      '9001',
      () => ({ entries: [{ subject: session, kind: 'opened', body: {} }] }),
      [session],
      session.owner,
    )
    expect(await run(signIn)).toEqual(['entered session 1'])
    const filed = enter(
      '2503',
      ({ facts }) => ({ entries: [], person: { ...facts.person!, civilServant: true } }),
      [{ owner: person, name: 'filings' }],
    )
    const seen: boolean[] = []
    const look = enter(
      'look',
      ({ facts }) => {
        seen.push(facts.person?.civilServant === true)
        return { entries: [] }
      },
      [{ owner: person, name: 'other' }],
    )
    expect(await run(filed, look)).toEqual(['entered filings', 'entered other'])
    expect(seen).toEqual([true])
    expect([...books.people.values()][0]?.civilServant).toBe(true)
    expect(await run(enter('none', () => ({ entries: [] }), []))).toEqual(['entered '])
  })
})
