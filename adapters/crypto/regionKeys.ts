import { randomBytes } from 'node:crypto'
import { readOwnFile } from './ownFile.ts'
import { sm2PublicKey, sm2Sign } from './sm2.ts'
import { sm3Hex } from './sm3.ts'

/** A key pair that a region signs its messages with (跨区域签名密钥): it is asked to sign, and tells no more than its public half. */
export interface RegionKey {
  readonly division: string
  readonly id: string
  /** 04 and 128 digits. */
  readonly publicKey: string
  sign(message: Uint8Array): string
}

/** What a region may call a key: it travels in a header. */
const idForm = /^[0-9A-Za-z._-]{1,64}$/
const firstLine = 'jiesuan region key 1'

/** The text of a file with a fresh key pair. */
export function newRegionKey(division: string, id: string): string {
  if (!/^\d{6}$/.test(division)) throw new Error('A division is six digits.')
  if (!idForm.test(id))
    throw new Error('The id of a key is 1 to 64 letters, digits or one of . _ -')
  const secret = freshSecret()
  const lines = [
    firstLine,
    `division ${division}`,
    `id ${id}`,
    `private ${secret}`,
    `public ${sm2PublicKey(secret)}`,
  ]
  return `${lines.join('\n')}\n`
}

/** Random bytes are such a key but once in the life of the universe. */
function freshSecret(): string {
  for (;;) {
    const secret = randomBytes(32).toString('hex')
    if (publicKeyOf(secret) !== undefined) return secret
  }
}

const fileForm = new RegExp(
  `^${firstLine}\ndivision (\\d{6})\nid ([0-9A-Za-z._-]{1,64})\nprivate ([0-9a-f]{64})\npublic (04[0-9a-f]{128})\n?$`,
)

/** Opens such a file, which only its owner may read. `what` names it to whoever has to mend it; its text is never repeated. */
export function openRegionKey(file: string, what: string): RegionKey {
  const [, division, id, secret, publicKey] = fileForm.exec(readOwnFile(file, what)) ?? []
  if (division === undefined || id === undefined || secret === undefined)
    throw new Error(
      `${what} is ${file}, which is no key file of a region; "jiesuan region-keys new" makes one.`,
    )
  if (publicKeyOf(secret) !== publicKey)
    throw new Error(`${what} is ${file}, whose two halves do not belong together.`)
  return keyOf(division, id, secret)
}

/** Undefined for digits that are no private key. */
function publicKeyOf(secret: string): string | undefined {
  try {
    return sm2PublicKey(secret)
  } catch {
    return undefined
  }
}

const keyOf = (division: string, id: string, secret: string): RegionKey => ({
  division,
  id,
  publicKey: sm2PublicKey(secret),
  sign: (message) => sm2Sign(secret, message),
})

/** It stands here for anyone to read, and so shows nothing about who signed: outside the sandbox it is refused. */
const sandboxMaster = 'jiesuan sandbox region key, not secret'

/** The key that a division signs with in every sandbox in the world. */
export const sandboxRegionKey = (division: string): RegionKey =>
  keyOf(division, `sandbox-${division}`, sm3Hex(`${sandboxMaster}: ${division}`))
