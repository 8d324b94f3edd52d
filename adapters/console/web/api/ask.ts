import type { Both } from '../words/say.ts'

/** What came back to a question: the answer, a problem in words, or nothing. */
export type Told<T> =
  | { readonly kind: 'ok'; readonly data: T; readonly headers: Headers }
  | {
      readonly kind: 'problem'
      readonly status: number
      readonly code: string
      readonly message: Both
      readonly facts: Readonly<Record<string, unknown>>
    }
  /** This server has no such path: it is older than the page, or leaves that part out. */
  | { readonly kind: 'absent' }
  /** Nobody answered. */
  | { readonly kind: 'away' }

const patience_ms = 30_000
const keptKey = 'key'

/** The caller's key, which is kept as long as the tab is open and nowhere else. */
export const callerKey = (): string | undefined => sessionStorage.getItem(keptKey) ?? undefined

export function keepKey(key: string | undefined): void {
  if (key === undefined) sessionStorage.removeItem(keptKey)
  else sessionStorage.setItem(keptKey, key)
}

export interface Asking {
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

/** Whoever asks with a key shows it; nobody else is asked but this server. */
export const withKey = (): Record<string, string> => {
  const key = callerKey()
  return key === undefined ? {} : { authorization: `Bearer ${key}` }
}

export async function ask<T>(path: string, { body, signal }: Asking = {}): Promise<Told<T>> {
  const limit = AbortSignal.timeout(patience_ms)
  try {
    const response = await fetch(path, {
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      headers: {
        ...withKey(),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    })
    return await read<T>(response)
  } catch {
    return { kind: 'away' }
  }
}

async function read<T>(response: Response): Promise<Told<T>> {
  const json: unknown = await response.json().catch(() => undefined)
  if (response.ok) return { kind: 'ok', data: json as T, headers: response.headers }
  const problem = (json ?? {}) as Partial<{ code: string; message: Both; facts: object }>
  if (problem.code === 'route-unknown') return { kind: 'absent' }
  const { status } = response
  const message = problem.message ?? {
    zh: `服务器答复 ${status}`,
    en: `The server answered ${status}`,
  }
  return {
    kind: 'problem',
    status,
    code: problem.code ?? String(status),
    message,
    facts: (problem.facts ?? {}) as Record<string, unknown>,
  }
}

/** A path with its query; what is empty is left out. */
export function pathWith(
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): string {
  const given = Object.entries(query).filter((one): one is [string, string] => Boolean(one[1]))
  const text = new URLSearchParams(given).toString()
  return text === '' ? path : `${path}?${text}`
}
