import fc from 'fast-check'
import { type LivedCards, type Model, type ModelCard, nextNumber } from './cardLived.ts'

/** What a life is walked on. */
export interface Real {
  readonly cards: LivedCards
  readonly forward: (by_ms: number) => void
}

/** One thing that happens, and what the model says of it. */
export interface Step {
  readonly run: (model: Model, real: Real) => Promise<void>
  readonly [fc.toStringMethod]: () => string
}

const hour_ms = 3_600_000
const live = ['requested', 'made', 'issued', 'active']
const held = ['issued', 'active']

const dayOf = (at: number): string => new Date(at + 8 * hour_ms).toISOString().slice(0, 10)
const isLost = (card: ModelCard, model: Model): boolean => card.lostUntil > model.now()
const isValid = ({ from, to }: ModelCard, model: Model): boolean => {
  const today = dayOf(model.now())
  return from <= today && today <= to
}

/** The brochure in one line: activated, not lost, within its dates. */
const maySettle = (card: ModelCard | undefined, model: Model): boolean =>
  card?.life === 'active' && !isLost(card, model) && isValid(card, model)

/** A card counted from the newest back. */
const at = ({ cards }: Model, which: number): ModelCard =>
  cards[cards.length - 1 - (which % cards.length)] as ModelCard

/** Mostly the newest card, or the one before it. */
const whichCard = fc.constantFrom(0, 0, 0, 1, 1, 2, 3)

/** Those it takes the place of, and theirs. */
function replacedBy(card: ModelCard, model: Model): ModelCard[] {
  const old = card.replaces === undefined ? undefined : model.cards[card.replaces]
  return old ? [old, ...replacedBy(old, model)] : []
}

const heldAlone = (card: ModelCard, model: Model): boolean =>
  model.cards.every(
    (other) =>
      other === card || !live.includes(other.life) || replacedBy(card, model).includes(other),
  )

/** What was told, and whether the model says that it had to be. */
function compare(
  what: string,
  told: string,
  expected: { readonly entered: boolean } | { readonly settled: boolean },
): void {
  const [word, had] = Object.entries(expected)[0] as [string, boolean]
  if ((told === word) !== had)
    throw new Error(`${what} was told ${told}, where the model says ${had ? '' : 'not '}${word}`)
}

/** A step with a name that fast-check prints when a life goes wrong. */
const step = (name: string, run: Step['run']): Step => ({
  run,
  [fc.toStringMethod]: () => name,
})

/** Which service may be done to a card, and what it does: told by the model alone. */
interface Service {
  readonly may: (card: ModelCard, model: Model) => boolean
  readonly does: (card: ModelCard, model: Model, fresh: string) => void
}

const begin = (model: Model, number: string, replaces?: number): void => {
  const from = dayOf(model.now())
  const to = `${Number(from.slice(0, 4)) + 10}${from.slice(4)}`
  const common = { lostUntil: 0, reissued: false, triesLeft: 3 } as const
  model.cards.push({ number, replaces, life: 'requested', from, to, ...common })
}

const services = {
  making: {
    may: ({ life }) => life === 'requested',
    does(card, model) {
      card.life = 'made'
      card.from = dayOf(model.now())
      card.to = `${Number(card.from.slice(0, 4)) + 10}${card.from.slice(4)}`
    },
  },
  delivery: {
    may: ({ life }) => life === 'made',
    does: (card) => void (card.life = 'issued'),
  },
  activation: {
    may: (card, model) => card.life === 'issued' && !isLost(card, model) && isValid(card, model),
    does(card, model) {
      card.life = 'active'
      model.bears = model.cards.indexOf(card)
      for (const old of replacedBy(card, model))
        if (live.includes(old.life)) old.life = 'superseded'
    },
  },
  'temporary-loss': {
    may: (card, model) => held.includes(card.life) && !isLost(card, model),
    does: (card, model) => void (card.lostUntil = model.now() + 7 * 24 * hour_ms),
  },
  'formal-loss': {
    may: (card, model) =>
      held.includes(card.life) && (!isLost(card, model) || card.lostUntil < Infinity),
    does: (card) => void (card.lostUntil = Infinity),
  },
  'loss-cancel': {
    may: (card, model) => held.includes(card.life) && isLost(card, model) && !card.reissued,
    does: (card) => void (card.lostUntil = 0),
  },
  reissue: {
    may: (card, model) =>
      held.includes(card.life) && card.lostUntil === Infinity && heldAlone(card, model),
    does(card, model, fresh) {
      card.reissued = true
      begin(model, fresh, model.cards.indexOf(card))
    },
  },
  replacement: {
    may: (card, model) =>
      held.includes(card.life) && !isLost(card, model) && heldAlone(card, model),
    does: (card, model, fresh) => begin(model, fresh, model.cards.indexOf(card)),
  },
  'pin-reset': {
    may: (card, model) => card.life === 'active' && !isLost(card, model),
    does: (card) => void (card.triesLeft = 3),
  },
  cancellation: {
    may: ({ life }) => live.includes(life),
    does: (card) => void (card.life = 'cancelled'),
  },
} as const satisfies Record<string, Service>

