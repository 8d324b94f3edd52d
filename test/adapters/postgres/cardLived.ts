import { withCheckDigit } from '../../support/citizenNumber.ts'
import { cardIdOf } from '../../../adapters/postgres/cards.ts'
import { cardHash } from '../../../adapters/postgres/hashes.ts'
import { createPins } from '../../../adapters/postgres/pins.ts'
import { documentKinds, type DocumentKind } from '../../../engine/cardDocuments.ts'
import type { AskedService } from '../../../engine/cardLife.ts'
import { cardSubject } from '../../../engine/cardHistory.ts'
import { usualCardPolicy } from '../../../engine/cardPolicy.ts'
import { lapseLoss, serveCard } from '../../../engine/cardService.ts'
import type { Credential } from '../../../engine/claim.ts'
import { dayAfter, parseDay } from '../../../engine/day.ts'
import { authenticationsSubject, openAuthentication } from '../../../engine/evidence.ts'
import type { Outcome } from '../../../engine/outcome.ts'
import type { Ask, EnterAsk } from '../../../engine/ports.ts'
import type { Process } from '../../../engine/process.ts'
import { directory } from '../../../engine/route.ts'
import { claim, crypto, day, ids, person, settleAsk, type World } from './support.ts'

/** A card as the model knows it. */
export interface ModelCard {
  readonly number: string
  readonly replaces?: number | undefined
  life: 'requested' | 'made' | 'issued' | 'active' | 'superseded' | 'cancelled'
  /** Until when it is reported lost; for ever is Infinity, and not lost 0. */
  lostUntil: number
  reissued: boolean
  triesLeft: number
  from: string
  to: string
}

export interface Model {
  readonly now: () => number
  readonly cards: ModelCard[]
  /** Which card the e-card derives from. */
  bears: number
}

const regions = directory(
  [{ division: '510100', name: '成都市', divisions: ['510100'], province: '510000' }],
  ['510100'],
)
const places = { regions, policyOf: () => usualCardPolicy }
const verified = 'H51010000002'
const trusting = 'H51010000001'

interface Around extends Pick<World, 'pool' | 'register'> {
  readonly engine: Process
  readonly clock: { now(): number }
}

let keys = 0
let numbers = 0
let citizens = 0

/** One person of the database with their cards: what desks and institutions ask about them. */
export class LivedCards {
  readonly #around: Around
  readonly #owner: string
  readonly #citizen: string
  readonly #first: ModelCard

