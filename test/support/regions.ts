import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { DemoLine } from '../../adapters/cli/demoLine.ts'
import { serve } from '../../adapters/cli/serve.ts'
import { readConfig } from '../../adapters/config.ts'
import { createLog } from '../../adapters/log.ts'
import { createTestDatabase } from './database.ts'
import { personOf } from './reader.ts'

export interface Told {
  readonly status: number
  readonly headers: Headers
  readonly json: Record<string, unknown>
  readonly text: string
}

/** A whole server of one region on a database of its own, which knows one other over a line. */
async function openRegion(regions: string, other: string, line: DemoLine, folder: string) {
  const file = path.join(folder, `${other}.yaml`)
  writeFileSync(
    file,
    `regions: [{division: '${other}', url: '${line.url}', keys: sandbox, together: 32}]\n`,
  )
  const database = await createTestDatabase()
  const config = readConfig({
    DATABASE_URL: database.appUrl,
    MODE: 'sandbox',
    PORT: '0',
    REGIONS: regions,
    REGION_DIRECTORY: file,
  })
  const running = await serve(config, createLog('silent'))
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 })
  const ask = async (at: string, init: RequestInit = {}): Promise<Told> => {
    const reply = await fetch(running.url + at, init)
    const { status, headers } = reply
    const text = await reply.text()
    const isJson = /json/.test(headers.get('content-type') ?? '')
    return { status, headers, text, json: isJson ? JSON.parse(text) : {} }
  }
  return {
    url: running.url,
    owner,
    ask,
    post: (at: string, body: unknown, key?: string) =>
      ask(at, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(key !== undefined && { 'idempotency-key': key }),
        },
        body: JSON.stringify(body),
      }),
    close: async (): Promise<void> => {
      await owner.end()
      await running.stop()
      await database.drop()
    },
  }
}

/** Chengdu and Guangzhou, and the line that Chengdu asks Guangzhou over, which can break. */
export async function openRegions() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-regions-'))
  const lines = [new DemoLine(), new DemoLine()] as const
  const [line, back] = lines
  await Promise.all(lines.map(async (one) => one.open()))
  const chengdu = await openRegion('510100,510700', '440100', line, folder)
  const guangzhou = await openRegion('440100', '510100', back, folder)
  line.leadTo(guangzhou.url)
  back.leadTo(chengdu.url)
  return {
    chengdu,
    guangzhou,
    line,
    close: async (): Promise<void> => {
      await Promise.all([chengdu.close(), guangzhou.close()])
      await Promise.all(lines.map(async (one) => one.close()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Regions = Awaited<ReturnType<typeof openRegions>>

export const hospital = 'H51010000001'

/** A bill of somebody of Guangzhou in a hospital of Chengdu. */
export const awayClaim = {
  institution: hospital,
  day: '2026-03-02',
  insuredIn: '440100',
  credential: { type: 'citizen-number', number: personOf('G1').citizenNumber },
  care: 'outpatient',
  total: '12.00',
  lines: [
    { id: 'L1', item: '001101000010000', quantity: '1', unitPrice: '12.00', amount: '12.00' },
  ],
}

/** Reverses what was asked under a key. */
export const reverse = async ({ chengdu }: Regions, key: string): Promise<Told> =>
  chengdu.post(
    '/v1/reversals',
    { institution: hospital, key, person: personOf('G1').person.id },
    `${key} reversal`,
  )

/** Settles under a key while the answers get lost, so that nobody knows what became of it, and no sweep finds it out. */
export async function loseAnswer(regions: Regions, key: string): Promise<void> {
  const { chengdu, line } = regions
  await line.become('losing')
  const told = await chengdu.post('/v1/settlements', awayClaim, key)
  await line.become('whole')
  await putOff(regions)
  if (told.json['code'] !== 'outcome-unknown') throw new Error(told.text)
}

/** Puts off what waits in Chengdu, so that no sweep looks at it while a test does. */
export const putOff = async ({ chengdu: { owner } }: Regions): Promise<unknown> =>
  owner.query(
    `update due set due_at = '2026-03-03T09:00:00+08' where starts_with(subject, 'crossing ')`,
  )
