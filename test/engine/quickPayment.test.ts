import { describe, expect, test } from 'vitest'
import { day } from './support/packs.ts'
import { farShop, tap, till } from './support/taps.ts'
import { institution, line, now, yuan } from './support/world.ts'

const right = { kind: 'right', initial: false } as const

/** A refusal with its facts. */
async function refusalOf(at: ReturnType<typeof till>, ...asks: ReturnType<typeof tap>[]) {
  const outcome = (await at.settle(asks)).at(-1)
  return outcome?.kind === 'refused' ? outcome.refusal : outcome?.kind
}

describe('a tap', () => {
  test('is paid from the account alone: no fund, no cash', async () => {
    const at = till()
    const [outcome] = await at.settle([tap(1)])
    const { fundTotal, cash, account } = outcome?.kind === 'settled' ? outcome.row.content : {}
    expect([fundTotal, cash, account]).toEqual([0n, 0n, yuan('20.00')])
    expect(at.books.balances.get('P1')).toBe(yuan('4980.00'))
    expect(outcome?.kind === 'settled' && outcome.result).toEqual({
      quick: { remainingToday: { amount: '980.00', payments: 4 }, pin: 'absent' },
    })
  })

  test('that the account cannot pay whole does nothing at all', async () => {
    const at = till({ balance: '19.99' })
    expect(await refusalOf(at, tap(1))).toEqual({
      kind: 'refusal',
      code: 'account-short',
      facts: { total: '20.00', available: '19.99' },
    })
    expect([at.books.rows.length, at.books.dossiers.size]).toEqual([0, 0])
    // The counter was not used up: once there is money the very same tap goes through.
    at.books.balances.set('P1', yuan('20.00'))
    expect(await at.run(tap(1))).toEqual(['2000'])
  })

  test('draws on a family account where region and leave allow it', async () => {
    const family = { claim: { useFamilyAccount: true } }
    expect(await till({ balance: '5.00', family: '50.00' }).run(tap(1, family))).toEqual(['2000'])
    expect(await till({ balance: '5.00', family: '50.00' }).run(tap(1))).toEqual(['account-short'])
    const forbidden = till({ balance: '5.00', family: '50.00', quick: { familyAccount: false } })
    expect(await forbidden.run(tap(1, family))).toEqual(['account-short'])
  })

  test('is for goods that an account may pay, sold without prescription, in a pharmacy', async () => {
    const bill = (more: Parameters<typeof line>[1]) => ({ claim: { lines: [line('20.00', more)] } })
    expect(await till().run(tap(1, bill({ item: '001' })))).toEqual(['not-a-pharmacy-item'])
    const { classification, ...plain } = line('20.00')
    const drug = { ...plain, classification: { ...classification!, prescriptionOnly: true } }
    expect(await till().run(tap(1, { claim: { lines: [drug] } }))).toEqual(['prescription-missing'])
    const at = till()
    at.books.institutions.set('H1', institution({ code: 'H1', agreements: [] }))
    const elsewhere = tap(1, { claim: { institution: 'H1' } })
    expect(await at.run(elsewhere)).toEqual(['institution-not-designated'])
  })

  test('for goods that no account may pay is not offered', async () => {
    const at = till({ balance: '100.00' })
    // Accounts of this world pay every part; one that may not pay what is in scope leaves cash.
    const { payWhole } = await import('../../engine/quickPayment.ts')
    const [outcome] = await at.settle([tap(1)])
    const content = outcome?.kind === 'settled' ? outcome.row.content : undefined
    const left = { ...content!, cash: yuan('3.00') }
    expect(payWhole(left, tap(1).claim)).toMatchObject({ code: 'quick-payment-not-offered' })
    expect(payWhole(left, { ...tap(1).claim, quick: undefined })).toBe(left)
  })

  test('is told the same when it is repeated, and another under its key differs', async () => {
    const at = till()
    const once = tap(1, { key: 'K' })
    const [first] = await at.settle([once])
    expect((await at.settle([once]))[0]).toEqual({ ...first, replayed: true })
    expect(at.books.balances.get('P1')).toBe(yuan('4980.00'))
  })
})

