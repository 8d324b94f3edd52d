import { expect, test } from 'vitest'
import { claimOf } from '../../engine/bill.ts'
import { parseQuantity, parseUnitPrice, parseYuan } from '../../engine/money.ts'
import { noFacts } from '../../engine/ports.ts'
import { isRefusal, refuse } from '../../engine/refusal.ts'
import { openSale } from '../../engine/sale.ts'
import { type Registration, type VisitLine, visitSubject } from '../../engine/visit.ts'
import { hospital, numbers } from './support/desk.ts'
import { now, today } from './support/world.ts'

const subject = visitSubject('P1', 'V1')
const found = { facts: noFacts, today }

const registration: Registration = {
  kind: 'pharmacy',
  institution: hospital.code,
  began: now,
  day: today,
  credential: { type: 'citizen-number', number: numbers[0] },
  about: { care: 'pharmacy', prescription: { number: 'RX1', circulating: true } },
  details: {},
}

const line = (id: string, amount = '10.00'): VisitLine => ({
  line: {
    id,
    item: 'X1',
    quantity: parseQuantity('1'),
    unitPrice: parseUnitPrice('10'),
    amount: parseYuan(amount),
    packages: ['T1'],
  },
  details: {},
})

test('a sale is a visit with its lines, ready to be settled in the same moment', () => {
  const sale = openSale(subject, registration, [line('L1'), line('L2')], found)
  if (isRefusal(sale)) throw new Error(sale.code)
  expect(sale.entries.map(({ kind }) => kind)).toEqual(['registered', 'lines'])
  const claim = claimOf(sale.visit, {
    total: parseYuan('20.00'),
    about: {},
    useAccount: true,
    useFamilyAccount: true,
    interim: false,
    today,
  })
  expect(claim).toMatchObject({
    care: 'pharmacy',
    visit: 'V1',
    prescription: { number: 'RX1' },
    lines: [{ id: 'L1', packages: ['T1'] }, { id: 'L2' }],
  })
})

test('a sale with a line that could not be added is refused as a whole', () => {
  expect(openSale(subject, registration, [line('L1'), line('L1')], found)).toEqual(
    refuse('line-repeated', { line: 'L1' }),
  )
})
