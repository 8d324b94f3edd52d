// `npm run bench:setup`: k6, which the benchmarks send their requests with, from the PATH or built once into a cache.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { cacheFolder } from './folders.ts'

const version = 'v2.2.0'
const module = 'go.k6.io/k6/v2'
const ending = process.platform === 'win32' ? '.exe' : ''

/** What is missing, and how it is had. */
export class NoK6 extends Error {}

const missing =
  `k6 is missing, which sends the requests of the benchmarks.\n` +
  `Either install k6 ${version} (https://k6.io) so that it is on the PATH,\n` +
  `or install Go 1.25 or newer (https://go.dev), which builds it: npm run bench:setup`

const cacheOf = (env: NodeJS.ProcessEnv): string => cacheFolder(`k6-${version}`, env)

/** The program: the one on the PATH, or else the one that was built. */
export function findK6(env = process.env): string {
  const found = find('k6', env) ?? firstProgram([path.join(cacheOf(env), `k6${ending}`)])
  if (found === undefined) throw new NoK6(missing)
  return found
}

/** Builds it where it is missing and can be built. */
export function prepareK6(say: (line: string) => void, env = process.env): string {
  try {
    return findK6(env)
  } catch (error) {
    const go = find('go', env)
    if (go === undefined) throw error
    say(`building k6 ${version} with ${go}, once; this takes a minute or two`)
    build(go, cacheOf(env))
    return findK6(env)
  }
}

/** What k6 says of itself. */
export const versionOfK6 = (): string =>
  /v\d+\.\d+\.\d+/.exec(spawnSync(findK6(), ['version']).stdout.toString())?.[0] ?? 'unknown'

const find = (name: string, env: NodeJS.ProcessEnv): string | undefined =>
  firstProgram(
    (env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, name + ending)),
  )

const firstProgram = (files: readonly string[]): string | undefined => files.find(isProgram)

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Builds it as what an empty module depends on, and not by `go install`: that asks for the newest version as well, of an
 * address that not every network reaches.
 */
function build(go: string, cache: string): void {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-k6-'))
  try {
    const manifest = `module jiesuan/k6\n\ngo 1.25\n\nrequire ${module} ${version}\n`
    writeFileSync(path.join(folder, 'go.mod'), manifest)
    mkdirSync(cache, { recursive: true })
    const args = ['build', '-mod=mod', '-trimpath', '-o', path.join(cache, `k6${ending}`), module]
    const { status } = spawnSync(go, args, { cwd: folder, stdio: 'inherit' })
    if (status !== 0) throw new NoK6(`${missing}\ngo build ended with ${status}.`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (import.meta.main)
  try {
    console.log(`k6 is ${prepareK6((line) => console.log(line))}`)
  } catch (error) {
    if (!(error instanceof NoK6)) throw error
    console.error(error.message)
    process.exitCode = 2
  }