describe('the card', () => {
  test.each([
    [{ life: 'cancelled' }, 'card-cancelled'],
    [{ life: 'superseded' }, 'card-superseded'],
    [{ loss: { kind: 'formal' } }, 'card-formally-lost'],
    [{ loss: { kind: 'temporary', lapses: now + 1 } }, 'card-temporarily-lost'],
    [{ life: 'issued' }, 'card-not-activated'],
    [{ expires: day('2026-11-22') }, 'card-expired'],
    [{ owner: 'P2' }, 'card-holder-mismatch'],
    [{ serial: '510100D15600000500BF7C7A48FB4967' }, 'card-not-genuine'],
  ] as const)('that is %o does not pay', async (state, code) => {
    expect(await till({ card: state }).run(tap(1))).toEqual([code])
  })

  test('that is not known does not pay', async () => {
    const at = till()
    at.books.cards.set('P1', [])
    expect(await at.run(tap(1))).toEqual(['card-unknown'])
  })

  test('whose holder has switched quick payments off does not pay, with its PIN neither', async () => {
    const at = till({ card: { quickPaymentsOff: true } })
    expect(await at.run(tap(1), tap(2, { pin: right }))).toEqual([
      'quick-payment-not-offered',
      'quick-payment-not-offered',
    ])
  })

  test('needs no authentication of its own: its cryptogram is one', async () => {
    const at = till()
    at.books.institutions.set(
      'V1',
      institution({ ...farShop, code: 'V1', division: '510100', cardEvidence: 'verified' }),
    )
    expect(await at.run(tap(1, { claim: { institution: 'V1' } }))).toEqual(['2000'])
  })
})

describe('the counter', () => {
  test('pays once, and over a line it only rises', async () => {
    const at = till()
    expect(await at.run(tap(7), tap(7), tap(6), tap(9), tap(8))).toEqual([
      '2000',
      'payment-repeated',
      'payment-repeated',
      '2000',
      'payment-repeated',
    ])
    expect(await refusalOf(at, tap(9))).toMatchObject({ facts: { counter: 9, last: 9 } })
    expect(at.books.balances.get('P1')).toBe(yuan('4960.00'))
  })
})

describe('the terminal', () => {
  test('is of the region where its pharmacy stands', async () => {
    const elsewhere = { terminal: { division: '510700', id: 'T1' } }
    const unknown = { terminal: { division: '999999', id: 'T1' } }
    expect(await till().run(tap(1, elsewhere), tap(1, unknown))).toEqual([
      'quick-payment-not-offered',
      'quick-payment-not-offered',
    ])
  })

  test('tells nearly the time that it is', async () => {
    const early = { at: now + 11 * 60_000 }
    const late = { at: now - 11 * 60_000 }
    expect(await till().run(tap(1, early), tap(1, late), tap(1, { at: now + 60_000 }))).toEqual([
      'quick-payment-not-offered',
      'quick-payment-not-offered',
      '2000',
    ])
  })
})

describe('the PIN', () => {
  test('is needed above the limit of one payment, and the refusal tells the limit', async () => {
    const at = till()
    expect(await at.run(tap(1, { amount: '300.00' }))).toEqual(['30000'])
    expect(await refusalOf(at, tap(2, { amount: '300.01' }))).toEqual({
      kind: 'refusal',
      code: 'card-pin-needed',
      facts: { because: 'above the limit of one payment', limit: '300.00', left: '300.00' },
    })
    expect(await at.run(tap(2, { amount: '300.01', pin: right }))).toEqual(['30001'])
  })

  test('is needed above the limit of a day, and what it paid for counts for none', async () => {
    const at = till()
    const three = [1, 2, 3].map((n) => tap(n, { amount: '300.00' }))
    expect(await at.run(...three)).toEqual(['30000', '30000', '30000'])
    expect(await refusalOf(at, tap(4, { amount: '100.01' }))).toMatchObject({
      code: 'card-pin-needed',
      facts: { because: 'above the limit of a day', limit: '1000.00', left: '100.00' },
    })
    expect(await at.run(tap(4, { amount: '1500.00', pin: right }))).toEqual(['150000'])
    expect(await at.run(tap(5, { amount: '100.00' }))).toEqual(['10000'])
  })

  test('is needed above the number of payments of a day', async () => {
    const at = till()
    expect(await at.run(...[1, 2, 3, 4, 5].map((n) => tap(n)))).toEqual(Array(5).fill('2000'))
    expect(await refusalOf(at, tap(6))).toMatchObject({
      code: 'card-pin-needed',
      facts: { because: 'above the number of payments of a day', limit: '5', left: '0' },
    })
  })

  test('that is locked or initial stands in the way only of a payment that needs one', async () => {
    const large = { amount: '301.00' }
    expect(await till({ card: { pin: 'locked' } }).run(tap(1), tap(2, large))).toEqual([
      '2000',
      'card-pin-locked',
    ])
    expect(await till({ card: { pin: 'initial' } }).run(tap(1), tap(2, large))).toEqual([
      '2000',
      'card-pin-initial',
    ])
    const initial = { kind: 'right', initial: true } as const
    expect(await till().run(tap(1, { pin: initial }), tap(2, { ...large, pin: initial }))).toEqual([
      '2000',
      'card-pin-initial',
    ])
    const locked = { kind: 'locked' } as const
    expect(await till().run(tap(1, { pin: locked }), tap(2, { ...large, pin: locked }))).toEqual([
      '2000',
      'card-pin-locked',
    ])
  })

  test('that is wrong stands in the way of any payment, and is told again when it is repeated', async () => {
    const at = till()
    const wrong = tap(1, { pin: { kind: 'wrong', left: 2 }, key: 'W' })
    expect(await refusalOf(at, wrong)).toMatchObject({ code: 'card-pin-wrong', facts: { left: 2 } })
    expect((await at.settle([wrong]))[0]).toMatchObject({ kind: 'refused', replayed: true })
  })
})

