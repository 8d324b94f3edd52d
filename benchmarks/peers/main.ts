// `npm run bench:peers -- [--build] [--seconds N] [--rounds N] [--clients N] [--people N] [--json]`: other ledgers, each at
// its safe and its fast setting, in turns with the bare-SQL arm on the same server. Exit code 1 where books are wrong.
import { readCommandLine } from '../commandLine.ts'
import { exitOnSignal } from '../ending.ts'
import { buildCala } from './cala.ts'
import { measureHere } from './here.ts'
import type { PeerMeasured } from './peers.ts'

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

async function main(): Promise<number> {
  exitOnSignal()
  const why = values.build ? buildCala() : undefined
  if (why !== undefined) throw new Error(`cala-ledger was not built: ${why}`)
  const { measured } = await measureHere({
    people: Number(values.people),
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    clients: Number(values.clients),
    say: (line) => console.error(line),
  })
  console.log(values.json ? JSON.stringify(measured, null, 2) : table(measured))
  return measured.every(({ wrong }) => wrong.length === 0) ? 0 : 1
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
