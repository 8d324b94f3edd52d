import type { FastifyRequest } from 'fastify'
import type { KnownCaller } from '../../engine/role.ts'
import { type Config, ConfigError } from '../config.ts'
import { Complaint } from './complaint.ts'
import type { Desk } from './needs.ts'
import { personOf } from './selfService.ts'

/**
 * Who asks: a person with a token of their e-credential, who sees their own and writes nothing but filings of their own;
 * somebody with a key, who may what their role may; or somebody nobody knows, on a machine where that is enough.
 */
export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'person'; readonly id: string }
  | KnownCaller

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
  }
}

const anonymous: Caller = { kind: 'anonymous' }

/** How a caller is named in the access log and to itself. */
export function nameOf(caller: Caller): { readonly caller: string; readonly role: string } {
  switch (caller.kind) {
    case 'anonymous':
      return { caller: 'anonymous', role: 'anonymous' }
    case 'person':
      return { caller: caller.id, role: 'person' }
    case 'staff':
    case 'institution':
      return { caller: caller.id, role: caller.role }
  }
}

type Resolving = Pick<Desk, 'callers' | 'evidence' | 'now'>

/** Resolves the caller before anything of the request is read. */
export const callerResolver =
  (desk: Resolving) =>
  async (request: FastifyRequest): Promise<void> => {
    request.caller = anonymous
    if (!asksWho(request, desk)) return
    const { authorization } = request.headers
    if (authorization !== undefined) request.caller = await resolve(authorization, desk)
    else if (desk.callers?.required) throw new Complaint('caller-unknown', { because: 'no-key' })
  }

/**
 * By the route and not by the path as it was written: one path can be written in many ways. The counters are for whoever runs
 * the server, where callers have keys; elsewhere they are open as they always were.
 */
function asksWho({ routeOptions: { url } }: FastifyRequest, { callers }: Resolving): boolean {
  return url?.startsWith('/v1/') === true || (url === '/metrics' && callers?.required === true)
}

/** Keys and tokens are shorter: what is longer is neither. */
const longest = 1_000

async function resolve(authorization: string, desk: Resolving): Promise<Caller> {
  const [, text] =
    (authorization.length <= longest && /^Bearer ([\x21-\x7e]+)$/i.exec(authorization)) || []
  if (text === undefined) throw new Complaint('caller-unknown', { because: 'form' })
  if (text.startsWith('jsk.')) {
    const known = desk.callers?.find(text)
    if (known) return known
    throw new Complaint('caller-unknown', { because: 'key-invalid' })
  }
  // Without keys here no token is any good; where callers have keys of their own it was meant for one of those.
  if (!desk.evidence)
    throw desk.callers?.required
      ? new Complaint('caller-unknown', { because: 'key-invalid' })
      : new Complaint('keys-missing')
  return { kind: 'person', id: await personOf(text, desk.evidence, desk.now()) }
}

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/

/** A server for real money that cannot tell its callers apart is not opened to a network. */
export function refuseOpenDoor({
  mode,
  host,
  callersFile,
}: Pick<Config, 'mode' | 'host'> & Partial<Pick<Config, 'callersFile'>>): void {
  if (mode === 'production' && callersFile === undefined && !loopback.test(host))
    throw new ConfigError(
      `HOST=${host} would open the interface to a network while callers have no keys. ` +
        'Give them keys with "npx jiesuan callers" and set CALLERS_FILE, or set HOST=127.0.0.1 and put a gateway that knows ' +
        'the callers in front, or MODE=sandbox to try it out.',
    )
}
