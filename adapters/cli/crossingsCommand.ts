import { parseArgs } from 'node:util'
import { readOwnFile } from '../crypto/ownFile.ts'
import type { Print } from './cases.ts'

export const crossingsUsage = `jiesuan crossings [list] [--url URL] [--key-file FILE]
jiesuan crossings show REFERENCE [--url URL] [--key-file FILE]
jiesuan crossings retry REFERENCE [--url URL] [--key-file FILE]

What waits for other regions (异地交易), asked of a running server.

list   those that are not over, with how long they have waited and when they are looked at next
show   one of them, or one that led to a settlement, with everything that happened to it
retry  has one looked at within seconds: it is asked what became of it, or told once more to undo it

REFERENCE is what both regions know it by: the institution, a space, and its key or msgid.
--url       where the server is; default http://127.0.0.1:8080
--key-file  a file of your own (mode 0600) with the key of an operator, where the server wants one (docs/callers.md)

Ends with 0, with 1 where there is no such request, with 2 where the server cannot be asked.`

interface Crossing {
  readonly reference: string
  readonly purpose: string
  readonly state: string
  readonly region: string
  readonly askedAt: string
  readonly since: string
  readonly attempts?: number
  readonly dueAt?: string
  readonly alarm?: boolean
  readonly history?: readonly { readonly state: string; readonly at: string; readonly by: string }[]
}

/** The command. Resolves to its exit code. */
export async function crossings(args: readonly string[], print: Print): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        url: { type: 'string', default: 'http://127.0.0.1:8080' },
        'key-file': { type: 'string' },
      },
      allowPositionals: true,
    })
    const [act = 'list', ...words] = positionals
    const { url, 'key-file': file } = values
    const key = file === undefined ? undefined : readOwnFile(file, '--key-file').trim()
    const asked = { server: { url, key }, reference: words.join(' ') }
    if (act === 'list' && words.length === 0) return await list(asked.server, print)
    if (act === 'show' && words.length > 0) return await show(asked, print)
    if (act === 'retry' && words.length > 0) return await retry(asked, print)
    print.error(crossingsUsage)
    return 2
  } catch (error) {
    print.error(`jiesuan crossings: ${(error as Error).message}`)
    return 2
  }
}

/** Where to ask, and as whom. */
interface Server {
  readonly url: string
  readonly key: string | undefined
}

async function list(server: Server, print: Print): Promise<number> {
  let cursor: string | undefined
  let waiting = 0
  do {
    const query = cursor === undefined ? '' : `&cursor=${cursor}`
    const { status, json } = await ask(server, `/v1/crossings?limit=200${query}`)
    if (status !== 200) throw new Error(`the server answered ${status}`)
    const page = json as { items: readonly Crossing[]; next?: string }
    for (const one of page.items) print.out(lineOf(one))
    waiting += page.items.length
    cursor = page.next
  } while (cursor !== undefined)
  print.out(waiting === 0 ? 'nothing waits for another region' : `${waiting} waiting`)
  return 0
}

const lineOf = ({ reference, purpose, state, region, askedAt, attempts, dueAt, alarm }: Crossing) =>
  [
    alarm ? '!' : ' ',
    state.padEnd(9),
    purpose.padEnd(7),
    region,
    `asked ${askedAt}`,
    `${attempts} attempts`,
    `next ${dueAt}`,
    reference,
  ].join('  ')

interface Named {
  readonly server: Server
  readonly reference: string
}

async function show({ server, reference }: Named, print: Print): Promise<number> {
  const named = encodeURIComponent(reference)
  const { status, json } = await ask(server, `/v1/crossings/one?reference=${named}`)
  if (status === 404) return notThere(reference, print)
  if (status !== 200) throw new Error(`the server answered ${status}`)
  const one = json as Crossing
  print.out(`${one.reference}: ${one.purpose} at ${one.region}, ${one.state} since ${one.since}`)
  for (const { at, state, by } of one.history ?? []) print.out(`  ${at}  ${state}  by ${by}`)
  return 0
}

async function retry({ server, reference }: Named, print: Print): Promise<number> {
  const { status, json } = await ask(server, '/v1/crossings/retry', { reference })
  if (status !== 202) throw new Error(`the server answered ${status}`)
  if (!(json as { retried: boolean }).retried) return notThere(reference, print)
  print.out(`${reference}: looked at within seconds`)
  return 0
}

function notThere(reference: string, print: Print): number {
  print.error(`jiesuan crossings: nothing waits under "${reference}"`)
  return 1
}

async function ask(
  { url, key }: Server,
  path: string,
  body?: object,
): Promise<{ status: number; json: unknown }> {
  const response = await fetch(url + path, {
    signal: AbortSignal.timeout(10_000),
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
  }).catch(() => {
    throw new Error(`no server answers at ${new URL(url).origin}`)
  })
  if (response.status === 401 || response.status === 403)
    throw new Error(
      `the server answered ${response.status}: give it the key of an operator with --key-file`,
    )
  return { status: response.status, json: await response.json() }
}
