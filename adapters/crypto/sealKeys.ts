import { randomBytes } from 'node:crypto'
import { handingOver, type SealKey, writeNote } from '../../engine/seal/head.ts'
import type { KeyInLine } from '../../engine/seal/keyChain.ts'
import { readOwnFile } from './ownFile.ts'
import { sm2PublicKey, sm2Sign } from './sm2.ts'
import { sm3, sm3Hex } from './sm3.ts'

/** A key pair that heads of the log are signed with (日志签名密钥): it is asked to sign, and tells no more than its public half. */
export interface SealKeyPair extends KeyInLine {
  /** What the key before says of this one; the first has none before. */
  readonly vouched: string | undefined
  sign(message: Uint8Array): string
}

const nameForm = /^[0-9A-Za-z._-]{1,64}$/
const firstLine = 'jiesuan seal key 1'

/** SM3 of some bytes, one part after the other, as the engine's log is handed it. */
export const digestParts = (...parts: readonly Uint8Array[]): Uint8Array =>
  sm3(parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts))

/** The text of a file with a fresh key pair, for which the key before vouches where there is one. */
export function newSealKey(name: string, before?: SealKeyPair): string {
  if (!nameForm.test(name))
    throw new Error('The name of a key is 1 to 64 letters, digits or one of . _ -')
  if (before?.name === name) throw new Error(`The key before is called ${name} as well.`)
  const secret = freshSecret()
  const publicKey = sm2PublicKey(secret)
  const lines = [firstLine, `name ${name}`, `private ${secret}`, `public ${publicKey}`]
  if (before) {
    const note = writeNote(digestParts, handingOver({ name, publicKey }), before, (m) =>
      before.sign(m),
    )
    for (const key of [...before.line, before]) lines.push(`after ${key.name} ${key.publicKey}`)
    lines.push(`vouched ${Buffer.from(note).toString('base64')}`)
  }
  return `${lines.join('\n')}\n`
}

/** Random bytes are such a key but once in the life of the universe. */
function freshSecret(): string {
  for (;;) {
    const secret = randomBytes(32).toString('hex')
    if (publicKeyOf(secret) !== undefined) return secret
  }
}

/** Undefined for digits that are no private key. */
function publicKeyOf(secret: string): string | undefined {
  try {
    return sm2PublicKey(secret)
  } catch {
    return undefined
  }
}

const fileForm = new RegExp(
  `^${firstLine}\nname ([0-9A-Za-z._-]{1,64})\nprivate ([0-9a-f]{64})\npublic (04[0-9a-f]{128})\n(?:((?:after [0-9A-Za-z._-]{1,64} 04[0-9a-f]{128}\n)+)vouched ([A-Za-z0-9+/=]{1,2000})\n)?$`,
)

/** Opens such a file, which only its owner may read. `what` names it to whoever has to mend it; its text is never repeated. */
export function openSealKey(file: string, what: string): SealKeyPair {
  const [, name, secret, publicKey, before = '', vouched] =
    fileForm.exec(readOwnFile(file, what)) ?? []
  if (name === undefined || secret === undefined)
    throw new Error(
      `${what} is ${file}, which is no key file of a seal; "jiesuan seal-keys new" makes one.`,
    )
  if (publicKeyOf(secret) !== publicKey)
    throw new Error(`${what} is ${file}, whose two halves do not belong together.`)
  const note = vouched === undefined ? undefined : Buffer.from(vouched, 'base64').toString('utf8')
  return { ...keyOf(name, secret), line: lineIn(before), vouched: note }
}

const lineIn = (text: string): SealKey[] =>
  [...text.matchAll(/^after (\S+) (\S+)$/gm)].map(([, name = '', publicKey = '']) => ({
    name,
    publicKey,
  }))

/** A key with none before it. */
const keyOf = (name: string, secret: string): SealKeyPair => ({
  name,
  publicKey: sm2PublicKey(secret),
  line: [],
  vouched: undefined,
  sign: (message) => sm2Sign(secret, message),
})

/** It stands here for anyone to read, and so proves nothing about who signed: outside the sandbox it is refused. */
const sandboxMaster = 'jiesuan sandbox seal key, not secret'

/** The key that every sandbox of a division in the world signs with. */
export const sandboxSealKey = (division: string): SealKeyPair =>
  keyOf(`sandbox-${division}`, sm3Hex(`${sandboxMaster}: ${division}`))
