import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'

type Json = Record<string, unknown>

/** A message that is sent before the one in question: the good one of that infno, or that one changed. */
export interface Step {
  readonly infno: string
  readonly institution?: string
  readonly change?: Json
}

/** A message that is wrong though its tables take it, and what it is told. */
export interface BadMessage {
  readonly says: string
  readonly institution?: string
  readonly change?: Json
  readonly input?: Json
  readonly after?: readonly (string | Step)[]
  readonly err: string
}

/** What `test/messages/<infno>.yaml` holds; see the README there. */
export interface Messages {
  readonly infno: string
  readonly institution?: string
  readonly after: readonly (string | Step)[]
  readonly good: Json
  readonly bad: readonly BadMessage[]
}

const folder = 'test/messages'

function read(file: string): Messages {
  const text = readFileSync(path.join(folder, file), 'utf8')
  // Days stay as they are written.
  const { good, ...known } = parse(text, { schema: 'core' }) as Messages
  return {
    ...known,
    infno: path.basename(file, '.yaml'),
    after: known.after ?? [],
    good,
    bad: known.bad ?? [],
  }
}

/** The corpus, by infno. */
export const messages: ReadonlyMap<string, Messages> = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => [path.basename(file, '.yaml'), read(file)]),
)

/** What placeholders stand for: words of the patient, and fields of what was answered before. */
export type Words = ReadonlyMap<string, unknown>

/** A value with its placeholders filled in; one that stands alone keeps the type of what it stands for. */
export function fill(value: unknown, words: Words): unknown {
  if (typeof value === 'string') {
    const [whole] = /^\$\{[^}]+\}$/.exec(value) ?? []
    if (whole) return wordOf(whole.slice(2, -1), words)
    return value.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => String(wordOf(name, words)))
  }
  if (Array.isArray(value)) return value.map((each) => fill(each, words))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each, words)]))
}

function wordOf(name: string, words: Words): unknown {
  if (!words.has(name)) throw new Error(`nothing was answered that is called ${name}`)
  return words.get(name)
}

/** An input with some of its values otherwise, by their paths, such as `feedetail.0.cnt`; null removes. */
export function changed(input: Json, change: Json = {}): Json {
  const copy = structuredClone(input)
  for (const [place, value] of Object.entries(change)) {
    const names = place.split('.')
    const last = names.pop() as string
    let at = copy
    for (const name of names) at = at[name] as Json
    if (value !== null) at[last] = value
    else delete at[last]
  }
  return copy
}
