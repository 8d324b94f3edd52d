import { readWorld } from '../../adapters/sandbox/world.ts'
import { pinBody, personOf } from './reader.ts'

interface Told {
  readonly status: number
  readonly json: Record<string, unknown>
  readonly text: string
}
type Post = (path: string, body: unknown, key?: string) => Promise<Told>

/** Whoever asks in a holder's name: an app of the agency. */
export const app = 'agency:510100'

/** What shows a holder: their card's number and its PIN. */
export const byPin = (key: string, pin = '135790') => ({
  institution: app,
  card: personOf(key).card.number,
  pin: pinBody(pin, key),
})

/** E-credentials over REST. */
export function eCardsAt(post: Post) {
  const ask = async (key: string, more: object = {}, idempotencyKey?: string): Promise<Told> =>
    post(
      '/v1/e-cards/tokens',
      { ...byPin(key), kind: 'social-security', purpose: 'settlement', ...more },
      idempotencyKey,
    )
  return {
    ask,
    /** The token of somebody. */
    async token(key: string, more: object = {}): Promise<string> {
      const told = await ask(key, more)
      if (told.status !== 201) throw new Error(told.text)
      return String(told.json['token'])
    },
    open: async (key: string) => post('/v1/e-cards', byPin(key)),
    close: async (key: string) => post('/v1/e-cards/closing', byPin(key)),
    verify: async (token: string, more: object = {}, idempotencyKey?: string) =>
      post(
        '/v1/e-cards/tokens/verification',
        { institution: 'H51010000001', token, ...more },
        idempotencyKey,
      ),
  }
}

/** Everything of the sandbox's people that no token, log or answer may tell. */
export const secretsOf = (): string[] =>
  readWorld('rules').people.flatMap(({ name, citizenNumber, card, person }) => [
    name,
    citizenNumber,
    card.number,
    card.serial,
    person.id,
  ])
