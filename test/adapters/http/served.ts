import pg from 'pg'
import { serve } from '../../../adapters/cli/serve.ts'
import { readConfig } from '../../../adapters/config.ts'
import { createLog } from '../../../adapters/log.ts'
import { checkBooks } from '../../../adapters/postgres/checks.ts'
import { readWorld } from '../../../adapters/sandbox/world.ts'
import { createTestDatabase } from '../../support/database.ts'
import { untilLapsed } from '../../support/begun.ts'

export interface Told {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Record<string, unknown>
}

export const claim = {
  institution: 'H51010000001',
  day: '2026-03-02',
  credential: { type: 'citizen-number', number: '510199198603120110' },
  care: 'outpatient',
  useAccount: true,
  total: '25.00',
  lines: [{ id: 'L1', item: 'X1', quantity: '2', unitPrice: '12.5', amount: '25.00' }],
}
export const person = '510100000000000000001001'

const tables = [
  'movement',
  'settlement',
  'transfer',
  'account_version',
  'year_version',
  'request',
  'answer',
  'person_version',
  'card_version',
  'credential',
  'dossier_entry',
]

/** The whole server with the sandbox world on a database of its own. */
export async function openServed(more: Readonly<Record<string, string>> = {}) {
  const database = await createTestDatabase()
  const config = readConfig({
    DATABASE_URL: database.appUrl,
    MODE: 'sandbox',
    PORT: '0',
    ...more,
  })
  const logged: string[] = []
  const log = createLog('trace', { write: (line: string) => void logged.push(line) })
  const running = await serve(config, log)
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 })
  let keys = 0

  async function ask(path: string, init: RequestInit = {}): Promise<Told> {
    const { status, headers, ...reply } = await read(await fetch(running.url + path, init))
    return { status, headers, ...reply }
  }
  const post = (path: string, body: unknown, key = `t${++keys}`): Promise<Told> =>
    ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    })

  return {
    url: running.url,
    desk: running.desk,
    ask,
    post,
    owner,
    logged,
    /** How much there is in every table in which a refused request might leave something. */
    count: async (): Promise<Record<string, string>> => {
      await untilLapsed(owner)
      const counts = tables.map((table) => `(select count(*) from ${table}) as ${table}`)
      return (await owner.query(`select ${counts.join(', ')}`)).rows[0] as Record<string, string>
    },
    violations: () => checkBooks(owner),
    /** What of the sandbox's people stands in the log. */
    named: (): string[] => {
      const lines = logged.join('')
      return readWorld('rules')
        .people.flatMap(({ name, citizenNumber, card }) => [
          name,
          citizenNumber,
          card.number,
          card.serial,
        ])
        .filter((secret) => lines.includes(secret))
    },
    stop: () => running.stop(),
    close: async (): Promise<void> => {
      await owner.end()
      await running.stop()
      await database.drop()
    },
  }
}

async function read(reply: Response): Promise<Told> {
  const { status, headers } = reply
  const text = await reply.text()
  const isJson = /\bjson\b|\+json/.test(headers.get('content-type') ?? '')
  const json = isJson ? (JSON.parse(text) as Record<string, unknown>) : {}
  return { status, headers, text, json }
}
