import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Bug } from '../../engine/refusal.ts'
import { formatProblems, type Problem, RulesInvalid } from '../rulepacks/problem.ts'
import { type CaseInFile, caseFilesOf, readCases, shortPath } from './casesFile.ts'
import { runCase } from './casesRun.ts'
import { readRules, type Rules } from './casesWorld.ts'

export const casesUsage = `jiesuan cases [--rules DIR] [FILE…]

Runs rule cases against the rule packs of the project, or of DIR. A FILE may be a directory;
without one, every cases folder of the rules is run. Prints each field that differs.

Ends with 0 if every case came out as it says, 1 if one did not, 2 if something cannot be used.`

/** The rules of the project itself. */
export const ownRules = fileURLToPath(new URL('../../rules', import.meta.url))

/** How one case came out. */
export interface Result {
  readonly name: string
  readonly file: string
  readonly line: number
  /** One line for each field that differs; none means passed. */
  readonly differences: readonly string[]
}

/** Runs every case of the files; throws RulesInvalid where rules or cases cannot be used. */
export function runCases(rules: Rules, cases: readonly CaseInFile[]): Result[] {
  const problems: Problem[] = []
  const results = cases.map((one) => {
    const { file, fields, position, locate } = one
    const result = { name: fields.name, file, line: position.line }
    const outcome = runSafely(one, rules)
    if (outcome.kind === 'ran') return { ...result, differences: aligned(outcome.differences) }
    for (const { path, message } of outcome.complaints)
      problems.push({ file, ...locate(path), message: `${fields.name}: ${message}` })
    return { ...result, differences: [] }
  })
  if (problems.length > 0) throw new RulesInvalid(problems)
  return results
}

/** A bug that the engine finds in itself fails the case that showed it, not the run. */
function runSafely({ fields }: CaseInFile, rules: Rules): ReturnType<typeof runCase> {
  try {
    return runCase(fields, rules)
  } catch (error) {
    if (!(error instanceof Bug)) throw error
    const actual = `the engine refused itself: ${error.message}`
    return { kind: 'ran', differences: [{ field: 'bug', expected: 'none', actual }] }
  }
}

function aligned(
  differences: readonly { field: string; expected: string; actual: string }[],
): string[] {
  const longest = (of: (d: (typeof differences)[number]) => string): number =>
    Math.max(0, ...differences.map((d) => of(d).length))
  const field = longest((d) => d.field)
  const expected = longest((d) => d.expected)
  return differences.map(
    (d) =>
      `${d.field.padEnd(field)}  expected ${d.expected.padStart(expected)}  actual ${d.actual}`,
  )
}

/** The command. Returns its exit code; prints to the functions given. */
export function cases(args: readonly string[], print: Print): number {
  const parsed = readArguments(args)
  if (typeof parsed === 'string') {
    print.error(`jiesuan cases: ${parsed}\n\n${casesUsage}`)
    return 2
  }
  try {
    const rules = readRules(parsed.rules)
    const files = parsed.files.length > 0 ? parsed.files : caseFilesOf(parsed.rules)
    const found = readCases(files)
    return report(runCases(rules, found), print)
  } catch (error) {
    if (!(error instanceof RulesInvalid)) throw error
    print.error(formatProblems(error.problems))
    const count = error.problems.length
    print.error(`${count} ${count === 1 ? 'problem' : 'problems'}; no case was run`)
    return 2
  }
}

export interface Print {
  readonly out: (line: string) => void
  readonly error: (line: string) => void
}

function report(results: readonly Result[], print: Print): number {
  const failed = results.filter((r) => r.differences.length > 0)
  for (const { name, file, line, differences } of failed) {
    print.out(`FAILED  ${name}  (${shortPath(file)}:${line})`)
    for (const difference of differences) print.out(`        ${difference}`)
  }
  print.out(`${results.length - failed.length} passed, ${failed.length} failed`)
  return failed.length > 0 ? 1 : 0
}

function readArguments(args: readonly string[]): { rules: string; files: string[] } | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { rules: { type: 'string' } },
      allowPositionals: true,
    })
    return { rules: values.rules ?? ownRules, files: positionals }
  } catch (error) {
    return whatIsWrong(error)
  }
}

/** What parseArgs complains of, without its advice on how to pass a file that begins with a dash. */
export function whatIsWrong(error: unknown): string {
  if (!(error instanceof TypeError)) throw error
  const [sentence = ''] = error.message.split(/\. |\n/, 1)
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}
