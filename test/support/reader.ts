import { readWorld } from '../../adapters/sandbox/world.ts'
import { type SimulatedCard, simulateCard } from '../../adapters/simulator/card.ts'
import { simulateTerminal } from '../../adapters/simulator/terminal.ts'

const sandbox = readWorld('rules')

/** Somebody of the sandbox world, by their key there. */
export const personOf = (key: string) => {
  const found = sandbox.people.find((one) => one.key === key)
  if (!found) throw new Error(`the sandbox world has no ${key}`)
  return found
}

/** The chip of somebody's card, as it lies in a reader. */
export function chipOf(
  key: string,
  certified?: { readonly from: string; readonly until: string },
): SimulatedCard {
  const { number, serial } = personOf(key).card
  return simulateCard({
    serial,
    number,
    algorithm: 'sm4',
    pin: '135790',
    ...(certified && { certified }),
  })
}

export const terminal = { division: '510100', id: 'POS-0001' }

/** A PIN as the terminal sends it. */
export const pinBody = (pin: string, key: string) => ({
  terminal,
  block: simulateTerminal(terminal).pinBlock(pin, personOf(key).card.number).toString('hex'),
})

/** What a reader takes from the chip. */
export function chipRead(key: string) {
  const { card, citizenNumber, name } = personOf(key)
  const { number, serial, version, issued, expires } = card
  return { number, cardSn: serial, version, issued, expires, citizenNumber, name }
}

interface Told {
  readonly status: number
  readonly json: Record<string, unknown>
}
type Post = (path: string, body: unknown, key?: string) => Promise<Told & { readonly text: string }>

/** Where a card is read. */
export interface Where {
  readonly institution?: string
  readonly terminal?: string
}

const path = '/v1/cards/authentication'

/** A till with a reader, over REST. */
export function readerAt(
  post: Post,
  { institution = 'H51010000002', terminal: id = terminal.id }: Where = {},
) {
  const at = { institution, terminal: id }
  const challenge = async (key: string) => {
    const { number, cardSn } = chipRead(key)
    const told = await post(path, { ...at, card: { number, cardSn } })
    return told.json['challenge'] as { id: string; random: string; expires: string }
  }
  /** Asks for a challenge, has the chip answer it, and gives what was told. */
  async function read(key: string, more: object = {}, idempotencyKey?: string) {
    const { id, random } = await challenge(key)
    const cryptogram = chipOf(key).answer(Buffer.from(random, 'hex')).toString('hex')
    const body = { ...at, card: chipRead(key), challenge: id, cryptogram, ...more }
    return post(path, body, idempotencyKey)
  }
  return {
    at,
    challenge,
    read,
    send: (body: object, key?: string) => post(path, { ...at, ...body }, key),
  }
}
