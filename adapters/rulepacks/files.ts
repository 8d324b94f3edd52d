import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { type Problem, RulesInvalid } from './problem.ts'
import { mostBytes } from './yaml.ts'

export type FileKind = 'scheme' | 'region' | 'overlay' | 'catalogue' | 'areas'

/** One rule file as it was read: its text and the hash of its bytes. */
export interface RuleText {
  /** Relative to the directory, with forward slashes. */
  readonly file: string
  readonly kind: FileKind
  readonly text: string
  readonly hash: string
}

const mostFiles = 2_000
/** The sandbox world, rule cases of no region, and how the national interface is spoken. */
const notRules = new Set(['sandbox', 'cases', 'national-interface.yaml'])
const regionFolder = /^\d{6}-[a-z0-9-]+$/

/** SM3 in hexadecimal: what names a rule file, and a whole set of them, beyond doubt. */
export const hashOf = (content: string | Uint8Array): string =>
  createHash('sm3').update(content).digest('hex')

/**
 * Finds and reads every rule file of a directory. Nothing but plain files and folders is followed, so that a directory
 * cannot reach out of itself; a file that would be passed over unread is an error, so that no rule is lost by its name.
 */
export function readRuleFiles(directory: string): RuleText[] {
  const problems: Problem[] = []
  const refuse = (file: string, message: string): void => {
    problems.push({ file, line: 1, column: 1, message })
  }
  const root = openDirectory(directory)
  const found = findFiles(root, refuse)
  if (found.length === 0 && problems.length === 0)
    refuse(directory, 'no rule files: expected folders such as 510100-chengdu with region.yaml')
  if (found.length > mostFiles) refuse(directory, `more than ${mostFiles} rule files`)
  const texts = problems.length > 0 ? [] : found.flatMap((f) => readOne(root, f, refuse) ?? [])
  if (problems.length > 0) throw new RulesInvalid(problems)
  return texts
}

function openDirectory(directory: string): string {
  try {
    return realpathSync(directory)
  } catch {
    const message = 'there is no such directory of rules'
    throw new RulesInvalid([{ file: directory, line: 1, column: 1, message }])
  }
}

interface Found {
  readonly file: string
  readonly kind: FileKind
}

type Refuse = (file: string, message: string) => void

function findFiles(root: string, refuse: Refuse): Found[] {
  const found: Found[] = []
  for (const name of plainEntries(root, '', refuse)) {
    if (notRules.has(name)) continue
    if (/\.ya?ml$/.test(name)) refuse(name, 'rule files belong in a folder of their region')
    if (!lstatSync(join(root, name)).isDirectory()) continue
    for (const file of plainEntries(root, name, refuse)) {
      if (file.endsWith('.yml')) refuse(`${name}/${file}`, 'name it .yaml')
      if (!file.endsWith('.yaml')) continue
      const kind = kindOf(name, file)
      if (kind) found.push({ file: `${name}/${file}`, kind })
      else refuse(`${name}/${file}`, 'found a file that is no rule file, expected overlay.yaml')
    }
  }
  return found.toSorted((a, b) => (a.file < b.file ? -1 : 1))
}

function kindOf(folder: string, file: string): FileKind | undefined {
  if (folder === 'catalogue') return 'catalogue'
  if (folder === 'pooling-areas') return 'areas'
  if (regionFolder.test(folder)) return file === 'region.yaml' ? 'region' : 'scheme'
  return file === 'overlay.yaml' ? 'overlay' : undefined
}

function plainEntries(root: string, folder: string, refuse: Refuse): string[] {
  const path = join(root, folder)
  if (!lstatSync(path).isDirectory()) {
    refuse(folder === '' ? root : folder, 'found a file, expected a directory')
    return []
  }
  const entries = readdirSync(path, { withFileTypes: true })
  const name = (file: string): string => (folder === '' ? file : `${folder}/${file}`)
  for (const entry of entries)
    if (!entry.isFile() && !entry.isDirectory())
      refuse(name(entry.name), 'found a link or a device, expected a plain file')
  return entries.filter((e) => e.isFile() || e.isDirectory()).map((e) => e.name)
}

function readOne(root: string, { file, kind }: Found, refuse: Refuse): RuleText | undefined {
  const path = join(root, file)
  const { size } = lstatSync(path)
  if (size > mostBytes) {
    refuse(file, `found ${size} bytes, expected at most ${mostBytes}`)
    return undefined
  }
  const bytes = readFileSync(path)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { file, kind, text, hash: hashOf(bytes) }
  } catch {
    refuse(file, 'the file is not UTF-8')
    return undefined
  }
}
