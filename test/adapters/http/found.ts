import { claim, openServed } from './served.ts'

export const institution = 'H51010000001'

export interface Page<T> {
  readonly items: readonly T[]
  readonly next?: string
}

/** A served sandbox in which somebody was settled, had a settlement cancelled twice, and paid with their card. */
export async function openFound() {
  const served = await openServed()
  const { ask, post } = served
  const number = 'D80000001'
  const settle = async (body: object, key: string): Promise<string> =>
    String((await post('/v1/settlements', body, key)).json['id'])
  const lines = [{ ...claim.lines[0], quantity: '1', amount: '12.50' }]
  const id = await settle(claim, 'find-1')
  const cancelled = await settle({ ...claim, total: '12.50', lines }, 'find-2')
  for (const key of ['find-3', 'find-4'])
    await post(`/v1/settlements/${cancelled}/cancellation`, { institution }, key)
  const byCard = await settle({ ...claim, credential: { type: 'card', number } }, 'find-5')
  const { json } = await ask(`/v1/cards/${number}`)

  /** Every item of a list, whose pages may be as short as they like. */
  async function all<T>(path: string): Promise<T[]> {
    const items: T[] = []
    for (let next: string | undefined = ''; next !== undefined; ) {
      const page = (await ask(`${path}${next && `&cursor=${next}`}`)).json as unknown as Page<T>
      items.push(...page.items)
      next = page.next
    }
    return items
  }

  return { ...served, id, cancelled, byCard, card: { id: String(json['id']), number }, all }
}

/** A cursor of a list with another place in it, or of no list where there is none. */
export function cursorWith(next: string | undefined, place: string): string {
  const mark = next === undefined ? '' : Buffer.from(next, 'base64url').toString().slice(0, 9)
  return Buffer.from(mark + place).toString('base64url')
}
