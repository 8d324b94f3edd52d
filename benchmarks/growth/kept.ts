import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startEmbedded } from '../../adapters/postgres/embedded.ts'
import { migrate } from '../../adapters/postgres/migrate.ts'
import { withClient } from '../database.ts'
import { cacheFolder } from '../folders.ts'
import { type Seeding, seed } from './seed.ts'

/** A data directory that was seeded once and is kept, since that takes minutes. */
export interface Kept {
  readonly dataDir: string
  readonly bytes: number
  readonly seeding: Seeding
}

interface Note extends Seeding {
  /** The last position of the journal when the seeding ended. */
  readonly position: number
}

/** Whatever a run settles stays: a directory with so many more than it was seeded with is seeded anew. */
const mostAdded = 0.5
const root = cacheFolder('grown')
export const howToRemove = 'npm run bench:grow -- --remove'

/** PostgreSQL while it is filled: nothing goes to the log that can be made anew, and sorting has room. */
const whileSeeded = {
  wal_level: 'minimal',
  max_wal_senders: '0',
  checkpoint_timeout: '30min',
  maintenance_work_mem: '1GB',
  work_mem: '256MB',
  shared_buffers: '1GB',
  autovacuum: 'off',
}

/** The directory for a seeding by these migrations, seeded now where it is not there yet. */
export async function openKept(seeding: Seeding, say: (line: string) => void): Promise<Kept> {
  const dataDir = folderOf(seeding)
  if (!(await isFit(dataDir))) {
    rmSync(dataDir, { recursive: true, force: true })
    say(`seeding ${seeding.settlements} settlements into ${dataDir}`)
    await fill(dataDir, seeding, say)
  }
  const bytes = sizeOf(dataDir)
  say(
    `${dataDir}: ${(bytes / 1e9).toFixed(1)} GB, kept for later runs; remove it with ${howToRemove}`,
  )
  return { dataDir, bytes, seeding }
}

/** Removes every directory that is kept; gives how many bytes that frees. */
export function removeKept(): number {
  const bytes = keptBytes()
  rmSync(root, { recursive: true, force: true })
  return bytes
}

export const keptBytes = (): number => (existsSync(root) ? sizeOf(root) : 0)

/** What books are made of besides their seeding: whoever changes it gets other books. */
const folders = ['migrations', 'rules', 'benchmarks/workload']
const makers = ['generation', 'residents', 'seedBooks', 'copyRows', 'seed', 'journalRows']

/** Other migrations, rules, people, sizes or ways of seeding are another directory. */
function folderOf(seeding: Seeding): string {
  const hash = createHash('sha256').update(JSON.stringify(seeding))
  const made = makers.map((name) => `benchmarks/growth/${name}.ts`)
  for (const file of [...folders.flatMap(filesIn), ...made])
    hash.update(file).update(readFileSync(file))
  return path.join(root, `${seeding.settlements}-${hash.digest('hex').slice(0, 12)}`)
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .toSorted()

const noteIn = (dataDir: string): string => path.join(dataDir, 'grown.json')

async function fill(dataDir: string, seeding: Seeding, say: (line: string) => void): Promise<void> {
  const server = await startEmbedded({ dataDir, log: () => {}, settings: whileSeeded })
  try {
    await migrate({ url: server.url, dir: 'migrations', log: () => {} })
    await seed({ ...seeding, url: server.url, parts: os.availableParallelism(), say })
    const note: Note = { ...seeding, position: await positionIn(server.url) }
    writeFileSync(noteIn(dataDir), JSON.stringify(note))
  } finally {
    await server.stop()
  }
}

/** Seeded to its end, and not much has come since. */
async function isFit(dataDir: string): Promise<boolean> {
  if (!existsSync(noteIn(dataDir))) return false
  const { position, settlements } = JSON.parse(readFileSync(noteIn(dataDir), 'utf8')) as Note
  const server = await startEmbedded({ dataDir, log: () => {} })
  try {
    return (await positionIn(server.url)) - position <= mostAdded * settlements
  } finally {
    await server.stop()
  }
}

const positionIn = async (url: string): Promise<number> =>
  withClient(url, async (client) =>
    Number((await client.query('select position from journal_head')).rows[0].position),
  )

function sizeOf(folder: string): number {
  return filesIn(folder).reduce((sum, file) => sum + statSync(file).size, 0)
}
