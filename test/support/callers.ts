import { sandboxCallerKey } from '../../adapters/crypto/callerKeys.ts'

/** The callers of the sandbox, one of each role. */
export const callerIds = ['auditor', 'desk', 'policy-author', 'operator', 'hospital'] as const
export type CallerId = (typeof callerIds)[number]

/** Of which role each is. */
export const roleOf = (id: CallerId) => (id === 'hospital' ? 'institution' : id)

/** Whose rows the institution among them sees. */
export const ownInstitution = 'H51010000001'

export const keyOf = (id: CallerId) => `Bearer ${sandboxCallerKey(id)}`

interface Told {
  readonly status: number
  readonly text: string
  readonly json: Record<string, unknown>
}

let keys = 0

/** Asks as somebody: a GET, or with a body a POST under a key of its own. */
export const askerAt =
  <T extends Told>(ask: (path: string, init: RequestInit) => Promise<T>) =>
  async (
    who: CallerId | undefined,
    path: string,
    body?: unknown,
    key = `c${++keys}`,
  ): Promise<T> => {
    const authorization = who === undefined ? {} : { authorization: keyOf(who) }
    if (body === undefined) return ask(path, { headers: authorization })
    const type = typeof body === 'string' ? 'application/x-ndjson' : 'application/json'
    return ask(path, {
      method: 'POST',
      headers: { ...authorization, 'content-type': type, 'idempotency-key': key },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  }
