import { createHash } from 'node:crypto'
import { sm4Blocks, tripleDesBlocks } from './block.ts'
import type { CardSerial } from './cardSerial.ts'
import type { CardAlgorithm, Terminal } from './keyStore.ts'

const factorLength = 8

/**
 * Eight bytes out of a card. Which ones, and in which order, is configuration (`layers` of the key file): the standard's own
 * text is not public, and a centre has to set what its cards were made with.
 */
export const cardFactors = {
  'division-bcd': ({ division }: CardSerial) => pad(Buffer.from(division, 'hex')),
  'division-ascii': ({ division }: CardSerial) => pad(Buffer.from(division, 'ascii')),
  'serial-last8': ({ bytes }: CardSerial) => bytes.subarray(8),
  'serial-first8': ({ bytes }: CardSerial) => bytes.subarray(0, 8),
} as const

export type CardFactor = keyof typeof cardFactors

const mostLayers = 4

/** Reads the names of one to four layers; undefined for whatever is none. */
export function readLayers(names: readonly string[]): CardFactor[] | undefined {
  const known = names.every((name) => Object.hasOwn(cardFactors, name))
  const right = known && names.length >= 1 && names.length <= mostLayers
  return right ? (names as CardFactor[]) : undefined
}

/** From the nation's master to the region's, and from there to the card's. */
export const usualLayers: readonly CardFactor[] = ['division-bcd', 'serial-last8']

const pad = (bytes: Buffer): Buffer => Buffer.concat([bytes], factorLength)

const primitives = { sm4: sm4Blocks, '3des': tripleDesBlocks }

/** One layer (密钥分散): the master's encryption of the factor and of its inverse, which for 3DES are the left and right half. */
export function diversify(
  algorithm: CardAlgorithm,
  master: Uint8Array,
  factor: Uint8Array,
): Buffer {
  const both = Buffer.alloc(2 * factorLength)
  for (let i = 0; i < factorLength; i++) {
    both[i] = factor[i] as number
    both[factorLength + i] = ~(factor[i] as number) & 0xff
  }
  return primitives[algorithm](master, both)
}

/** The key of a card out of a master, layer by layer. */
export function cardKey(
  algorithm: CardAlgorithm,
  master: Buffer,
  layers: readonly CardFactor[],
  serial: CardSerial,
): Buffer {
  return layers.reduce(
    (key, layer) => diversify(algorithm, key, cardFactors[layer](serial)),
    master,
  )
}

const divisionForm = /^\d{6}$/
const terminalForm = /^[\x21-\x7e]{1,32}$/

export const isTerminal = ({ division, id }: Terminal): boolean =>
  divisionForm.test(division) && terminalForm.test(id)

/** The key of a terminal: its region's layer as for cards, then the first eight bytes of SM3 over its number. */
export function terminalKey(master: Buffer, { division, id }: Terminal): Buffer {
  const region = diversify('sm4', master, pad(Buffer.from(division, 'hex')))
  const factor = createHash('sm3').update(id, 'ascii').digest().subarray(0, factorLength)
  return diversify('sm4', region, factor)
}
