import { randomBytes } from 'node:crypto'
import { recordBytes } from '../../../adapters/http/offlineRecord.ts'
import { readTap } from '../../../adapters/http/quickClaim.ts'
import type { QuickBody, RecordLine } from '../../../adapters/http/quickSchema.ts'
import { readWorld } from '../../../adapters/sandbox/world.ts'
import { type SimulatedCard, simulateCard } from '../../../adapters/simulator/card.ts'
import { simulateTerminal } from '../../../adapters/simulator/terminal.ts'
import { sm3 } from '../../../adapters/crypto/sm3.ts'

export const pharmacy = 'P51010000001'
export const till = simulateTerminal({ division: '510100', id: 'T0001' })
export const worldNow = Date.parse('2026-03-02T09:00:00+08:00')

/** A painkiller that nobody needs a prescription for. */
export const painkiller = 'XN02BEB001A001010100013'

/** The card of somebody of the sandbox, by their key there. */
export function cardOf(key: string): SimulatedCard {
  const known = cards.get(key) ?? makeCard(key)
  cards.set(key, known)
  return known
}

/** A card counts its taps, so there is one of each. */
const cards = new Map<string, SimulatedCard>()

function makeCard(key: string): SimulatedCard {
  const found = readWorld('rules').people.find((person) => person.key === key)
  if (!found) throw new Error(`nobody is ${key}`)
  const { number, serial } = found.card
  return simulateCard({ number, serial, algorithm: 'sm4', pin: '135790' })
}

export interface TapWords {
  readonly amount?: string
  readonly item?: string
  readonly at?: number
  readonly terminal?: typeof till
  readonly institution?: string
  readonly more?: Partial<QuickBody>
}

const fen = (yuan: string): bigint => BigInt(yuan.replace('.', ''))
export const iso = (at: number): string =>
  new Date(at + 8 * 3_600_000).toISOString().replace('Z', '+08:00')

function tapped(card: SimulatedCard, words: TapWords) {
  const { amount = '20.00', item = painkiller, at = worldNow, terminal = till } = words
  const unpredictable = randomBytes(8)
  const { counter, mac } = card.tap({ terminal, amount: fen(amount), moment: at, unpredictable })
  return {
    institution: words.institution ?? pharmacy,
    terminal: { division: terminal.division, id: terminal.id },
    card: { number: card.number, cardSn: card.serial },
    at: iso(at),
    counter,
    unpredictable: unpredictable.toString('hex'),
    cryptogram: mac.toString('hex'),
    total: amount,
    lines: [{ id: '1', item, quantity: '1', unitPrice: amount, amount }],
  }
}

/** What a till sends when a card is held to it. */
export const tap = (card: SimulatedCard, words: TapWords = {}): QuickBody => ({
  ...tapped(card, words),
  ...words.more,
})

/** The same tap once its holder has keyed in a PIN. */
export const withPin = (body: QuickBody, card: SimulatedCard, pin = card.pin): QuickBody => ({
  ...body,
  pin: { block: till.pinBlock(pin, card.number).toString('hex') },
})

export interface RecordWords extends TapWords {
  readonly sequence: number
  readonly hotList?: number
  readonly familyAccount?: boolean
}

/** What a till without a line keeps: signed by the card, and by itself. */
export function record(card: SimulatedCard, words: RecordWords): RecordLine {
  const { sequence, hotList = worldNow, terminal = till, familyAccount } = words
  const unsigned = {
    ...tapped(card, words),
    ...(familyAccount !== undefined && { familyAccount }),
    sequence,
    hotList,
    mac: '00'.repeat(16),
  }
  return signed(unsigned, terminal)
}

/** A record with the MAC of a terminal over whatever stands in it. */
export const signed = (unsigned: RecordLine, terminal = till): RecordLine => {
  const bytes = recordBytes(readTap(unsigned), (text) => sm3(text))
  return { ...unsigned, mac: terminal.mac(bytes).toString('hex') }
}

export interface RecordTold {
  readonly sequence: number | null
  readonly counter: number | null
  readonly status: number
  readonly replayed?: true
  readonly body: Record<string, unknown> & { code?: string; warnings?: { code: string }[] }
}

/** Uploads records as a terminal does, a line each. */
export async function upload(url: string, records: readonly unknown[]): Promise<RecordTold[]> {
  const reply = await fetch(`${url}/v1/quick-payments/offline`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: records.map((one) => `${JSON.stringify(one)}\n`).join(''),
  })
  const text = await reply.text()
  if (reply.status !== 200) throw new Error(text)
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordTold)
}

/** A card that is not of the sandbox, or a copy of one that is. */
export const strangersCard = (
  { number, serial }: { readonly number: string; readonly serial: string },
  counter = 0,
): SimulatedCard => simulateCard({ number, serial, algorithm: 'sm4', pin: '135790', counter })
