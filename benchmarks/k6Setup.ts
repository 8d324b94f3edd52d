// `npm run bench:setup`: k6, which the benchmarks send their requests with, from the PATH or built once into a cache.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const version = 'v2.2.0'
const module = 'go.k6.io/k6/v2'
const name = process.platform === 'win32' ? 'k6.exe' : 'k6'

const cache = path.join(
  process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'),
  'jiesuan',
  `k6-${version}`,
)

/** What is missing, and how it is had. */
export class NoK6 extends Error {}

/** The program, or a complaint that says how it is had. */
export function findK6(): string {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), cache]
  const found = folders.map((folder) => path.join(folder, name)).find(isProgram)
  if (found !== undefined) return found
  throw new NoK6(
    `k6 is missing, which sends the requests. Either install k6 ${version} (https://k6.io) so that it is on the PATH, ` +
      `or install Go 1.25 or newer (https://go.dev) and run: npm run bench:setup`,
  )
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Builds it as a dependency of an empty module and not by `go install`, which asks for the newest version as well, at
 * an address that not every network reaches.
 */
export function buildK6(): void {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-k6-'))
  try {
    writeFileSync(
      path.join(folder, 'go.mod'),
      `module jiesuan/k6\n\ngo 1.25\n\nrequire ${module} ${version}\n`,
    )
    mkdirSync(cache, { recursive: true })
    const args = ['build', '-mod=mod', '-trimpath', '-o', path.join(cache, name), module]
    const { error, status } = spawnSync('go', args, { cwd: folder, stdio: 'inherit' })
    if (error) throw new NoK6(`go is missing, which builds k6: ${error.message}`)
    if (status !== 0) throw new NoK6(`go build ended with ${status}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  buildK6()
  console.log(findK6())
}