describe('risk rules', () => {
  const velocity = { kind: 'velocity', most: 2, within_minutes: 10 } as const

  test('find more payments than are likely, and ask for the PIN or refuse or tell', async () => {
    const asks = () => [tap(1), tap(2), tap(3)]
    const pin = till({ quick: { risks: [{ ...velocity, action: 'pin' }] } })
    expect(await pin.run(...asks(), tap(3, { pin: right }))).toEqual([
      '2000',
      '2000',
      'card-pin-needed',
      '2000',
    ])
    const refuse = till({ quick: { risks: [{ ...velocity, action: 'refuse' }] } })
    expect(await refusalOf(refuse, ...asks())).toMatchObject({
      code: 'payment-risky',
      facts: { rule: 'velocity' },
    })
    const warn = till({ quick: { risks: [{ ...velocity, action: 'warn' }] } })
    expect((await warn.run(...asks())).at(-1)).toBe('2000 payment-looks-wrong')
  })

  test('forget a payment once its minutes have passed', async () => {
    const at = till({ quick: { risks: [{ ...velocity, action: 'refuse' }] } })
    await at.run(tap(1), tap(2))
    at.pass(10 * 60_000)
    expect(await at.run(tap(3, { at: at.now() }))).toEqual(['2000'])
  })

  test('find a card that pays in another region sooner than anybody gets there', async () => {
    const at = till({
      quick: { risks: [{ kind: 'travel', within_minutes: 60, action: 'refuse' }] },
    })
    const far = { terminal: { division: '510700', id: 'T9' }, claim: { institution: farShop.code } }
    expect(await at.run(tap(1), tap(2, far))).toEqual(['2000', 'payment-risky'])
    at.pass(60 * 60_000)
    expect(await at.run(tap(2, { ...far, at: at.now() }))).toEqual(['2000'])
  })

  test('find a terminal that tells the same running number twice', async () => {
    const at = till({ quick: { risks: [{ kind: 'terminal-counter', action: 'refuse' }] } })
    const other = { terminal: { division: '510100', id: 'T2' } }
    expect(await at.run(tap(1, { sequence: 1 }), tap(2, { sequence: 1 }))).toEqual([
      '2000',
      'payment-risky',
    ])
    expect(
      await at.run(tap(3, { sequence: 1, ...other }), tap(4, { sequence: 2 }), tap(5)),
    ).toEqual(['2000', '2000', '2000'])
    const warned = till({ quick: { risks: [{ kind: 'terminal-counter', action: 'warn' }] } })
    expect(await warned.run(tap(1, { sequence: 1 }), tap(2, { sequence: 1 }))).toEqual([
      '2000',
      '2000 payment-looks-wrong',
    ])
  })
})

test('whoever cancels a quick payment gets the money back, and neither counter nor limit', async () => {
  const at = till()
  const [paid] = await at.settle([tap(1, { amount: '300.00' })])
  const settlement = paid?.kind === 'settled' ? paid.row.settlement : ''
  const key = { institution: 'P51010000001', key: 'C', fingerprint: 'C', input: '' }
  const cancel = { kind: 'cancel', key, settlement, institution: key.institution } as const
  expect((await at.settle([cancel]))[0]?.kind).toBe('undone')
  expect(at.books.balances.get('P1')).toBe(yuan('5000.00'))
  const [again] = await at.settle([tap(2)])
  expect(await at.run(tap(1))).toEqual(['payment-repeated'])
  expect(again?.kind === 'settled' && again.result).toMatchObject({
    quick: { remainingToday: { amount: '680.00', payments: 3 } },
  })
})
