import type { FastifyRequest } from 'fastify'
import { type Config, ConfigError } from '../config.ts'

/** Who asks. The sandbox knows nobody yet; institutions, desks and auditors are told apart here once they have keys. */
export type Caller = { readonly kind: 'anonymous' }

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
  }
}

const anonymous: Caller = { kind: 'anonymous' }

/** Resolves the caller before anything of the request is read: its place in the flow, whatever the proof will be. */
export async function resolveCaller(request: FastifyRequest): Promise<void> {
  request.caller = anonymous
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
