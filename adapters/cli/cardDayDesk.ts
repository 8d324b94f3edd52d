import type { SandboxWorld } from '../sandbox/world.ts'
import { type SimulatedCard, simulateCard } from '../simulator/card.ts'
import { type SimulatedTerminal, simulateTerminal } from '../simulator/terminal.ts'

export type Fields = Readonly<Record<string, unknown>>

/** A row of the brochure, as its services and promises are counted there. */
export interface BrochureRow {
  readonly row: string
  readonly zh: string
  readonly en: string
  /** Plays what shows it. */
  readonly play: (desk: CardDayDesk) => Promise<void>
}

/** One request that shows a row: what was asked, what was told, and what of it was not as expected. */
export interface Shown {
  readonly row: string
  readonly says: string
  readonly asked: string
  readonly told: string
  readonly wrong?: string | undefined
}

export interface Answer {
  readonly status: number
  readonly body: Fields
}

/** Somebody of the world with the card that they hold in their hand. */
export interface Holder {
  readonly id: string
  readonly name: string
  readonly citizenNumber: string
  readonly card: SimulatedCard
}

interface Asked {
  readonly says: string
  readonly path: string
  readonly body?: Fields
  readonly bearer?: string | undefined
  /** Members of the answer by path, and what they must be; `status` is the status. */
  readonly expect: Readonly<Record<string, unknown>>
}

/** Who comes to the desk on the day of cards: it asks over HTTP, compares, and notes. */
export class CardDayDesk {
  readonly shown: Shown[] = []
  readonly day: string
  readonly #url: string
  /** Keys of one day are none of another's. */
  readonly #prefix: string
  readonly #world: SandboxWorld
  #row = ''
  #keys = 0
  /** A card counts its taps, so there is one of each. */
  readonly #cards = new Map<string, SimulatedCard>()

  constructor(url: string, world: SandboxWorld, day = 'card-day') {
    this.#prefix = day
    this.#url = url
    this.#world = world
    this.day = world.day
  }

  begin(row: string): void {
    this.#row = row
  }

  holder(key: string): Holder {
    const found = this.#world.people.find((one) => one.key === key)
    if (!found) throw new Error(`the world has no ${key}`)
    const { person, name, citizenNumber } = found
    const { number, serial, version } = found.card
    const algorithm = version === '3.00' ? 'sm4' : '3des'
    const known = this.#cards.get(key)
    const card = known ?? simulateCard({ serial, number, algorithm, pin: this.#world.pin })
    this.#cards.set(key, card)
    return { id: person.id, name, citizenNumber, card }
  }

  terminal = (id = 'T51010001', division = '510100'): SimulatedTerminal =>
    simulateTerminal({ division, id })

  /** A PIN as it is keyed in at a terminal for a card. */
  keyIn = (pin: string, number: string): string =>
    this.terminal().pinBlock(pin, number).toString('hex')

  /** Asks and compares; the answer is there for what comes next. */
  async ask({ says, path, body, bearer, expect }: Asked): Promise<Answer> {
    const answer = await this.#send(path, body, bearer)
    const wrong = Object.entries(expect).flatMap(([member, value]) => {
      const found = member === 'status' ? answer.status : memberOf(answer.body, member)
      const same = JSON.stringify(found) === JSON.stringify(value)
      return same ? [] : [`${member} is ${JSON.stringify(found)}, not ${JSON.stringify(value)}`]
    })
    this.shown.push({
      row: this.#row,
      says,
      asked: `${body ? 'POST' : 'GET'} ${path.replace(/[A-Z]\d{8}|[0-9a-f]{32}|[0-9A-Z]{30}|\d{24}/g, '…')}`,
      told: tellingOf(answer),
      ...(wrong.length > 0 && { wrong: wrong.join('; ') }),
    })
    return answer
  }

  /** Uploads what a till kept, a line each, and compares the statuses. */
  async upload(
    says: string,
    records: readonly object[],
    statuses: readonly number[],
  ): Promise<void> {
    const path = '/v1/quick-payments/offline'
    const response = await fetch(this.#url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: records.map((one) => `${JSON.stringify(one)}\n`).join(''),
    })
    const lines = (await response.text()).split('\n').filter((line) => line !== '')
    const told = lines.map((line) => (JSON.parse(line) as Fields)['status'])
    const wrong = JSON.stringify(told) === JSON.stringify(statuses) ? undefined : lines.join(' ')
    this.shown.push({ row: this.#row, says, asked: `POST ${path}`, told: told.join(' '), wrong })
  }

  /** A bill by some credential; what it must come to is `settled` or the code of a refusal. */
  async bill(
    says: string,
    credential: Fields,
    outcome: string,
    more: Fields = {},
  ): Promise<Answer> {
    const id = `card-day-${this.#keys + 1}`
    const line = { id, item: '001101000010000', quantity: '1', unitPrice: '12.00', amount: '12.00' }
    return this.ask({
      says,
      path: '/v1/settlements',
      body: {
        institution: 'H51010000001',
        day: this.day,
        care: 'outpatient',
        total: '12.00',
        lines: [line],
        credential,
        ...more,
      },
      expect: outcome === 'settled' ? { status: 201 } : { code: outcome },
    })
  }

  async #send(path: string, body: Fields | undefined, bearer: string | undefined): Promise<Answer> {
    this.#keys += 1
    const response = await fetch(this.#url + path, {
      method: body ? 'POST' : 'GET',
      headers: {
        ...(body && {
          'content-type': 'application/json',
          'idempotency-key': `"${this.#prefix}-${this.#keys}"`,
        }),
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Fields }
  }
}

/** A member by its path, such as `card.life` or `lines.0.amount`. */
export const memberOf = (body: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((found, name) => (found as Fields | undefined)?.[name], body)

/** An answer in a few words: its status, and the first things that say what became of it. */
function tellingOf({ status, body }: Answer): string {
  const words = ['code', 'state', 'card.life', 'card.loss', 'card.pin', 'life', 'loss', 'pin']
    .map((path) => memberOf(body, path))
    .filter((word) => typeof word === 'string')
  return [status, ...new Set(words)].join(' ')
}
