import { describe, expect, test } from 'vitest'
import { post } from '../../engine/ledger.ts'
import { noteRecord, readRecord } from '../../engine/quickPaymentRecord.ts'
import { refuse } from '../../engine/refusal.ts'
import { day } from './support/packs.ts'
import { day_ms, farShop, hour_ms, shop, tap, type TapWords, till } from './support/taps.ts'
import { now, yuan } from './support/world.ts'

/** A sale without a line, two hours ago, that the terminal had the newest list for. */
const sold = now - 2 * hour_ms
const offline = (counter: number, { offline: more, ...words }: TapWords = {}) =>
  tap(counter, { at: sold, sequence: counter, ...words, offline: { hotList: sold, ...more } })

const recordsOf = (at: ReturnType<typeof till>) =>
  [...at.books.dossiers]
    .filter(([key]) => key.startsWith('offline:'))
    .map(([, kept]) => readRecord(kept[0]!))

describe('a payment without a line', () => {
  test('is settled on the day of the sale, and listed for its pharmacy', async () => {
    const at = till()
    const yesterday = now - day_ms
    const [outcome] = await at.settle([
      offline(1, {
        at: yesterday,
        offline: { hotList: yesterday },
        claim: { day: day('2026-11-22') },
      }),
    ])
    const row = outcome?.kind === 'settled' ? outcome.row : undefined
    expect(row?.content.day).toBe('2026-11-22')
    expect(recordsOf(at)).toEqual([
      {
        terminal: { division: '510100', id: 'T1' },
        sequence: 1,
        counter: 1,
        at: yesterday,
        total: '20.00',
        settlement: row?.settlement,
        warnings: [],
      },
    ])
  })

  test('may come in any order, and once for each counter', async () => {
    const at = till()
    expect(await at.run(tap(10), offline(3), offline(2), offline(3), tap(11), tap(4))).toEqual([
      '2000',
      '2000',
      '2000',
      'payment-repeated',
      '2000',
      'payment-repeated',
    ])
    expect(recordsOf(at).map(({ refusal }) => refusal?.code)).toEqual([undefined, undefined])
  })

  test('with a counter that paid something else is refused and listed', async () => {
    const at = till()
    const other = offline(1, { amount: '30.00', offline: { record: 'other' } })
    expect(await at.run(offline(1), other)).toEqual(['2000', 'payment-repeated'])
    expect(recordsOf(at).map(({ total, refusal }) => [total, refusal?.code])).toEqual([
      ['20.00', undefined],
      ['30.00', 'payment-repeated'],
    ])
  })

  test('of more than the account has is paid in full, and the person owes the rest', async () => {
    const at = till({ balance: '12.00' })
    expect(await at.run(offline(1), offline(2))).toEqual([
      '1200 owes 800 account-was-short',
      '0 owes 2000 account-was-short',
    ])
    expect(at.books.balances.get('P1')).toBe(0n)
    const [first] = at.books.rows
    expect(
      post(first!.content).map(({ kind, debit, credit, amount }) => [kind, debit, credit, amount]),
    ).toEqual([
      ['account', 'personal:P1', `payable:${shop.code}:settled`, yuan('12.00')],
      ['receivable', 'receivable:510100:person:P1', `payable:${shop.code}:settled`, yuan('8.00')],
    ])
    expect(recordsOf(at).map(({ receivable }) => receivable)).toEqual(['8.00', '20.00'])
  })

  test('away from home is owed to the home region', async () => {
    const at = till({ balance: '12.00' })
    const far = { terminal: { division: '510700', id: 'T9' }, claim: { institution: farShop.code } }
    expect(await at.run(offline(1, far))).toEqual(['1200 owes 800 account-was-short'])
    const [row] = at.books.rows
    expect(post(row!.content).map(({ kind, amount }) => [kind, amount])).toEqual([
      ['account', yuan('12.00')],
      ['receivable', yuan('8.00')],
      ['dueTo', yuan('20.00')],
    ])
  })

  test('above a limit is settled and told, since the goods are gone', async () => {
    const at = till()
    const large = offline(1, { amount: '100.01' })
    expect(await at.run(large, ...[2, 3, 4].map((n) => offline(n)))).toEqual([
      '10001 quick-limit-passed',
      '2000',
      '2000',
      '2000 quick-limit-passed',
    ])
    // And counts for what may be paid over a line on that day.
    const [next] = await at.settle([tap(5)])
    expect(next?.kind === 'settled' && next.result).toMatchObject({
      quick: { remainingToday: { amount: '819.99', payments: 0 } },
    })
  })

  test('that a risk rule finds is settled and told as well', async () => {
    const risks = [
      { kind: 'velocity', most: 1, within_minutes: 5, action: 'pin' },
      { kind: 'terminal-counter', action: 'refuse' },
    ] as const
    const at = till({ quick: { risks } })
    expect(await at.run(offline(1), offline(2, { sequence: 1 }))).toEqual([
      '2000',
      '2000 payment-looks-wrong payment-looks-wrong',
    ])
  })

  test('longer ago than is taken is refused and listed', async () => {
    const at = till()
    const old = now - 30 * day_ms
    const ask = (counter: number, moment: number) =>
      offline(counter, {
        at: moment,
        offline: { hotList: moment },
        claim: { day: day('2026-10-24') },
      })
    expect(await at.run(ask(1, old), ask(2, old - 1))).toEqual(['2000', 'offline-too-late'])
    expect(recordsOf(at)[1]?.refusal).toMatchObject({ facts: { day: '2026-10-24', days: 30 } })
  })

  test('is refused for good where it is wrong by itself', async () => {
    const at = till()
    const wrong = offline(1, { key: 'W', claim: { total: yuan('1.00') } })
    expect(await at.run(wrong, offline(2, { claim: { day: day('2026-11-24') } }))).toEqual([
      'total-mismatch',
      'day-in-future',
    ])
    expect((await at.settle([wrong]))[0]).toMatchObject({ kind: 'refused', replayed: true })
    expect(recordsOf(at).map(({ refusal }) => refusal?.code)).toEqual([
      'total-mismatch',
      'day-in-future',
    ])
  })

  test('is taken only where the region takes any, from a terminal of its own', async () => {
    expect(await till({ quick: { offline: { allowed: false } } }).run(offline(1))).toEqual([
      'quick-payment-not-offered',
    ])
    const terminal = { division: '510700', id: 'T1' }
    expect(await till().run(offline(1, { terminal }))).toEqual(['quick-payment-not-offered'])
  })

  test('without a running number is listed under none', async () => {
    const at = till()
    await at.run(offline(1, { sequence: undefined }))
    expect(recordsOf(at)[0]?.sequence).toBe(0)
  })
})

