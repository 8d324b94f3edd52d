import type { Path } from '../../engine/pack.ts'

/** Where something stands in a file, both counted from one. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** One thing that is wrong with a file, told where it stands. */
export interface Problem extends Position {
  /** Relative to the directory read, with forward slashes. */
  readonly file: string
  readonly message: string
}

/** A complaint that knows its place by path; reading the file again turns it into a line and a column. */
export interface Complaint {
  readonly path: Path
  readonly message: string
  /** The complaint is about the key itself, not about its value. */
  readonly atKey?: boolean | undefined
}

/** The rules cannot be used: every problem found, in order of file, line and column. */
export class RulesInvalid extends Error {
  override name = 'RulesInvalid'
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    const sorted = problems.toSorted(inOrder)
    super(formatProblems(sorted))
    this.problems = sorted
  }
}

function inOrder(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column || (a.message < b.message ? -1 : 1)
}

const mostShown = 50

/** One line for each problem, as compilers write them: file:line:column: message. */
export function formatProblems(problems: readonly Problem[]): string {
  const lines = problems
    .slice(0, mostShown)
    .map((p) => `${p.file}:${p.line}:${p.column}: ${p.message}`)
  if (problems.length > mostShown) lines.push(`and ${problems.length - mostShown} more`)
  return lines.join('\n')
}
