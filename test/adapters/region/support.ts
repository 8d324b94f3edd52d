import { randomBytes } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { newRegionKey } from '../../../adapters/crypto/regionKeys.ts'
import { sm2PublicKey, sm2Sign, sm2Verify } from '../../../adapters/crypto/sm2.ts'
import { sm3Hex } from '../../../adapters/crypto/sm3.ts'
import { readJson } from '../../../adapters/http/json.ts'
import { explain } from '../../../adapters/http/problem.ts'
import { Problem } from '../../../adapters/http/words.ts'
import { createLog } from '../../../adapters/log.ts'
import type { Exchanged } from '../../../adapters/metrics.ts'
import type { Patience } from '../../../adapters/region/answering.ts'
import type { Partner, PartnerKey, RegionDirectory } from '../../../adapters/region/directory.ts'
import type { BreakerOptions } from '../../../adapters/region/breaker.ts'
import { openLines } from '../../../adapters/region/line.ts'
import type {
  Nonces,
  ReadJson,
  RegionDesk,
  Seals,
  SigningKey,
} from '../../../adapters/region/needs.ts'
import { serveRegions } from '../../../adapters/region/server.ts'
import { parseDay } from '../../../engine/day.ts'

export const seals: Seals = { verify: sm2Verify, digest: sm3Hex }
export const start_ms = Date.parse('2026-03-02T09:00:00+08:00')

/** A key pair of somebody, with the private half at hand: tests forge. */
export interface Pair extends SigningKey {
  readonly secret: string
}

export function pairOf(division: string, id: string): Pair {
  const [, secret = ''] = /private (\w+)/.exec(newRegionKey(division, id)) ?? []
  const publicKey = sm2PublicKey(secret)
  return { division, id, secret, publicKey, sign: (message) => sm2Sign(secret, message) }
}

export const chengdu = pairOf('510100', '510100-2026a')
export const guangzhou = pairOf('440100', '440100-2026a')
/** Guangzhou's first key, which was given up. */
export const revoked = pairOf('440100', '440100-2025')
/** One that is good from April on, and one that was good until February. */
export const early = pairOf('440100', '440100-2026b')
export const late = pairOf('440100', '440100-2024')

const since = parseDay('2026-01-01')
const keyOf = ({ id, publicKey }: Pair, more: Partial<PartnerKey> = {}): PartnerKey => ({
  id,
  publicKey,
  from: since,
  revoked: false,
  ...more,
})

const places = {
  '510100': { name: '成都市', province: '510000', divisions: ['510100', '510104'] },
  '440100': { name: '广州市', province: '440000', divisions: ['440100', '440103'] },
}

const keysOf = {
  '510100': [keyOf(chengdu)],
  '440100': [
    keyOf(guangzhou),
    keyOf(revoked, { revoked: true }),
    keyOf(early, { from: parseDay('2026-04-01') }),
    keyOf(late, { until: parseDay('2026-02-28') }),
  ],
}

type Place = keyof typeof places

/** The directory of one of the two, with the other at an address. */
export function directoryOf(
  own: Place,
  url = 'http://127.0.0.1:9',
  more: Partial<Partner> = {},
): RegionDirectory {
  const division = own === '510100' ? '440100' : '510100'
  const partner = {
    division,
    ...places[division],
    url: new URL(url),
    keys: keysOf[division],
    atOnce: 4,
    waiting: 4,
    together: 1,
    timeOut_ms: 10_000,
    ...more,
  }
  const key = own === '510100' ? chengdu : guangzhou
  return {
    partners: new Map([[division, partner]]),
    own: new Map([[own, [{ key, from: since }]]]),
  }
}

/** The line of Chengdu to whoever listens at the address in Guangzhou's place. */
export function lineTo(
  url: string,
  {
    now = () => start_ms,
    breaker = { failures: 1_000 },
    ...partner
  }: Partial<Partner> & { now?: () => number; breaker?: BreakerOptions } = {},
) {
  const counted: Exchanged[] = []
  const states: number[] = []
  const faults: unknown[] = []
  const lines = openLines({
    directory: directoryOf('510100', url, partner),
    seals,
    readJson,
    now,
    newNonce: () => randomBytes(16).toString('hex'),
    count: (exchange) => void counted.push(exchange),
    onBreaker: (_region, state, fault) => {
      states.push(state)
      if (fault !== undefined) faults.push(fault)
    },
    breaker,
  })
  const hasRoom = (): boolean => lines.hasRoom('440100')
  const close = (): void => lines.close()
  return { line: lines.from('510100'), hasRoom, close, counted, states, faults }
}

/** Nonces in memory, for tests that are not about them. */
export function noncesHere(): Nonces {
  const seen = new Set<string>()
  return {
    take: async (client, nonce) => {
      const name = `${client} ${nonce}`
      if (seen.has(name)) return undefined
      seen.add(name)
      return BigInt(seen.size)
    },
  }
}

/** Guangzhou's door, with a desk behind it. */
export async function openDoor(
  desk: RegionDesk,
  {
    now = () => start_ms,
    nonces = noncesHere(),
    closing = () => false,
    patience,
    read = readJson,
  }: {
    now?: () => number
    nonces?: Nonces
    closing?: () => boolean
    patience?: Patience
    read?: ReadJson
  } = {},
) {
  const counted: Exchanged[] = []
  const logged: Record<string, unknown>[] = []
  const loggerInstance = createLog('warn', {
    write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>),
  })
  const app = fastify({ bodyLimit: 1_000, forceCloseConnections: true, loggerInstance })
  app.addSchema(Problem)
  await app.register(async (scope) =>
    serveRegions(scope, {
      directory: directoryOf('440100'),
      seals,
      readJson: read,
      nonces,
      desk,
      explain: (refusal) => explain(refusal).message,
      now,
      closing,
      patience,
      count: (exchange) => void counted.push(exchange),
    }),
  )
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { url, app, counted, logged, close: async () => app.close() }
}

export type Handler = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
  body: Buffer,
) => unknown

/** A server that answers whatever a test wants, in Guangzhou's place. */
export async function openStranger(handle: Handler) {
  let hits = 0
  const server = http.createServer((request, response) => {
    hits++
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => void chunks.push(chunk))
    request.on('end', () => handle(request, response, Buffer.concat(chunks)))
    response.on('error', () => undefined)
  })
  server.on('clientError', (_error, socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    hits: () => hits,
    close: async (): Promise<void> => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