describe('a card that was lost', () => {
  const lost = { loss: { kind: 'formal' } } as const
  const history = (from: number) => ({
    card: lost,
    history: [
      { from: 0, loss: { kind: 'none' } as const },
      { from, ...lost },
    ],
  })

  test('before the list that the terminal held is refused', async () => {
    const at = till(history(sold - hour_ms))
    expect(await at.run(offline(1, { offline: { hotList: sold - hour_ms } }))).toEqual([
      'offline-card-listed',
    ])
  })

  test('before the list that it had to hold is refused, although it held an older one', async () => {
    const at = till(history(sold - 25 * hour_ms))
    expect(await at.run(offline(1, { offline: { hotList: sold - 48 * hour_ms } }))).toEqual([
      'offline-card-listed',
    ])
  })

  test('after that list and before the sale is the agency’s risk, or the pharmacy’s', async () => {
    const ask = offline(1, { offline: { hotList: sold - 2 * hour_ms } })
    const agency = till(history(sold - hour_ms))
    expect(await agency.run(ask)).toEqual(['2000 card-blocked-after-list'])
    const pharmacy = till({
      ...history(sold - hour_ms),
      quick: { offline: { lossAfterList: 'pharmacy' } },
    })
    expect(await pharmacy.run(ask)).toEqual(['offline-card-listed'])
  })

  test('after the sale pays for what it bought', async () => {
    expect(await till(history(sold + 1)).run(offline(1))).toEqual(['2000'])
  })

  test('and replaced since, or cancelled, is judged alike', async () => {
    const states = [
      { life: 'superseded' },
      { life: 'cancelled' },
      { quickPaymentsOff: true },
    ] as const
    for (const state of states) {
      const at = till({ card: state, history: [{ from: 0, ...state }] })
      expect(await at.run(offline(1))).toEqual(['offline-card-listed'])
    }
  })

  test('was not in use or out of date at the sale, which its chip had told', async () => {
    const unused = till({ history: [{ from: 0, life: 'issued' }] })
    expect(await unused.run(offline(1))).toEqual(['card-not-activated'])
    const expired = till({ history: [{ from: 0, expires: day('2026-11-22') }] })
    expect(await expired.run(offline(1))).toEqual(['card-expired'])
    // Neither its state of today nor its PIN matters.
    const since = till({
      card: { life: 'issued', pin: 'locked' },
      history: [{ from: 0, life: 'active' }],
    })
    expect(await since.run(offline(1))).toEqual(['2000'])
  })
})

test('a record that is nobody’s is listed without touching anybody', async () => {
  const at = till()
  const { claim, key } = offline(1)
  const { quick, total, institution } = claim
  const note = noteRecord({ institution, quick: quick!, total }, key, refuse('card-unknown'))
  const [outcome] = await at.settle([note])
  expect(outcome).toMatchObject({ kind: 'entered', result: { refusal: { code: 'card-unknown' } } })
  expect(recordsOf(at).map(({ refusal }) => refusal?.code)).toEqual(['card-unknown'])
  expect((await at.settle([note]))[0]).toMatchObject({ kind: 'entered', replayed: true })
})
