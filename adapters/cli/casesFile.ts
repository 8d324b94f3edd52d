import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { type CaseFields, caseFile } from '../rulepacks/caseShape.ts'
import { checkShape } from '../rulepacks/check.ts'
import { type Position, type Problem, RulesInvalid } from '../rulepacks/problem.ts'
import type { Path } from '../../engine/pack.ts'
import { readYaml } from '../rulepacks/yaml.ts'

/** One rule case as it stands in a file. */
export interface CaseInFile {
  readonly file: string
  readonly fields: CaseFields
  readonly position: Position
  /** Where something inside the case stands. */
  readonly locate: (path: Path, atKey?: boolean) => Position
}

/** Every case of the files and directories named; RulesInvalid tells everything that is wrong with them. */
export function readCases(paths: readonly string[]): CaseInFile[] {
  const problems: Problem[] = []
  const cases = paths
    .flatMap((path) => yamlFilesIn(path, problems))
    .flatMap((file) => readCaseFile(file, problems))
  if (problems.length > 0) throw new RulesInvalid(problems)
  return cases
}

/** The case files of a directory of rules: those of each region's folder, and those of none. */
export function caseFilesOf(rules: string): string[] {
  const folders = readdirSync(rules, { withFileTypes: true }).filter((e) => e.isDirectory())
  return folders
    .map(({ name }) => (name === 'cases' ? join(rules, name) : join(rules, name, 'cases')))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory())
    .toSorted()
}

function yamlFilesIn(path: string, problems: Problem[]): string[] {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found) {
    problems.push({ file: path, line: 1, column: 1, message: 'there is no such file' })
    return []
  }
  if (!found.isDirectory()) return [path]
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => relative(path, join(entry.parentPath, entry.name)))
    .toSorted()
  // In a directory of rules the cases stand in folders of their own, beside the packs.
  const apart = files.filter((file) => file.split(sep).slice(0, -1).includes('cases'))
  return (apart.length > 0 ? apart : files).map((file) => join(path, file))
}

/** A path as a person would type it: relative where it lies below the current directory. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith(`..${sep}`) ? path : short
}

function readCaseFile(path: string, problems: Problem[]): CaseInFile[] {
  const file = shortPath(path)
  const read = readYaml(readFileSync(path, 'utf8'))
  const before = problems.length
  for (const { message, ...position } of read.located) problems.push({ file, ...position, message })
  const complaints = read.value === undefined ? read.complaints : checkShape(caseFile, read.value)
  for (const { path: at, message, atKey } of complaints)
    problems.push({ file, ...read.locate(at, atKey), message })
  if (problems.length > before) return []
  return (read.value as unknown as CaseFields[]).map((fields, index) => ({
    file,
    fields,
    position: read.locate([index]),
    locate: (at, atKey) => read.locate([index, ...at], atKey),
  }))
}
