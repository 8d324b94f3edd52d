import type { FactValue, Refusal, RefusalCode } from '../../engine/refusal.ts'
import { inChinese } from './expected.ts'
import { writeInstant } from './instant.ts'
import { type ComplaintCode, complaints } from './complaint.ts'
import { messages } from './messages.ts'
import { wordsInChinese } from './factWords.ts'

type Facts = Readonly<Record<string, FactValue>>

/** A problem document (RFC 9457) with the same in Chinese and in English. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly facts: Facts
  readonly message: { readonly en: string; readonly zh: string }
}

export const problemType = 'application/problem+json; charset=utf-8'

function problem(
  code: string,
  said: { status: number; title: string; en: string; zh: string },
  facts: Facts,
): Problem {
  return {
    type: `urn:jiesuan:problem:${code}`,
    title: said.title,
    status: said.status,
    code,
    facts: sorted(facts),
    message: { en: fill(said.en, facts), zh: fill(said.zh, translated(facts)) },
  }
}

export const complain = (code: ComplaintCode, facts: Facts = {}): Problem =>
  problem(code, complaints[code], facts)

export const explain = (refusal: Refusal): Problem =>
  problem(refusal.code, messages[refusal.code], readable(refusal.facts))

/** The facts that are moments. */
const moments: ReadonlySet<string> = new Set(['lapses', 'until'])

/** The engine tells moments as numbers; people and programs outside read RFC 3339. */
function readable(facts: Facts): Facts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [
      name,
      typeof fact === 'number' && moments.has(name) ? writeInstant(fact) : fact,
    ]),
  )
}

function translated(facts: Facts): Facts {
  const { expected } = facts
  const words = wordsInChinese(facts)
  return typeof expected === 'string' ? { ...words, expected: inChinese(expected) } : words
}

/** Facts that were stored may come back in another order; a replay must be equal to the byte. */
export function sorted<V>(facts: Readonly<Record<string, V>>): Record<string, V> {
  return Object.fromEntries(Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Puts facts into a sentence; one that was not given leaves an ellipsis rather than a hole. */
function fill(sentence: string, facts: Facts): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const fact = Object.hasOwn(facts, name) ? facts[name] : undefined
    if (fact === undefined) return '…'
    return Array.isArray(fact) ? fact.join(', ') : String(fact)
  })
}

export function retryAfter(code: string): number | undefined {
  if (Object.hasOwn(messages, code)) return messages[code as RefusalCode].retryAfter
  const said = Object.hasOwn(complaints, code) ? complaints[code as ComplaintCode] : undefined
  return said && 'retryAfter' in said ? said.retryAfter : undefined
}
