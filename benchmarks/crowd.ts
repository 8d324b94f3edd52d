import { withCheckDigit } from '../test/support/citizenNumber.ts'
import { type SimulatedCard, simulateCard } from '../adapters/simulator/card.ts'
import { simulateTerminal } from '../adapters/simulator/terminal.ts'
import type { Door, Sent } from './openModel.ts'

/** Somebody invented: division 510199 is assigned to nobody, so no citizen number here can be anybody's. */
export interface Invented {
  readonly id: string
  readonly citizenNumber: string
  readonly card: SimulatedCard
}

const json = 'application/json'
const digits = (number: number, width: number): string => String(number).padStart(width, '0')

export function invent(number: number): Invented {
  const born = `19${digits(60 + (number % 40), 2)}01${digits(1 + (Math.trunc(number / 1_000) % 28), 2)}`
  const citizenNumber = withCheckDigit(`510199${born}${digits(number % 1_000, 3)}`)
  const serial = `510100D156000005B0${digits(number, 14)}`
  const card = simulateCard({
    number: `B${digits(number, 8)}`,
    serial,
    algorithm: 'sm4',
    pin: '135790',
  })
  return { id: `510100B${digits(number, 17)}`, citizenNumber, card }
}

/** Enters invented people with their cards and something in their accounts, as anybody may in the sandbox. */
export async function enrol(door: Door, people: readonly Invented[]): Promise<void> {
  let next = 0
  const work = async (): Promise<void> => {
    for (let one = people[next++]; one; one = people[next++]) {
      const { status, text } = await door.send({
        path: '/v1/people',
        type: json,
        body: JSON.stringify(personOf(one)),
      })
      if (status !== 201) throw new Error(`nobody was entered: ${status} ${text}`)
    }
  }
  await Promise.all([work(), work(), work(), work()])
}

const personOf = ({ id, citizenNumber, card }: Invented) => ({
  id,
  name: '演示',
  citizenNumber,
  region: '510100',
  coverages: [{ scheme: 'employee', group: 'working', from: '2020-01-01' }],
  card: { number: card.number, serial: card.serial, issued: '2021-05-01', expires: '2031-05-01' },
  openingBalance: '5000.00',
})

const pharmacy = 'P51010000001'
const amount = '12.50'
let keys = 0
/** Every thread has numbers of its own. */
let batches = Math.trunc(performance.timeOrigin + performance.now()) * 1_000

/** A tap of a card at one of forty tills, as it is sent at a moment. */
export function tapOf({ card }: Invented, at: number, round: string): Sent {
  const number = ++keys
  const till = simulateTerminal({ division: '510100', id: `T${digits(number % 40, 4)}` })
  const unpredictable = till.unpredictable()
  const tap = { terminal: till, amount: 1_250n, moment: at, unpredictable }
  const { counter, mac } = card.tap(tap)
  const body = {
    institution: pharmacy,
    terminal: { division: till.division, id: till.id },
    terminalSequence: number,
    card: { number: card.number, cardSn: card.serial },
    at: new Date(at).toISOString(),
    counter,
    unpredictable: unpredictable.toString('hex'),
    cryptogram: mac.toString('hex'),
    total: amount,
    lines: [{ id: '1', item: 'XN02BEB001A001010100013', quantity: '1', unitPrice: amount, amount }],
  }
  return {
    path: '/v1/quick-payments',
    type: json,
    body: JSON.stringify(body),
    key: `${round}-${number}`,
  }
}

/** A hospital's thousand claims of five lines each, of people who are not at a till. */
export function uploadOf(people: readonly Invented[], claims: number, day: string): Sent {
  const lines = Array.from({ length: 5 }, (_, i) => ({
    id: `${i + 1}`,
    item: 'XN02BEB001A001010100013',
    quantity: '2',
    unitPrice: '12.5',
    amount: '25.00',
  }))
  batches++
  const upload = Array.from({ length: claims }, (_, i) => ({
    key: `upload-${batches}-${i}`,
    institution: 'H51010000001',
    day,
    credential: { type: 'citizen-number', number: people[i % people.length]?.citizenNumber },
    care: 'outpatient',
    useAccount: false,
    total: '125.00',
    lines,
  }))
  const body = upload.map((one) => `${JSON.stringify(one)}\n`).join('')
  return { path: '/v1/settlements/batch', type: 'application/x-ndjson', body }
}
