import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { TLSSocket } from 'node:tls'
import { RegionFault } from '../../engine/awayClaim.ts'
import type { Headers } from './envelope.ts'

/** What came back, as it came. */
export interface Raw {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
}

export interface Sending {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly agent: http.Agent
  readonly time_ms: number
  /** An answer to several messages may be as much longer. */
  readonly mostRead: number
}

/** Connections are kept, but not until the other side closes them just as a message goes out. How many there are is no agent's to say. */
export const openAgent = (url: URL, kept: number): http.Agent => {
  const options = { keepAlive: true, maxFreeSockets: kept, timeout: 20_000 }
  return url.protocol === 'https:' ? new https.Agent(options) : new http.Agent(options)
}

/**
 * Sends a message and reads what comes back, in one time for the whole of it. Nothing is followed, decompressed or sent
 * again. What fails before there is a connection never left; after that nobody here can know. Whatever the other side does,
 * it ends in that time.
 */
export async function post({
  url,
  headers,
  body,
  agent,
  time_ms,
  mostRead,
}: Sending): Promise<Raw> {
  const { request: open } = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const request = open(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': String(body.length) },
      maxHeaderSize: 16_384,
    })
    const wasConnected = watchConnection(request)
    const fail = (error: unknown): void => {
      clearTimeout(timer)
      reject(faultOf(error, wasConnected()))
      request.destroy()
    }
    // Not by way of the request: one that Node has destroyed already would say nothing.
    const timer = setTimeout(() => fail(new Error('no answer in time')), time_ms)
    const unanswered = () => fail(new Error('the line was closed'))
    request.on('error', fail)
    request.on('close', unanswered)
    request.on('upgrade', (_response, socket) => {
      socket.destroy()
      fail(new RegionFault('bad-answer', 'answered with another protocol'))
    })
    request.on('response', (response) => {
      request.off('close', unanswered)
      readBody(response, mostRead).then((read) => {
        clearTimeout(timer)
        const { statusCode, headers: told } = response
        resolve({ status: statusCode as number, headers: told, body: read })
      }, fail)
    })
    request.end(body)
  })
}

/**
 * Whether the message can have left: nothing is written before the connection stands, with TLS its handshake too. What is
 * not still connecting was kept from a message before, and takes this one at once.
 */
function watchConnection(request: ClientRequest): () => boolean {
  let connected = false
  const stands = (): void => {
    connected = true
  }
  request.once('socket', (socket) => {
    if (!socket.connecting) stands()
    else socket.once((socket as TLSSocket).encrypted ? 'secureConnect' : 'connect', stands)
  })
  return () => connected
}

async function readBody(response: IncomingMessage, most: number): Promise<Buffer> {
  const tooLong = () =>
    new RegionFault('bad-answer', `the answer is longer than ${most} bytes; the rest is not read`)
  if (Number(response.headers['content-length']) > most) throw tooLong()
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > most) throw tooLong()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** A region that answers something that is not HTTP has been reached, and what it says is no answer. */
function faultOf(error: unknown, connected: boolean): RegionFault {
  if (error instanceof RegionFault) return error
  const { code = '', message } = error as Error & { code?: string }
  if (code.startsWith('HPE_')) return new RegionFault('bad-answer', `no HTTP: ${code}`, error)
  const said = code === '' ? message : code
  return new RegionFault(connected ? 'lost' : 'unsent', said, error)
}
