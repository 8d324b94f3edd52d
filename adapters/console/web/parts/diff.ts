import type { Json } from '../api/types.ts'

/** One place where two documents differ; what one of them lacks is undefined. */
export interface Difference {
  readonly path: readonly string[]
  readonly before: Json | undefined
  readonly after: Json | undefined
}

type Members = Readonly<Record<string, Json | undefined>>

/**
 * How two documents of rules differ. Items of lists that have a name of their own are compared by it, so that one that was put
 * in before others does not make all of them look changed.
 */
export function differences(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly string[] = [],
): Difference[] {
  if (same(before, after)) return []
  const [was, is] = [membersOf(before), membersOf(after)]
  if (!was || !is) return [{ path, before, after }]
  const names = new Set([...Object.keys(was), ...Object.keys(is)])
  return [...names].flatMap((name) => differences(was[name], is[name], [...path, name]))
}

const same = (a: Json | undefined, b: Json | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b))

function membersOf(value: Json | undefined): Members | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (!Array.isArray(value)) return value as Members
  const names = value.map(nameOf)
  const areNamed = names.every((name) => name !== undefined) && new Set(names).size === names.length
  if (!areNamed) return undefined
  return Object.fromEntries(value.map((item, i) => [names[i] as string, item as Json]))
}

/** What an item of a list is called: a layer or rule by its id, a pack by its scheme, an overlay by its name. */
function nameOf(item: Json): string | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined
  const { id, scheme, name } = item as Members
  const found = [id, scheme, name].find((one): one is string => typeof one === 'string')
  return found
}
