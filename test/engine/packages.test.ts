import { describe, expect, test } from 'vitest'
import { isPackage, packageSubject } from '../../engine/packages.ts'
import type { Found } from '../../engine/ports.ts'
import { cancel, keyOf, reverse } from './support/desk.ts'
import { line, returns, sale, shop, tells } from './support/sales.ts'

const one = { lines: [line('L1', ['T1', 'T2'])] }

describe('a traced package', () => {
  test('is sold with the bill of its line, given back with its cancellation, and sold again', async () => {
    const at = shop()
    const [first, second] = [sale('V1', one), sale('V2', { ...one, who: 2 })]
    await at.open(first, second)
    expect(await at.preview([first.bill])).toMatchObject([{ kind: 'preview' }])
    expect(await at.run(first.bill)).toEqual(['32000'])
    expect(at.kinds('T1')).toEqual(['settled'])
    expect(await at.preview([second.bill])).toMatchObject([
      { kind: 'refused', refusal: { code: 'package-already-sold', facts: { trace: 'T1' } } },
    ])
    expect(await at.run(second.bill)).toEqual(['package-already-sold'])
    const settlement = at.settlement('V1')
    expect(await at.run(cancel('C1', settlement))).toEqual([`undone ${settlement}`])
    expect(at.kinds('T2')).toEqual(['settled', 'undone'])
    const again = { ...second.bill, key: keyOf('again') }
    expect(await at.run(again)).toEqual(['32000'])
  })

  test('is sold once where two ask for it at once', async () => {
    const at = shop()
    const [first, second] = [sale('V1', one), sale('V2', { ...one, who: 2 })]
    await at.open(first, second)
    expect(await at.run(first.bill, second.bill)).toEqual(['32000', 'package-already-sold'])
  })

  test('is not given back to a sale whose cancellation is reversed after another sold it', async () => {
    const at = shop()
    const [first, second] = [sale('V1', one), sale('V2', { ...one, who: 2 })]
    await at.open(first, second)
    await at.run(first.bill)
    await at.run(cancel('C1', at.settlement('V1')))
    await at.run(second.bill)
    expect(await at.run(reverse('R1', 'C1'))).toEqual(['package-already-sold'])
    await at.run(cancel('C2', at.settlement('V2')))
    expect(await at.run(reverse('R2', 'C1'))).toEqual(['reversed restoration'])
    expect(at.kinds('T1')).toEqual(['settled', 'undone', 'settled', 'undone', 'settled'])
    expect(await at.run(reverse('R3', 'settle V1'))).toEqual(['reversed reversal'])
    expect(at.kinds('T1').at(-1)).toBe('undone')
  })

  test('stands on one line of a bill, except by the piece', async () => {
    const at = shop()
    const twice = sale('V1', { lines: [line('L1', ['T1']), line('L2', ['T1'])] })
    const mixed = sale('V2', { lines: [line('L1', ['T1'], true), line('L2', ['T1'])] })
    const pieces = sale('V3', { lines: [line('L1', ['T1'], true), line('L2', ['T1'], true)] })
    await at.open(twice, mixed, pieces)
    const sold = await at.run(twice.bill)
    expect([...sold, ...(await at.run(mixed.bill)), ...(await at.run(pieces.bill))]).toEqual([
      'package-already-sold',
      'package-already-sold',
      '72000',
    ])
  })

  test('by the piece is sold again by whoever opened it, and by nobody else', async () => {
    const at = shop()
    const pieces = { lines: [line('L1', ['T1'], true)] }
    const first = sale('V1', pieces)
    const second = sale('V2', { ...pieces, who: 2 })
    const whole = sale('V3', { lines: [line('L1', ['T1'])] })
    const other = sale('V4', { ...pieces, who: 2 }, 'H2')
    await at.open(first, second, whole, other)
    expect(await at.run(first.bill)).toEqual(['32000'])
    expect(await at.run(second.bill)).toEqual(['32000'])
    expect(await at.run(whole.bill)).toEqual(['package-already-sold'])
    expect(await at.run(other.bill)).toEqual(['package-already-sold'])
    expect(await at.run(tells('S1', ['T1'], { loose: true }))).toEqual(['entered sale S1'])
    expect(await at.run(tells('S2', ['T1'], { loose: true }))).toEqual(['entered sale S2'])
    expect(await at.run(tells('S3', ['T1']))).toEqual(['package-already-sold'])
  })

  test('that an ask is about although the books cannot tell of it is a bug', async () => {
    const at = shop()
    const first = sale('V1', one)
    await at.open(first)
    const lost = { ...first.bill, also: [packageSubject('T1'), packageSubject('T2')] }
    const open = at.books.open.bind(at.books)
    const look = at.books.look.bind(at.books)
    at.books.open = async (asks) => {
      const session = await open(asks)
      return { ...session, loaded: session.loaded.map((l) => ({ ...l, dossiers: without(l) })) }
    }
    at.books.look = async (asked) =>
      (await look(asked)).map((l) => l && { ...l, dossiers: without(l) })
    expect(await at.run(lost)).toEqual([expect.stringMatching(/^bug /)])
    await expect(at.preview([lost])).rejects.toThrow('not named: trace:T1 package')
  })
})

