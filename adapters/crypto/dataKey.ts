import { readOwnFile } from './ownFile.ts'
import { sameBytes } from './sameBytes.ts'
import { hmacSm3 } from './sm3.ts'

/** The keys that stored requests, answers and identities are encrypted and indexed with. */
export interface DataKeys {
  /** The version that encrypts; every version listed can decrypt. */
  readonly current: number
  readonly keys: ReadonlyMap<number, Buffer>
  /** The key of the index of numbers (HMAC-SM3). It has no versions: another one would find nobody. */
  readonly index: Buffer
}

/**
 * The keys of every sandbox in the world. They stand here for anyone to read and so protect nothing: the sandbox holds
 * invented people only, and outside it these keys are refused.
 */
const sandboxText = [
  'index 73616e64626f782d696e6465782d6b65792d6e6f742d7365637265742d212121',
  '1 73616e64626f782d6e6f742d73656372',
].join('\n')

const line = /^(index) ([0-9a-f]{64})$|^([1-9]\d{0,8}) ([0-9a-f]{32})$/
const form =
  'one line "index" with 64 hexadecimal digits and one line per version with a number and 32, such as "1 0f1e…"'

export interface DataKeyOptions {
  readonly file: string | undefined
  readonly mode: 'sandbox' | 'production'
}

/** Reads the data keys from a file that only its owner may read; the sandbox does without one. */
export function readDataKeys({ file, mode }: DataKeyOptions): DataKeys {
  if (file === undefined) {
    if (mode === 'sandbox') return parseDataKeys(sandboxText, 'the sandbox key')
    throw new Error(
      `DATA_KEY_FILE is not set; outside the sandbox it must name a file with ${form}.`,
    )
  }
  const keys = parseDataKeys(readOwnFile(file, 'DATA_KEY_FILE'), 'The key file')
  if (mode !== 'sandbox') refuseSandboxKeys(keys)
  return keys
}

/** What only a holder of each key can compute and nobody can compute it from: stored, it tells one key from another. */
export function proofsOf({ keys, index }: DataKeys): Map<string, Buffer> {
  const proof = (key: Buffer) => hmacSm3(key, 'jiesuan data key check')
  const versions = [...keys].map(
    ([version, key]) => [`key version ${version}`, proof(key)] as const,
  )
  return new Map([['index key', proof(index)], ...versions])
}

/** What a file says is never repeated in a message. */
function parseDataKeys(text: string, what: string): DataKeys {
  const keys = new Map<number, Buffer>()
  let index: Buffer | undefined
  for (const [at, written] of text.split('\n').entries()) {
    if (written.trim() === '') continue
    const found = line.exec(written.trim())
    if (!found) throw new Error(`${what}, line ${at + 1}, is not as it must be: ${form}.`)
    const [, , indexHex, version, keyHex] = found
    const twice = indexHex === undefined ? keys.has(Number(version)) : index !== undefined
    if (twice) throw new Error(`${what}, line ${at + 1}, gives a key a second time.`)
    if (indexHex !== undefined) index = Buffer.from(indexHex, 'hex')
    else keys.set(Number(version), Buffer.from(keyHex as string, 'hex'))
  }
  if (!index || keys.size === 0) throw new Error(`${what} is not complete: it needs ${form}.`)
  return { current: Math.max(...keys.keys()), keys, index }
}

function refuseSandboxKeys({ keys, index }: DataKeys): void {
  const known = parseDataKeys(sandboxText, 'the sandbox key')
  const same = [...keys.values()].some((key) => sameBytes(key, known.keys.get(1) as Buffer))
  if (same || sameBytes(index, known.index))
    throw new Error('The key file holds the sandbox key, which everybody knows. Make new keys.')
}
