import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Print } from '../../adapters/cli/cases.ts'

/** Runs a command and keeps what it prints. */
export function run(
  command: (args: readonly string[], print: Print) => number,
  ...args: string[]
): { code: number; out: string; error: string } {
  const out: string[] = []
  const error: string[] = []
  const code = command(args, { out: (l) => void out.push(l), error: (l) => void error.push(l) })
  return { code, out: out.join('\n'), error: error.join('\n') }
}

const folder = mkdtempSync(join(tmpdir(), 'jiesuan-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
let files = 0

export function fileOf(text: string): string {
  const path = join(folder, `case-${++files}.yaml`)
  writeFileSync(path, text)
  return path
}
