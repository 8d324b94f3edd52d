import type { FastifyRequest } from 'fastify'
import { type Config, ConfigError } from '../config.ts'
import { Complaint } from './complaint.ts'
import type { Desk } from './needs.ts'
import { personOf } from './selfService.ts'

/**
 * Who asks: a person with a token of their e-credential, who sees their own and writes nothing but filings of their own, or
 * somebody nobody knows yet.
 * Institutions, desks and auditors are told apart here once they have keys.
 */
export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'person'; readonly id: string }

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
  }
}

const anonymous: Caller = { kind: 'anonymous' }

/** Resolves the caller before anything of the request is read: its place in the flow, whatever the proof will be. */
export const callerResolver =
  ({ evidence, now }: Pick<Desk, 'evidence' | 'now'>) =>
  async (request: FastifyRequest): Promise<void> => {
    request.caller = anonymous
    const { authorization } = request.headers
    if (authorization === undefined || !request.url.startsWith('/v1/')) return
    const [, text] = /^Bearer ([\x21-\x7e]+)$/i.exec(authorization) ?? []
    if (text === undefined) throw new Complaint('caller-unknown', { because: 'form' })
    if (!evidence) throw new Complaint('keys-missing')
    request.caller = { kind: 'person', id: await personOf(text, evidence, now()) }
  }

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/

/** A server for real money that cannot tell its callers apart is not opened to a network. */
export function refuseOpenDoor({ mode, host }: Pick<Config, 'mode' | 'host'>): void {
  if (mode === 'production' && !loopback.test(host))
    throw new ConfigError(
      `HOST=${host} would open the interface to a network while callers have no keys. ` +
        'Set HOST=127.0.0.1 and put a gateway that knows the callers in front, or MODE=sandbox to try it out.',
    )
}
