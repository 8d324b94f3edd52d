import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { setImmediate as breath } from 'node:timers/promises'
import type { Division } from '../../engine/claim.ts'
import type { RanCase, RuleQueries } from '../http/ruleNeeds.ts'
import { RulesInvalid } from '../rulepacks/problem.ts'
import { runCases } from './cases.ts'
import { type CaseInFile, readCases } from './casesFile.ts'
import type { Rules } from './casesWorld.ts'

/**
 * The cases of a region, run against the rules that this process decides by (案例). Rules do not change while it runs, so
 * that each region's are run once; between two of them whoever waits at a till has their turn.
 */
export function ruleCasesOf(directory: string, rules: Rules): NonNullable<RuleQueries['cases']> {
  const ran = new Map<Division, Promise<readonly RanCase[]>>()
  return (region) => {
    const known = ran.get(region)
    if (known) return known
    const running = runAll(directory, rules, region)
    ran.set(region, running)
    return running
  }
}

async function runAll(directory: string, rules: Rules, region: Division): Promise<RanCase[]> {
  const results: RanCase[] = []
  for (const one of casesOf(directory, region)) {
    await breath()
    const file = relative(directory, one.file)
    const { name } = one.fields
    const differences = differencesOf(one, rules)
    results.push({ name, file, line: one.position.line, differences })
  }
  return results
}

function casesOf(directory: string, region: Division): CaseInFile[] {
  const folders = readdirSync(directory).filter((name) => name.startsWith(`${region}-`))
  const paths = folders
    .map((name) => join(directory, name, 'cases'))
    .filter((path) => readdirSync(join(path, '..')).includes('cases'))
  return readCases(paths)
}

/** A case that cannot be used says so in place of a difference. */
function differencesOf(one: CaseInFile, rules: Rules): readonly string[] {
  try {
    return runCases(rules, [one]).flatMap(({ differences }) => differences)
  } catch (error) {
    if (!(error instanceof RulesInvalid)) throw error
    return error.problems.map(({ message }) => message)
  }
}
