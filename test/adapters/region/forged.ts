import { createPrivateKey, createSign } from 'node:crypto'
import type http from 'node:http'
import { sm3Hex } from '../../../adapters/crypto/sm3.ts'
import { explain } from '../../../adapters/http/problem.ts'
import { type Envelope, names, replyBase, writeHeaders } from '../../../adapters/region/envelope.ts'
import { replyForm } from '../../../adapters/region/messageForms.ts'
import type { RegionReply } from '../../../engine/awayClaim.ts'
import { split } from './examples.ts'
import { guangzhou, type Handler, type Pair, start_ms } from './support.ts'

const answers = replyForm((refusal) => explain(refusal).message)
export const settled: RegionReply = { kind: 'settled', settlement: 'S1', postedAt: start_ms, split }
export const textOf = (reply: RegionReply): string => JSON.stringify(answers.write(reply))
export const good = textOf(settled)

type Request = Pick<http.IncomingMessage, 'headers'>

interface Said {
  readonly body?: string | Buffer
  readonly status?: number
  readonly key?: Pair
  readonly more?: Readonly<Record<string, string>>
  readonly envelope?: Partial<Envelope>
  /** What is put in place of the nonce and the digest of the request. */
  readonly request?: Partial<{ nonce: string; digest: string }>
  readonly sign?: (base: Buffer) => string
}

/** An answer as Guangzhou signs it, but for what a test changes. */
export function answerOf({ headers }: Request, sent: Buffer, said: Said = {}) {
  const { body = good, status = 200, key = guangzhou, more = {}, envelope = {} } = said
  const own: Envelope = {
    version: '1',
    sender: '440100',
    receiver: '510100',
    key: key.id,
    created: start_ms,
    reference: String(headers[names.reference] ?? ''),
    ...envelope,
  }
  const request = {
    nonce: String(headers[names.nonce]),
    digest: sm3Hex(sent),
    ...said.request,
  }
  const base = replyBase(status, own, sm3Hex(Buffer.from(body)), request)
  const signature = said.sign?.(base) ?? key.sign(base)
  const type = { 'content-type': 'application/json; charset=utf-8' }
  return { status, body, headers: { ...type, ...writeHeaders(own, signature), ...more } }
}

export const signed =
  (said: Said | ((request: Request, sent: Buffer) => Said) = {}): Handler =>
  (request, response, sent) => {
    const made = typeof said === 'function' ? said(request, sent) : said
    const { status, body, headers } = answerOf(request, sent, made)
    response.writeHead(status, headers).end(body)
  }

export const amounts = (more: object): string =>
  textOf({ ...settled, split: { ...split, ...more } })

/** SM2 with an empty user id, as Node signs by itself. */
export function emptyIdOf({ secret }: Pair, base: Buffer): string {
  const head = '304d020100301306072a8648ce3d020106082a811ccf5501822d043330310201010420'
  const key = createPrivateKey({
    key: Buffer.from(`${head}${secret}a00a06082a811ccf5501822d`, 'hex'),
    format: 'der',
    type: 'pkcs8',
  })
  const der = createSign('sm3').update(base).sign(key)
  const r = der.subarray(4, 4 + (der[3] as number))
  const s = der.subarray(6 + (der[3] as number))
  return [r, s].map((n) => Buffer.from(n).toString('hex').slice(-64).padStart(64, '0')).join('')
}

export const emptyId = (base: Buffer): string => emptyIdOf(guangzhou, base)

/** An answer whose headers or body are changed once it is signed. */
export const changed =
  (
    change: (headers: Record<string, string>) => {
      readonly headers?: http.OutgoingHttpHeaders | string[]
      readonly body?: string
    },
    said: Said = {},
  ): Handler =>
  (request, response, sent) => {
    const answer = answerOf(request, sent, said)
    const { headers = answer.headers, body = good } = change(answer.headers)
    response.writeHead(200, headers as http.OutgoingHttpHeaders).end(body)
  }
