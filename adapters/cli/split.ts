import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Refusal } from '../../engine/refusal.ts'
import { explain } from '../http/problem.ts'
import { writePreview } from '../http/settlement.ts'
import { type CaseFields, claimFile } from '../rulepacks/caseShape.ts'
import { checkShape } from '../rulepacks/check.ts'
import { formatProblems, type Problem, RulesInvalid } from '../rulepacks/problem.ts'
import { readYaml, type Value } from '../rulepacks/yaml.ts'
import { ownRules, type Print, whatIsWrong } from './cases.ts'
import { shortPath } from './casesFile.ts'
import { runVisits, type Run } from './casesRun.ts'
import { readRules } from './casesWorld.ts'
import { statement } from './statement.ts'

export const splitUsage = `jiesuan split [--rules DIR] --claim FILE [--json]

Puts one claim, written as a rule case without expect, through the waterfall of the project's
rules, or of DIR, and prints the bill, its split and how each share comes about. No database.

Ends with 0 if the claim settles, 1 if it is refused, 2 if something cannot be used.`

/** The command. Returns its exit code. */
export function split(args: readonly string[], print: Print): number {
  const options = readArguments(args)
  if (typeof options === 'string') {
    print.error(`jiesuan split: ${options}\n\n${splitUsage}`)
    return 2
  }
  try {
    const rules = readRules(options.rules)
    const runs = decideClaim(options.claim, rules)
    print.out(options.json ? asJson(runs) : runs.map(asText).join('\n\n'))
    return runs.every(({ decision }) => decision.kind === 'settle') ? 0 : 1
  } catch (error) {
    if (!(error instanceof RulesInvalid)) throw error
    print.error(formatProblems(error.problems))
    return 2
  }
}

function readArguments(
  args: readonly string[],
): { rules: string; claim: string; json: boolean } | string {
  const options = {
    rules: { type: 'string' },
    claim: { type: 'string' },
    json: { type: 'boolean' },
  } as const
  try {
    const { rules = ownRules, claim, json = false } = parseArgs({ args: [...args], options }).values
    return claim === undefined ? 'give a claim with --claim FILE' : { rules, claim, json }
  } catch (error) {
    return whatIsWrong(error)
  }
}

function decideClaim(path: string, rules: ReturnType<typeof readRules>): Run[] {
  const file = shortPath(path)
  const problems: Problem[] = []
  const read = readYaml(readText(path))
  for (const { message, ...position } of read.located) problems.push({ file, ...position, message })
  // A list of one case is as good as the case.
  const isList = Array.isArray(read.value) && read.value.length === 1
  const value: Value | undefined = isList ? (read.value as readonly Value[])[0] : read.value
  const at = (path: readonly (string | number)[], atKey?: boolean) =>
    read.locate(isList ? [0, ...path] : path, atKey)
  const complaints = value === undefined ? read.complaints : checkShape(claimFile, value)
  for (const { path, message, atKey } of complaints)
    problems.push({
      file,
      ...(value === undefined ? read.locate(path, atKey) : at(path, atKey)),
      message,
    })
  if (problems.length > 0) throw new RulesInvalid(problems)
  const fields = { name: 'claim', ...(value as object) } as CaseFields
  const runs = runVisits(fields, rules, (path, message) =>
    problems.push({ file, ...at(path), message }),
  )
  if (problems.length > 0) throw new RulesInvalid(problems)
  return runs
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    const message = 'the claim cannot be read'
    throw new RulesInvalid([{ file: path, line: 1, column: 1, message }])
  }
}

const asText = ({ decision }: Run): string => {
  if (decision.kind === 'settle') return statement(decision.settlement)
  return decision.kind === 'refuse' ? refusalText(decision.refusal) : 'asked of the home region'
}

/** The code for programs, the sentences for people, and the facts for both. */
function refusalText(refusal: Refusal): string {
  const { code, facts, message } = explain(refusal)
  const details = Object.entries(facts).map(([name, value]) => `  ${name}: ${String(value)}`)
  return [`refused: ${code}`, `  ${message.en}`, `  ${message.zh}`, ...details].join('\n')
}

/** One document: a claim as the REST preview answers it, a sequence of visits as a list of them. */
function asJson(runs: readonly Run[]): string {
  const documents = runs.map(({ decision }) => {
    if (decision.kind === 'settle') return writePreview(decision.settlement)
    if (decision.kind !== 'refuse') return { state: 'asked of home' }
    const { code, facts, message } = explain(decision.refusal)
    return { state: 'refused', code, facts, message }
  })
  return JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2)
}
