import { type Files, good } from './goodPacks.ts'

/** Ways to spoil a good set of packs, and what the refusal must say (F30). */
export interface Poison {
  readonly name: string
  readonly files: Files
  /** The file, line and words that the refusal must name. */
  readonly file: string
  readonly line?: number
  readonly says: RegExp
}

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split('\n').length
}

/** The good set with one part of one file replaced. */
export function spoil(
  name: string,
  [file, from, to]: readonly [string, string, string],
  says: RegExp,
  line?: number,
): Poison {
  const text = good[file] as string
  if (!text.includes(from)) throw new Error(`${name}: nothing to replace`)
  const files = { ...good, [file]: text.replace(from, () => to) }
  return { name, files, file, line: line ?? lineOf(text, from), says }
}
