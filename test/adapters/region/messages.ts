import http from 'node:http'
import { sm3Hex } from '../../../adapters/crypto/sm3.ts'
import {
  batchesPath,
  messagesPath,
  type RequestEnvelope,
  requestBase,
  writeHeaders,
} from '../../../adapters/region/envelope.ts'
import { askForm } from '../../../adapters/region/messageForms.ts'
import type { RegionAsk } from '../../../engine/awayClaim.ts'
import { query } from './examples.ts'
import { chengdu, type Pair, start_ms } from './support.ts'

export interface Message {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: Buffer
}

let nonces = 0
const freshNonce = (): string => String(++nonces).padStart(32, '0')

export interface Writing {
  readonly key?: Pair
  readonly envelope?: Partial<RequestEnvelope>
  readonly path?: string
  readonly body?: string | Buffer
  readonly sign?: (base: Buffer) => string
}

/** A message of Chengdu to Guangzhou, but for what a test changes before it is signed. */
export function messageOf(
  what: RegionAsk = query,
  { key = chengdu, ...writing }: Writing = {},
): Message {
  const envelope = {
    version: '1',
    sender: '510100',
    receiver: '440100',
    key: key.id,
    created: start_ms,
    nonce: freshNonce(),
    reference: 'reference' in what ? what.reference : '',
    ...writing.envelope,
  }
  const body = Buffer.from(writing.body ?? JSON.stringify(askForm.write(what)))
  const line = { method: 'POST', path: writing.path ?? messagesPath }
  const base = requestBase(line, envelope, sm3Hex(body))
  const signature = writing.sign?.(base) ?? key.sign(base)
  const headers = { 'content-type': 'application/json', ...writeHeaders(envelope, signature) }
  return { ...line, headers, body }
}

/** Several in one envelope, each as it would stand in one of its own or as a test has written it. */
export function batchOf(messages: readonly unknown[], writing: Writing = {}): Message {
  return messageOf(
    { kind: 'identify', credential: { type: 'card', number: '' } },
    { path: batchesPath, body: JSON.stringify({ messages }), ...writing },
  )
}

export const wireOf = (asked: RegionAsk): Record<string, unknown> =>
  askForm.write(asked) as Record<string, unknown>

export interface Told {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly json: Record<string, unknown>
}

/** Sends a message as it is: nothing on the way mends it. */
export async function send({ method, path, headers, body }: Message, url: string): Promise<Told> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const options = { hostname, port, path, method, headers, agent: false }
    const request = http.request(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => void chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const json = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
        resolve({ status: response.statusCode as number, headers: response.headers, json })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}