  constructor(around: Around, owner: string) {
    this.#around = around
    this.#owner = owner
    this.#citizen = nextCitizen()
    // The first card expires within the life that is walked.
    const from = parseDay('2021-05-01')
    let to = day
    for (let i = 0; i < 12; i++) to = dayAfter(to)
    this.#first = {
      number: nextNumber(),
      life: 'active',
      lostUntil: 0,
      reissued: false,
      triesLeft: 3,
      from,
      to,
    }
  }

  first = (): ModelCard => this.#first

  async enrol(): Promise<void> {
    const { register } = this.#around
    const id = this.#owner
    await register.putPerson({
      person: person(id),
      name: '演示',
      citizenNumber: this.#citizen,
      region: '510100',
    })
    const { number, from, to } = this.#first
    await register.putCard(
      {
        number,
        serial: serialOf(number),
        owner: id,
        version: '3.00',
        life: 'active',
        loss: { kind: 'none' },
        pin: 'set',
        issued: parseDay(from),
        expires: parseDay(to),
        photo: true,
        managedIn: '510100',
      },
      { bytes: Buffer.alloc(32), keyVersion: 1, tries: 3 },
    )
    await register.putCredential({ type: 'citizen-number', number: this.#citizen }, id, undefined)
    await register.putCredential({ type: 'card', number }, id, number)
    await register.putCredential({ type: 'e-card', number: `E${id}` }, id, number)
  }

  /** Asks a desk, and tells what it answered: `entered`, or the code of the refusal. */
  async serve(
    service: AskedService,
    card: string | undefined,
    { without, fresh }: { without?: DocumentKind | undefined; fresh?: string } = {},
  ): Promise<string> {
    const ask = this.#enter((found) =>
      serveCard(
        found,
        {
          service,
          card: card === undefined ? undefined : idOf(card),
          desk: { division: '510100', operator: 'op1', second: 'op2', channel: 'desk' },
          documents: documentKinds.filter((kind) => kind !== without).map((kind) => ({ kind })),
          ...(service === 'replacement' && { reason: 'damaged' }),
          ...(service === 'cancellation' && { reason: 'surplus' }),
          ...(service === 'pin-reset' && {
            pin: { verifier: '00'.repeat(32), keyVersion: 1 },
          }),
          ...(fresh !== undefined && {
            blank: {
              id: idOf(fresh),
              number: fresh,
              serial: serialOf(fresh),
              version: '3.00' as const,
            },
          }),
        },
        places,
      ),
    )
    return this.#told(ask)
  }

  sweep = async (card: string): Promise<string> =>
    this.#told(this.#enter((found) => lapseLoss(found, idOf(card))))

  async tryWrongPin(card: string): Promise<void> {
    const { pool, clock } = this.#around
    const newId = (owner: string) => ids.next(owner, clock.now())
    const pins = createPins({ pool, crypto, now: () => clock.now(), newId })
    await pins.take({ owner: this.#owner, card, institution: 'H1', terminal: card })
  }

  settle = async (type: Credential['type'], number: string): Promise<string> =>
    this.#told(this.#claim({ type, number }, trusting))

  /** At an institution that has cards proved, with an authentication of this card that is open. */
  async settleProved(card: string): Promise<string> {
    const { clock } = this.#around
    const id = `A${(keys += 1)}`
    const entry = openAuthentication(this.#owner, {
      id,
      institution: verified,
      card,
      proof: 'cryptogram',
      pin: false,
      at: clock.now(),
      until: clock.now() + 60_000,
    })
    const subjects = [authenticationsSubject(this.#owner)]
    const opened = this.#enter(() => ({ entries: [entry], result: null }), subjects)
    expectEntered(await this.#told(opened))
    return this.#told(this.#claim({ type: 'card', number: card, authentication: id }, verified))
  }

  numberOfECard = (): string => `E${this.#owner}`
  numberOfCitizen = (): string => this.#citizen

  #claim(credential: Credential, institution: string): Ask {
    keys += 1
    const asked = claim('', { institution, line: `L${keys}` })
    return settleAsk(`l${keys}`, { ...asked, day: this.#today(), credential })
  }

  #today = (): ReturnType<typeof parseDay> =>
    parseDay(new Date(this.#around.clock.now() + 28_800_000).toISOString().slice(0, 10))

  #enter(make: EnterAsk['enter'], subjects = [cardSubject(this.#owner, 'desk')]): EnterAsk {
    keys += 1
    const key = `e${keys}`
    return {
      kind: 'enter',
      key: { institution: 'desk:510100', key, fingerprint: key, input: '{}' },
      institution: 'desk:510100',
      owner: this.#owner,
      subjects,
      enter: make,
    }
  }

  async #told(ask: Ask): Promise<string> {
    const [outcome] = (await this.#around.engine.settle([ask])) as [Outcome]
    return outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind
  }
}

function expectEntered(told: string): void {
  if (told !== 'entered') throw new Error(`an authentication was told ${told}`)
}

export const nextNumber = (): string => `Q${String((numbers += 1)).padStart(8, '0')}`
function nextCitizen(): string {
  citizens += 1
  const born = `51019919${70 + (Math.floor(citizens / 900) % 30)}0312`
  return withCheckDigit(born + String(citizens % 900).padStart(3, '0'))
}

const serialOf = (number: string): string => `510100D156000005${number.slice(1).padStart(16, '0')}`
const idOf = (number: string): string => cardIdOf(cardHash(crypto, number))
