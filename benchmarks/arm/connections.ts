// Plays in place of pgbench where that is missing: named statements over `pg`, on several processes. Node costs more than
// pgbench for each statement, so that what this gives is less than the server could do; a run says which driver it had.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { createRandom, type Random } from '../../test/faults/random.ts'
import { percentileOf, sumOf } from '../statistics.ts'
import { optionsOf, type Play, type Ran, type RunOptions, type Step, warming_s } from './step.ts'

/** Processes that the clients are spread over. */
const most = 2

interface Share extends RunOptions {
  readonly play: Play
  /** The number of this share's first client. */
  readonly from: number
}

interface Done {
  /** How long each transaction took that counts. */
  readonly took_ms: number[]
  /** How many there were before that, and how many were not carried out. */
  readonly warming: number
  readonly failed: number
}

type Variables = Record<string, string>

export async function playByConnections(play: Play, options: RunOptions): Promise<Ran> {
  const processes = Math.min(most, options.clients)
  const shares = Array.from({ length: processes }, (_, i): Share => {
    const clients = Math.trunc((options.clients + i) / processes)
    return { ...options, play, clients, from: 1_000 * i }
  })
  const done = await Promise.all(shares.map(playElsewhere))
  const took = done.flatMap((each) => each.took_ms)
  return {
    perSecond: took.length / options.seconds,
    transactions: took.length + sumOf(done.map(({ warming }) => warming)),
    failed: sumOf(done.map(({ failed }) => failed)),
    p50_ms: percentileOf(took, 0.5),
    p99_ms: percentileOf(took, 0.99),
    driver: `Node with pg, processes: ${processes}`,
  }
}

async function playElsewhere(share: Share): Promise<Done> {
  const child = fork(fileURLToPath(import.meta.url), { stdio: 'inherit' })
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`a process of the driver ended with ${code}`)
  })
  failed.catch(() => {})
  child.send(share)
  const [done] = (await Promise.race([once(child, 'message'), failed])) as [Done]
  child.disconnect()
  return done
}

async function playShare(share: Share): Promise<Done> {
  const { play, seconds, clients, from } = share
  const connections = await Promise.all(Array.from({ length: clients }, () => connect(share)))
  const acts = play.steps.map(actOf)
  const from_ms = performance.now() + warming_s * 1_000
  const counted = { from_ms, until_ms: from_ms + seconds * 1_000 }
  const done = await Promise.all(
    connections.map((client, i) => {
      const variables: Variables = { ...play.variables, client_id: String(from + i) }
      return playOver({ client, acts, variables, random: createRandom(from + i) }, counted)
    }),
  )
  await Promise.all(connections.map((client) => client.end()))
  return {
    took_ms: done.flatMap((each) => each.took_ms),
    warming: sumOf(done.map(({ warming }) => warming)),
    failed: sumOf(done.map(({ failed }) => failed)),
  }
}

async function connect(share: Share): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: share.url, options: optionsOf(share) })
  await client.connect()
  return client
}

interface Player {
  readonly client: pg.Client
  readonly acts: readonly Act[]
  readonly variables: Variables
  readonly random: Random
}

type Act = (player: Player) => void | Promise<void>

async function playOver(
  player: Player,
  { from_ms, until_ms }: { readonly from_ms: number; readonly until_ms: number },
): Promise<Done> {
  const took_ms: number[] = []
  let warming = 0
  let failed = 0
  for (let begun = performance.now(); begun < until_ms; ) {
    try {
      for (const act of player.acts) await act(player)
      const ended = performance.now()
      if (ended < from_ms) warming++
      else took_ms.push(ended - begun)
      begun = ended
    } catch {
      failed++
      await player.client.query('rollback')
      begun = performance.now()
    }
  }
  return { took_ms, warming, failed }
}

function actOf(step: Step, at: number): Act {
  switch (step.kind) {
    case 'random':
      return ({ variables, random }) =>
        void (variables[step.name] = String(random.between(1, Number(variables[step.upTo]))))
    case 'sum':
      return ({ variables }) => {
        const sum = step.of.reduce((all, name) => all + BigInt(variables[name] as string), 0n)
        variables[step.name] = String(sum)
      }
    case 'ask':
      return askOf(step.sql, step.keep === true, `step-${at}`)
  }
}

function askOf(sql: string, keep: boolean, name: string): Act {
  const names: string[] = []
  // Two colons are a cast, and one is a variable.
  const text = sql.replaceAll(/(?<!:):([a-z]\w*)/g, (_, variable: string) => {
    if (!names.includes(variable)) names.push(variable)
    return `$${names.indexOf(variable) + 1}`
  })
  return async ({ client, variables }) => {
    const values = names.map((variable) => variables[variable])
    const { rows } = await client.query<Record<string, unknown>>({ name, text, values })
    if (!keep) return
    for (const [column, value] of Object.entries(rows[0] ?? {}))
      variables[column] = typeof value === 'string' ? value : JSON.stringify(value)
  }
}

async function answer(share: Share): Promise<void> {
  process.send?.(await playShare(share))
}

if (import.meta.main) process.once('message', (share: Share) => void answer(share))