/** Asks a desk for a service, and compares what it did with what the model says of it. */
async function serve(
  service: keyof typeof services,
  which: number,
  { model, cards, forgets = false }: { model: Model; cards: LivedCards; forgets?: boolean },
): Promise<void> {
  const { may, does }: Service = services[service]
  const card = at(model, which)
  const fresh = nextNumber()
  const missing = forgets && (service === 'activation' || service === 'formal-loss')
  const allowed = may(card, model) && !missing
  const told = await cards.serve(service, card.number, {
    fresh,
    ...(missing && { without: 'id-document' }),
  })
  compare(service, told, { entered: allowed })
  if (allowed) does(card, model, fresh)
}

const serviceSteps = (Object.keys(services) as (keyof typeof services)[]).map((name) =>
  fc
    .tuple(whichCard, fc.boolean())
    .map(([which, forgets]) =>
      step(`${name}(${which}${forgets ? ', a document missing' : ''})`, (model, { cards }) =>
        serve(name, which, { model, cards, forgets }),
      ),
    ),
)

/** The newest card goes all the way into its holder's hands. */
const handedOver = fc.constant(
  step('made, delivered, activated', async (model, { cards }) => {
    for (const service of ['making', 'delivery', 'activation'] as const)
      await serve(service, 0, { model, cards })
  }),
)

const application = fc.constant(
  step('application', async (model, real) => {
    const fresh = nextNumber()
    const allowed = model.cards.every(({ life }) => !live.includes(life))
    const told = await real.cards.serve('application', undefined, { fresh })
    compare('application', told, { entered: allowed })
    if (allowed) begin(model, fresh)
  }),
)

const wrongPin = whichCard.map((which) =>
  step(`wrongPin(${which})`, async (model, real) => {
    const card = at(model, which)
    await real.cards.tryWrongPin(card.number)
    card.triesLeft = Math.max(0, card.triesLeft - 1)
  }),
)

const sweep = whichCard.map((which) =>
  step(`sweep(${which})`, async (model, real) => {
    compare('sweep', await real.cards.sweep(at(model, which).number), { entered: true })
  }),
)

const wait = fc.constantFrom(1, 23, 24, 7 * 24 - 1, 7 * 24).map((hours) =>
  step(`wait(${hours} h)`, async (_, real) => {
    real.forward(hours * hour_ms)
  }),
)

async function settle(which: number, model: Model, cards: LivedCards): Promise<void> {
  const card = at(model, which)
  const told = await cards.settle('card', card.number)
  compare('by card', told, { settled: maySettle(card, model) })
}

const settleByCard = whichCard.map((which) =>
  step(`settle by card ${which}`, (model, { cards }) => settle(which, model, cards)),
)

/** The seven days are told to the hour. */
const lostForAWeek = whichCard.map((which) =>
  step(`lost for a week (${which})`, async (model, { cards, forward }) => {
    await serve('temporary-loss', which, { model, cards })
    forward(7 * 24 * hour_ms - 60_000)
    await settle(which, model, cards)
    forward(60_000)
    await settle(which, model, cards)
  }),
)

const settleProved = whichCard.map((which) =>
  step(`settle by card ${which} where it is proved`, async (model, real) => {
    const card = at(model, which)
    const may = maySettle(card, model) && card.triesLeft > 0
    const told = await real.cards.settleProved(card.number)
    compare('proved', told, { settled: may })
  }),
)

const settleOtherwise = fc.constant(
  step('settle by e-card and by citizen number', async (model, real) => {
    const { cards } = real
    const byECard = await cards.settle('e-card', cards.numberOfECard())
    const may = maySettle(model.cards[model.bears], model)
    compare('by e-card', byECard, { settled: may })
    const byNumber = await cards.settle('citizen-number', cards.numberOfCitizen())
    compare('by citizen number', byNumber, { settled: true })
  }),
)

/** Everything that may happen to a card, claims as often as services, and what makes a new card usable more often. */
export const commands = [
  ...serviceSteps,
  ...Array.from({ length: 4 }, () => handedOver),
  lostForAWeek,
  application,
  wrongPin,
  sweep,
  wait,
  wait,
  ...Array.from({ length: 4 }, () => settleByCard),
  settleProved,
  settleProved,
  settleOtherwise,
  settleOtherwise,
]
