import type { Scene } from './dayScript.ts'

/** What came back for one scene, and what of it was not as expected. */
export interface Played {
  readonly scene: Scene
  readonly status: number
  readonly replayed: boolean
  readonly body: Readonly<Record<string, unknown>>
  readonly wrong: readonly string[]
}

/** Sends every scene of the day to a running server, in order, and compares what comes back. */
export async function playDay(
  scenes: readonly Scene[],
  url: string,
  told: (played: Played) => Promise<void> | void,
): Promise<Played[]> {
  const answers: Answers = new Map()
  const played: Played[] = []
  for (const scene of scenes) {
    const preview = await previewOf(scene, url)
    const reply = await send(scene, answers, url)
    if (reply.status < 300) answers.set(scene.key, reply.body)
    const wrong = [...differences(scene, reply), ...againstPreview(preview, reply.body)]
    const one = { scene, ...reply, wrong }
    played.push(one)
    await told(one)
  }
  return played
}

type Reply = Pick<Played, 'status' | 'replayed' | 'body'>

/** What earlier scenes were answered, by their keys. */
type Answers = Map<string, Reply['body']>

async function post(url: string, body: unknown, key?: string): Promise<Reply> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': `"${key}"` }),
    },
    body: JSON.stringify(body),
  })
  return {
    status: response.status,
    replayed: response.headers.get('idempotency-replayed') === 'true',
    body: (await response.json()) as Record<string, unknown>,
  }
}

async function send({ action, key }: Scene, answers: Answers, url: string): Promise<Reply> {
  switch (action.kind) {
    case 'settle':
      return post(`${url}/v1/settlements`, action.body, key)
    case 'cancel': {
      const { institution, of } = action
      const path = fillText(`/v1/settlements/{${of}.id}/cancellation`, answers)
      return post(`${url}${path}`, { institution }, key)
    }
    case 'post':
      return post(`${url}${fillText(action.path, answers)}`, fill(action.body, answers), key)
  }
}

const reference = /\{([^{}.]+)\.([^{}]+)\}/g

/** Puts in what earlier scenes were answered: `{demo-01.id}` is the member `id` of the answer to demo-01. */
const fillText = (written: string, answers: Answers): string =>
  written.replace(reference, (_, key: string, path: string) =>
    String(member(answers.get(key), path)),
  )

function fill(written: unknown, answers: Answers): unknown {
  if (typeof written === 'string') return fillText(written, answers)
  if (Array.isArray(written)) return written.map((item) => fill(item, answers))
  if (typeof written !== 'object' || written === null) return written
  return Object.fromEntries(
    Object.entries(written).map(([name, value]) => [name, fill(value, answers)]),
  )
}

/** A member by its path, such as `account.balance`. */
const member = (body: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((found, name) => (found as Record<string, unknown> | undefined)?.[name], body)

/** Every new settlement is asked for as a preview first: the two must agree in every amount. */
async function previewOf({ action }: Scene, url: string): Promise<Reply | undefined> {
  if (action.kind !== 'settle' || action.repeats) return undefined
  return post(`${url}/v1/settlements/preview`, action.body)
}

function againstPreview(preview: Reply | undefined, body: Played['body']): string[] {
  if (!preview) return []
  const { id: _id, state: _state, postedAt: _postedAt, ...settled } = body
  const { state: _, ...previewed } = preview.body
  const same = JSON.stringify(previewed) === JSON.stringify(settled)
  return same ? [] : ['the preview differs from the settlement']
}

function differences({ expect }: Scene, reply: Reply): string[] {
  return Object.entries(expect).flatMap(([name, wanted]) => {
    const actual = valueOf(name, reply)
    return actual === wanted ? [] : [`${name}: expected ${wanted}, got ${actual}`]
  })
}

function valueOf(name: string, { status, replayed, body }: Reply): string {
  if (name === 'status') return String(status)
  if (name === 'replayed') return String(replayed)
  if (name === 'warning')
    return (body['warnings'] as { code: string }[]).map((w) => w.code).join(' ')
  const own = member(body, name)
  if (typeof own === 'string' || typeof own === 'number' || typeof own === 'boolean')
    return String(own)
  const shares = (body['shares'] ?? []) as { fund: string; amount: string }[]
  return shares.find((share) => share.fund === name)?.amount ?? 'nothing'
}