const without = ({ dossiers }: Pick<Found, 'dossiers'>) =>
  new Map([...dossiers].filter(([subject]) => !subject.startsWith('trace:')))

describe('a sale told by stock keeping', () => {
  test('is that of the settlement it belongs to, whichever comes first', async () => {
    const at = shop()
    const first = sale('V1', one)
    await at.open(first)
    await at.run(first.bill)
    const settlement = at.settlement('V1')
    expect(await at.run(tells('S1', ['T1', 'T1'], { settlement }))).toEqual(['entered sale S1'])
    expect(at.kinds('T1')).toEqual(['settled', 'sold'])
    expect(await at.run(tells('S2', ['T2'], { person: 'P1' }))).toEqual(['entered sale S2'])
    expect(await at.run(tells('S3', ['T3'], { visit: 'V2' }))).toEqual(['entered sale S3'])
    const later = sale('V2', { who: 1, lines: [line('L1', ['T3'])] })
    await at.open(later)
    expect(await at.run(later.bill)).toEqual(['32000'])
  })

  test('of something that was settled for somebody else, elsewhere or not at all is refused', async () => {
    const at = shop()
    const first = sale('V1', one)
    await at.open(first)
    await at.run(first.bill)
    const refused = ['package-already-sold']
    expect(await at.run(tells('S1', ['T1'], { person: 'P2' }))).toEqual(refused)
    expect(await at.run(tells('S2', ['T1'], { visit: 'V9' }))).toEqual(refused)
    expect(await at.run(tells('S3', ['T1'], { settlement: 'R9' }))).toEqual(refused)
    expect(await at.run(tells('S4', ['T1'], { person: 'P1', unsettled: true }))).toEqual(refused)
    expect(await at.run(tells('S5', ['T1'], { person: 'P1' }, 'H2'))).toEqual(refused)
  })

  test('keeps a package from being settled or told again until it is returned', async () => {
    const at = shop()
    const first = sale('V1', one)
    await at.open(first)
    expect(await at.run(tells('S1', ['T1'], { unsettled: true }))).toEqual(['entered sale S1'])
    expect(await at.run(first.bill)).toEqual(['package-already-sold'])
    expect(await at.run(tells('S2', ['T1'], {}, 'H2'))).toEqual(['package-already-sold'])
    expect(await at.run(returns('Q1', ['T1'], 'H2'))).toEqual(['package-not-sold'])
    expect(await at.run(returns('Q2', ['T1']))).toEqual(['entered sale Q2'])
    expect(await at.run(returns('Q3', ['T1']))).toEqual(['package-not-sold'])
    expect(await at.run({ ...first.bill, key: keyOf('again') })).toEqual(['32000'])
  })

  test('of a settlement that was undone keeps nobody from selling, and may still be returned', async () => {
    const at = shop()
    const [first, second] = [sale('V1', one), sale('V2', { ...one, who: 2 })]
    await at.open(first, second)
    await at.run(tells('S1', ['T1'], { visit: 'V1' }))
    await at.run(first.bill)
    await at.run(cancel('C1', at.settlement('V1')))
    expect(await at.run(second.bill)).toEqual(['32000'])
    expect(await at.run(tells('S2', ['T1'], { person: 'P3' }))).toEqual(['entered sale S2'])
    expect(await at.run(returns('Q1', ['T1']))).toEqual(['entered sale Q1'])
    expect(at.kinds('T1').at(-1)).toBe('returned')
  })
})

test('only packages are owned by their code', () => {
  expect([packageSubject('T1'), { owner: 'P1', name: 'visit V1' }].map(isPackage)).toEqual([
    true,
    false,
  ])
})

test('a visit without its lines gives nothing back and takes nothing', async () => {
  const at = shop()
  const first = sale('V1', one)
  await at.open(first)
  await at.run(first.bill)
  await at.run(cancel('C1', at.settlement('V1')))
  await at.run(first.empty)
  expect(await at.run(reverse('R1', 'C1'))).toEqual(['visit-changed'])
})
