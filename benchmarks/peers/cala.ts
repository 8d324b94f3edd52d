import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { optionsOf, type Ran } from '../arm/step.ts'
import { beside, dropDatabase, freshDatabase, run, withClient } from '../database.ts'
import { cacheFolder } from '../folders.ts'
import { fast, type Peer, type PeerOptions, safe, type Setting } from './peer.ts'

const version = '0.33.3'
const database = 'peer_cala'
const source = fileURLToPath(new URL('cala', import.meta.url))
const cache = cacheFolder(`cala-${version}`)
const program = path.join(cache, 'release', process.platform === 'win32' ? 'peer.exe' : 'peer')

const batched: Setting = {
  name: 'fast, batched',
  says: 'as fast, and each client posts 32 requests in one transaction',
  settings: fast.settings,
  batch: 32,
}

/** A ledger that a service embeds, from crates.io; the program in `cala/` drives it from as many clients as are asked for. */
export const cala: Peer = {
  name: `cala-ledger ${version}`,
  about:
    'an embeddable ledger in Rust on PostgreSQL; a template of four entries, posted through the library by clients in one process',
  settings: [safe, fast, batched],
  missing: () =>
    existsSync(program)
      ? undefined
      : 'cala-ledger is not built: `npm run bench:peers -- --build` builds it where cargo is, in a quarter of an hour',
  async prepare(url, { people, institutions }) {
    const own = await freshDatabase(url, database)
    await play(own, '', ['prepare', people, institutions])
    await run(own, 'vacuum analyze')
  },
  run: runCala,
  wrong: async (url) =>
    withClient(beside(url, database), async (client) => (await client.query(wrong)).rows),
  drop: async (url) => dropDatabase(url, database),
}

/** Builds the program; gives why it could not. */
export function buildCala(): string | undefined {
  const manifest = path.join(source, 'Cargo.toml')
  const args = ['build', '--release', '--locked', '--manifest-path', manifest]
  const { error, status } = spawnSync('cargo', [...args, '--target-dir', cache], {
    stdio: 'inherit',
  })
  return error?.message ?? (status === 0 ? undefined : `cargo ended with ${status}`)
}

async function runCala({ url, shape, setting, seconds, clients }: PeerOptions): Promise<Ran> {
  const { people, institutions, paid, drawn } = shape
  const { settings, batch } = setting
  const words = ['run', people, institutions, seconds, clients, batch, paid, drawn]
  const said = await play(
    beside(url, database),
    optionsOf({ url, seconds, clients, settings }),
    words,
  )
  return { ...(JSON.parse(said) as Omit<Ran, 'driver'>), driver: `cala-ledger ${version}` }
}

async function play(
  url: string,
  options: string,
  words: readonly (string | number)[],
): Promise<string> {
  const own = new URL(url)
  if (options !== '') own.searchParams.set('options', options)
  const child = spawn(program, words.map(String), {
    env: { DATABASE_URL: own.href.replaceAll('+', '%20') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (part: Buffer) => (said += part.toString()))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${code}`)
  return said
}

const wrong = `
  select 'transactions without four entries' as problem, count(*) as count
  from (select transaction_id from cala_entries group by 1 having count(*) <> 4) t having count(*) > 0
  union all
  select 'debits and credits differ', count(*)
  from (select sum((latest_values -> 'settled' ->> 'dr_balance')::numeric) as dr,
               sum((latest_values -> 'settled' ->> 'cr_balance')::numeric) as cr from cala_current_balances) b
  where dr <> cr having count(*) > 0`
