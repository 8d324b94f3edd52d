import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Where what took long to make is kept for later runs. */
export const cacheFolder = (name: string, env = process.env): string =>
  path.join(env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'), 'jiesuan', name)

/** A folder for as long as it is used. */
export async function inFolder<T>(name: string, use: (folder: string) => T): Promise<Awaited<T>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), `jiesuan-${name}-`))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
