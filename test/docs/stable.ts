import type { Body, Sequence, Step } from './sequences.ts'

/** What is this run's alone, made the same in every run: names that the server gave, and its times. */
export function makeStable(sequences: readonly Sequence[]): Sequence[] {
  const names = new Names()
  return sequences.map((sequence) => ({
    ...sequence,
    steps: sequence.steps.map((step) => stableStep(step, names)),
  }))
}

function stableStep(step: Step, names: Names): Step {
  const request = names.replace(step.request) as Body
  const at = String(request['inf_time'])
  const told = step.response && (timed(step.response, timesIn(step.request['input']), at) as Body)
  const response = told && names.receipt(names.replace(told) as Body, at)
  return {
    ...step,
    request: withoutFile(request),
    response: response === undefined ? undefined : withoutFile(response),
    file: step.file === undefined ? undefined : (names.replace(step.file) as string),
  }
}

const moment = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g

const timesIn = (input: unknown): ReadonlySet<string> =>
  new Set(JSON.stringify(input).match(moment) ?? [])

/** Moments of the server's clock are told as those of the message; what the message itself said stays. */
function timed(response: Body, said: ReadonlySet<string>, at: string): unknown {
  return mapText(response, (text) =>
    text.replace(moment, (found) =>
      said.has(found) ? found : `${found.slice(0, 11)}${at.slice(11)}`,
    ),
  )
}

const compact = (at: string): string => at.replaceAll(/\D/g, '')

/** Who is named, in order of appearance. */
class Names {
  readonly #msgids = new Map<string, string>()
  readonly #given = new Map<string, string>()
  readonly #counts = new Map<string, number>()
  #receipts = 0

  receipt(response: Body, at: string): Body {
    this.#receipts += 1
    return {
      ...response,
      inf_refmsgid: `510100${compact(at)}${String(this.#receipts).padStart(10, '0')}`,
      refmsg_time: `${compact(at)}001`,
      respond_time: `${compact(at)}009`,
    }
  }

  replace(value: unknown): unknown {
    this.#learn(value)
    return mapText(value, (text) =>
      text
        .replace(/[HP]\d{29}/g, (found) => this.#msgid(found))
        .replace(/[0-9A-HJKMNP-TV-Z]{30}/g, (found) => this.#given.get(found) ?? found),
    )
  }

  #msgid(found: string): string {
    const known =
      this.#msgids.get(found) ??
      `${found.slice(0, 26)}${String(this.#msgids.size + 1).padStart(4, '0')}`
    this.#msgids.set(found, known)
    return known
  }

  /** A name is called after the field that it comes in first. */
  #learn(value: unknown): void {
    if (typeof value !== 'object' || value === null) return
    for (const [field, inner] of Object.entries(value)) {
      this.#learn(inner)
      if (typeof inner !== 'string' || !/^\d[0-9A-HJKMNP-TV-Z]{29}$/.test(inner)) continue
      if (field === 'inf_refmsgid' || this.#given.has(inner)) continue
      const count = (this.#counts.get(field) ?? 0) + 1
      this.#counts.set(field, count)
      this.#given.set(inner, `<${field} ${count}>`)
    }
  }
}

function mapText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((one) => mapText(one, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([k, one]) => [k, mapText(one, change)]))
}

/** The bytes of a file hold names of this run, so they are told and not shown. */
function withoutFile(body: Body): Body {
  return Object.fromEntries(
    Object.entries(body).map(([name, inner]) => {
      if (name === 'in') return [name, '<base64>']
      const isNode = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      return [name, isNode ? withoutFile(inner as Body) : inner]
    }),
  )
}
