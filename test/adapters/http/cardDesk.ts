import { readWorld } from '../../../adapters/sandbox/world.ts'
import { simulateTerminal } from '../../../adapters/simulator/terminal.ts'
import type { DocumentKind } from '../../../engine/cardDocuments.ts'
import { claim, openServed, type Told } from './served.ts'

type Fields = Readonly<Record<string, unknown>>

const { people } = readWorld('rules')

/** Somebody of the sandbox world by their short name. */
export function holder(key: string) {
  const found = people.find((one) => one.key === key)
  if (!found) throw new Error(`the sandbox has no ${key}`)
  const { person, citizenNumber, card } = found
  return { id: person.id, citizenNumber, number: card.number, serial: card.serial }
}

export const show = (...kinds: readonly DocumentKind[]): Fields => ({
  documents: kinds.map((kind) => ({ kind })),
})
export const cardAndId = show('own-card', 'id-document')
export const idAlone = show('id-document')

export const at = (division: string, more: Fields = {}): Fields => ({
  desk: { division, operator: 'op1', ...more },
})
export const byTelephone = at('510100', { channel: 'hotline' })

export const terminal = { division: '510100', id: 'T0000001' }

/** A PIN as it is keyed in at a terminal of Chengdu for a card. */
export const keyIn = (pin: string, number: string): string =>
  simulateTerminal(terminal).pinBlock(pin, number).toString('hex')

export interface NewCard {
  readonly id: string
  readonly number: string
  readonly serial: string
}

/** A server with what a card desk does there, and bills by whatever credential somebody shows. */
export async function openCardDesk(more?: Readonly<Record<string, string>>) {
  const served = await openServed(more)
  let bills = 0

  const ask = (service: string, card: string, body: Fields = {}, key?: string): Promise<Told> =>
    served.post(`/v1/cards/${card}/${service}`, { ...at('510100'), ...body }, key)

  /** A service that must be done. */
  async function done(service: string, card: string, body: Fields = {}): Promise<Fields> {
    const told = await ask(service, card, body)
    if (told.status !== 201) throw new Error(`${service}: ${told.text}`)
    return told.json
  }

  /** Why a service is refused, with what its facts name. */
  async function refused(service: string, card: string, body: Fields = {}): Promise<unknown[]> {
    const { status, json } = await ask(service, card, body)
    if (status === 201) return ['done']
    const { service: _, ...facts } = json['facts'] as Fields
    return [json['code'], ...Object.values(facts)]
  }

  /** What a bill by some credential comes to: settled, or the code of its refusal. */
  async function bill(credential: Fields, more: Fields = {}): Promise<unknown> {
    const line = { ...claim.lines[0], id: `C${++bills}` }
    const body = { ...claim, useAccount: false, lines: [line], credential, ...more }
    const { status, json } = await served.post('/v1/settlements', body)
    return status === 201 ? 'settled' : json['code']
  }

  return {
    ...served,
    service: ask,
    done,
    refused,
    bill,
    byCard: ({ number, serial }: { number: string; serial: string }, more?: Fields) =>
      bill({ type: 'card', number, cardSn: serial }, more),
    byNumber: ({ citizenNumber }: { citizenNumber: string }, more?: Fields) =>
      bill({ type: 'citizen-number', number: citizenNumber }, more),
    byECard: ({ id }: { id: string }) => bill({ type: 'e-card', number: `E${id}` }),
    card: async (reference: string): Promise<Fields> =>
      (await served.ask(`/v1/cards/${reference}`)).json,
    /** Makes a card that was applied for and hands it over. */
    async make(id: string, body: Fields = {}): Promise<NewCard> {
      const { make } = (await done('making', id, body)) as { make: Omit<NewCard, 'id'> }
      await done('delivery', id, { ...idAlone, ...body })
      return { id, ...make }
    },
  }
}

export type CardDeskServed = Awaited<ReturnType<typeof openCardDesk>>

export const newCardOf = (told: Fields): string => (told['newCard'] as { id: string }).id
