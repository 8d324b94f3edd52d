// `npm run bench:peers -- [--build] [--seconds N] [--rounds N] [--clients N] [--people N] [--json]`: other ledgers, each at
// its safe and its fast setting, in turns with the bare-SQL arm on the same server. Exit code 1 where books are wrong.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startEmbedded } from '../../adapters/postgres/embedded.ts'
import { prepareBareSql } from '../bareSql/bareSql.ts'
import { readCommandLine } from '../commandLine.ts'
import { openCity } from '../workload/city.ts'
import { buildCala } from './cala.ts'
import { measurePeers, type PeerMeasured, peers } from './peers.ts'

const number = (fallback: string) => ({ type: 'string', default: fallback }) as const
const { values } = readCommandLine({
  usage:
    'npm run bench:peers -- [--build] [--seconds N] [--rounds N] [--clients N] [--people N] [--json]',
  counts: ['seconds', 'rounds', 'clients', 'people'],
  options: {
    build: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    seconds: number('10'),
    rounds: number('3'),
    clients: number('32'),
    people: number('20000'),
  },
})

/** What a bill of B1 moves once its year's deductible is filled. */
const moved = { paid: 3_935, drawn: 7_565 }
const institutions = 20

async function main(): Promise<number> {
  const why = values.build ? buildCala() : undefined
  if (why !== undefined) throw new Error(`cala-ledger was not built: ${why}`)
  const say = (line: string): void => console.error(line)
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-peers-'))
  const server = await startEmbedded({ dataDir, log: () => {} })
  try {
    const { url } = server
    const people = Number(values.people)
    await prepareBareSql(url, openCity({ seed: 1, people }))
    const [seconds, rounds, clients] = [values.seconds, values.rounds, values.clients].map(
      Number,
    ) as [number, number, number]
    const shape = { people, institutions, ...moved }
    const measured = await measurePeers(peers, { url, shape, seconds, rounds, clients, say })
    console.log(values.json ? JSON.stringify(measured, null, 2) : table(measured))
    return measured.every(({ wrong }) => wrong.length === 0) ? 0 : 1
  } finally {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

function table(measured: readonly PeerMeasured[]): string {
  return measured
    .map(({ name, setting, perSecond, ofBareSql, wrong, rounds }) => {
      const spread = rounds.map((one) => one.perSecond.toFixed(0)).join(', ')
      const books = wrong.length === 0 ? 'books level' : `books wrong: ${JSON.stringify(wrong)}`
      return `${name}, ${setting}: ${perSecond.toFixed(0)} a second (${spread}), ${ofBareSql.toFixed(2)} of bare SQL, ${books}`
    })
    .join('\n')
}

process.exitCode = await main()
