import { hash, timingSafeEqual } from 'node:crypto'
import type { Instant } from '../../engine/day.ts'
import type { Client } from './clients.ts'
import type { Nonces } from './needs.ts'

/** How far a time stamp may be from our clock. */
export const window_ms = 300_000

/** What a request says of itself in its headers (x-tif-*). */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** x-tif-signature: SHA-256 in hexadecimal over time stamp, secret, nonce and time stamp again. */
export const signatureOf = (timestamp: string, secret: string, nonce: string): string =>
  hash('sha256', `${timestamp}${secret}${nonce}${timestamp}`, 'hex')

/** Whose request it is, with its running number; or why it is turned away, in Chinese. */
export type Admission =
  | { readonly client: Client; readonly serial: bigint }
  | { readonly refused: string }

export interface Door {
  readonly clients: ReadonlyMap<string, Client>
  readonly nonces: Nonces
  /** The clocks a time stamp may go by: the machine's, and in the sandbox its own as well. */
  readonly clocks: readonly (() => Instant)[]
}

const paasidForm = /^[\x21-\x7e]{1,64}$/
const timestampForm = /^[1-9]\d{9}$/
const nonceForm = /^[\x21-\x7e]{1,64}$/
/** Either case, and not both: whatever was changed on the way is refused. */
const signatureForm = /^([0-9a-f]{64}|[0-9A-F]{64})$/

/** Judges the headers of a request; the nonce is looked at last, so that only a client itself can use one up. */
export async function admit(headers: Headers, door: Door): Promise<Admission> {
  const paasid = headers['x-tif-paasid']
  const timestamp = headers['x-tif-timestamp']
  const nonce = headers['x-tif-nonce']
  const signature = headers['x-tif-signature']
  if (!isText(paasid, paasidForm)) return { refused: '请求头x-tif-paasid缺失或格式不对' }
  if (!isText(timestamp, timestampForm))
    return { refused: '请求头x-tif-timestamp缺失或格式不对，须为10位的秒数' }
  if (!isText(nonce, nonceForm))
    return { refused: '请求头x-tif-nonce缺失或格式不对，须为1至64个可见ASCII字符' }
  if (!isText(signature, signatureForm))
    return { refused: '请求头x-tif-signature缺失或格式不对，须为64位十六进制' }
  const client = door.clients.get(paasid)
  // A client that is not known takes as long as one that is, and is told the same.
  const expected = signatureOf(timestamp, client?.secret ?? '', nonce)
  const right = timingSafeEqual(Buffer.from(expected), Buffer.from(signature.toLowerCase()))
  if (!client || !right) return { refused: '签名验证失败，请核对paasid与密钥' }
  const sent = Number(timestamp) * 1000
  if (!door.clocks.some((now) => Math.abs(now() - sent) <= window_ms))
    return { refused: `请求时间戳超出允许范围（前后${window_ms / 1000}秒），请校准时钟` }
  const serial = await door.nonces.take(paasid, nonce, Date.now())
  return serial === undefined
    ? { refused: '随机数x-tif-nonce已使用过，请更换后重发' }
    : { client, serial }
}

const isText = (given: Headers[string], form: RegExp): given is string =>
  typeof given === 'string' && form.test(given)
