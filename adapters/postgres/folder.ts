import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { markOf, ownerOf } from './owner.ts'
import { readText } from './postmaster.ts'

const LOG_LIMIT_BYTES = 10_000_000

/** The places inside DATA_DIR that belong to the embedded server. */
export interface Folder {
  readonly root: string
  readonly data: string
  readonly password: string
  readonly port: string
  readonly owner: string
  readonly lock: string
  readonly log: string
}

export function openFolder(dataDir: string): Folder {
  const root = path.resolve(dataDir, 'postgres')
  try {
    makeFolders(dataDir, root)
  } catch (error) {
    throw new Error(
      `DATA_DIR is ${dataDir}, where the database cannot be kept (${(error as Error).message}). ` +
        'Give the user of this process that directory, or set DATA_DIR to another one.',
      { cause: error },
    )
  }
  const place = (name: string) => path.join(root, name)
  const folder: Folder = {
    root,
    data: place('data'),
    password: place('password'),
    port: place('port'),
    owner: place('owner'),
    lock: place('lock'),
    log: place('log'),
  }
  // PostgreSQL refuses data that others may read, and copying a folder often opens it.
  if (existsSync(folder.data)) chmodSync(folder.data, 0o700)
  return folder
}

function makeFolders(dataDir: string, root: string): void {
  // Others may pass through DATA_DIR, since the server can be another user, but not look around in it.
  mkdirSync(dataDir, { recursive: true, mode: 0o711 })
  mkdirSync(root, { recursive: true, mode: 0o700 })
  chmodSync(root, 0o700)
}

/** The secret in this file, made at random where there is none yet. */
export function secret(file: string): string {
  if (!existsSync(file)) {
    const draft = `${file}.${process.pid}`
    writeFileSync(draft, randomBytes(24).toString('base64url'), { mode: 0o600 })
    // A link cannot replace a file, so of two writers at once the first one's secret stays.
    try {
      linkSync(draft, file)
    } catch (error) {
      if (!existsSync(file)) throw error
    }
    rmSync(draft)
  }
  return readText(file).trim()
}

export function trimLog(folder: Folder): void {
  if (existsSync(folder.log) && statSync(folder.log).size > LOG_LIMIT_BYTES) {
    renameSync(folder.log, `${folder.log}.1`)
  }
}

/** Lets one process at a time start or stop the server of this folder. */
export async function withLock<T>(folder: Folder, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 90_000
  while (!take(folder.lock)) {
    if (Date.now() > deadline) throw new Error(`${folder.lock} is held by another process.`)
    await sleep(50)
  }
  try {
    return await work()
  } finally {
    rmSync(folder.lock, { force: true })
  }
}

function take(lock: string): boolean {
  const draft = `${lock}.${process.pid}`
  try {
    // The lock appears together with its holder's mark, so nobody can read it half made.
    writeFileSync(draft, markOf(process.pid))
    linkSync(draft, lock)
    return true
  } catch {
    // Empty means that it has just been given back.
    if (readText(lock) !== '' && ownerOf(lock) === undefined) rmSync(lock, { force: true })
    return false
  } finally {
    rmSync(draft, { force: true })
  }
}
