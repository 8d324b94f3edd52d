import { enrol, type Invented, invent } from './crowd.ts'
import { Door, type Sent } from './openModel.ts'
import type { Served } from './server.ts'

const items = ['001101000010000','002103000010000','XJ01CAA040A001010100010','XA11GAV001A001010100024','XN02BEB001A001010100013']
const lines = items.map((item, i) => ({ id: `${i + 1}`, item, quantity: '2', unitPrice: '12.50', amount: '25.00' }))

/** Bills of five lines of people in turn. */
export class Bills {
  readonly #people: readonly Invented[]
  #next = 0

  constructor(people: readonly Invented[]) {
    this.#people = people
  }

  static async enter(served: Served, count: number): Promise<Bills> {
    const people = Array.from({ length: count }, (_, i) => invent(i))
    const door = new Door(served.url)
    await enrol(door, people)
    door.close()
    return new Bills(people)
  }

  spread(count: number): Sent[] {
    return Array.from({ length: count }, () => this.#claim())
  }

  hot(count: number): Sent[] {
    return this.spread(count)
  }

  #claim(): Sent {
    const number = this.#next++
    const { card } = this.#people[number % this.#people.length] as Invented
    return {
      path: '/v1/settlements',
      key: `b-${number}`,
      type: 'application/json',
      body: JSON.stringify({
        institution: 'H51010000001',
        day: '2026-03-02',
        credential: { type: 'card', number: card.number, cardSn: card.serial },
        care: 'outpatient',
        useAccount: true,
        total: '125.00',
        lines,
      }),
    }
  }
}
