import { readFileSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { parse } from 'yaml'
import { extend, parseQuantity, parseUnitPrice, sum, toYuan } from '../../engine/money.ts'

const Words = Type.Record(Type.String(), Type.String())
const Loose = Type.Record(Type.String(), Type.Unknown())

const Scene = Type.Object(
  {
    name: Type.Object({ zh: Type.String(), en: Type.String() }),
    key: Type.String(),
    claim: Type.Optional(Loose),
    /** Sends the claim of an earlier scene again, perhaps with something changed. */
    repeats: Type.Optional(Type.String()),
    change: Type.Optional(Loose),
    /** Cancels the settlement of an earlier scene. */
    cancels: Type.Optional(Type.String()),
    /** Posts `body` to any path; `{demo-01.id}` in either stands for that member of an earlier scene's answer. */
    post: Type.Optional(Type.String()),
    body: Type.Optional(Loose),
    expect: Words,
  },
  { additionalProperties: false },
)

const Day = Type.Object(
  { items: Words, scenes: Type.Array(Scene) },
  { additionalProperties: false },
)

/** One thing that happens during the sandbox day: a request and what must come back. */
export interface Scene {
  readonly name: { readonly zh: string; readonly en: string }
  readonly key: string
  readonly action:
    | { readonly kind: 'settle'; readonly body: Body; readonly repeats: boolean }
    | { readonly kind: 'cancel'; readonly of: string; readonly institution: string }
    | { readonly kind: 'post'; readonly path: string; readonly body: Record<string, unknown> }
  readonly expect: Readonly<Record<string, string>>
}

export type Body = Readonly<Record<string, unknown>> & { readonly institution: string }

type Written = Static<typeof Scene>

/** Reads the day that the demo plays. Amounts of lines and the total are worked out, so that the script stays short. */
export function readDay(file: string, worldDay: string): Scene[] {
  const day = Value.Decode(Day, parse(readFileSync(file, 'utf8'), { schema: 'failsafe' }))
  const bodies = new Map<string, Body>()
  return day.scenes.map((scene) => {
    const { name, key, expect } = scene
    if (scene.cancels !== undefined) {
      const institution = bodies.get(scene.cancels)?.institution ?? ''
      return { name, key, expect, action: { kind: 'cancel', of: scene.cancels, institution } }
    }
    if (scene.post !== undefined) {
      const body = typed(scene.body ?? {})
      return { name, key, expect, action: { kind: 'post', path: scene.post, body } }
    }
    const body = bodyOf(scene, day.items, bodies, worldDay)
    if (scene.claim) bodies.set(key, body)
    return {
      name,
      key,
      expect,
      action: { kind: 'settle', body, repeats: scene.repeats !== undefined },
    }
  })
}

function bodyOf(
  { key, claim, repeats, change }: Written,
  items: Readonly<Record<string, string>>,
  bodies: ReadonlyMap<string, Body>,
  worldDay: string,
): Body {
  if (repeats !== undefined) return { ...(bodies.get(repeats) as Body), ...typed(change ?? {}) }
  const { lines, ...rest } = claim as { lines: string[][] } & Record<string, unknown>
  const written = lines.map(([item = '', quantity = '', unitPrice = ''], i) => ({
    // A line number is unique in its visit, and two scenes may be parts of one stay.
    id: `${key}-${i + 1}`,
    item: items[item] ?? item,
    quantity,
    unitPrice,
    amount: toYuan(extend(parseUnitPrice(unitPrice), parseQuantity(quantity), 'halfUp')),
  }))
  const total = toYuan(
    sum(lines.map(([, q = '', p = '']) => extend(parseUnitPrice(p), parseQuantity(q), 'halfUp'))),
  )
  return { day: worldDay, ...typed(rest), total, lines: written } as unknown as Body
}

const counts = new Set(['fetuses'])

/** The script is read as text; what REST wants as booleans and numbers becomes those. */
function typed(written: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(written).map(([name, value]) => [
      name,
      counts.has(name) ? Number(value) : typedValue(value),
    ]),
  )
}

function typedValue(value: unknown): unknown {
  if (value === 'true' || value === 'false') return value === 'true'
  if (Array.isArray(value)) return value.map(typedValue)
  return typeof value === 'object' && value !== null
    ? typed(value as Record<string, unknown>)
    : value
}
