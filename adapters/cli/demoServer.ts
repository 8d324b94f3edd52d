import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, readConfig } from '../config.ts'
import { startEmbedded } from '../postgres/embedded.ts'

/** A demonstration always starts with an empty day, in a folder of its own, and never touches another database. */
export function ownConfig(folder: string, { anyPort }: { readonly anyPort: boolean }): Config {
  const { DATABASE_URL: _, MIGRATE_DATABASE_URL: __, MODE: ___, ...rest } = process.env
  const config = readConfig(anyPort && rest['PORT'] === undefined ? { ...rest, PORT: '0' } : rest)
  return { ...config, dataDirectory: join(config.dataDirectory, folder) }
}

/** Takes a day before this one away, with the server that one that was killed may have left running. */
export async function emptied({
  dataDirectory: folder,
}: Pick<Config, 'dataDirectory'>): Promise<void> {
  if (existsSync(join(folder, 'postgres'))) {
    const left = await startEmbedded({ dataDir: folder, log: () => {} })
    await left.stop()
  }
  await rm(folder, { recursive: true, force: true })
}
