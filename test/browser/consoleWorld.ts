import path from 'node:path'
import pg from 'pg'
import { playDay } from '../../adapters/cli/dayPlay.ts'
import { readDay } from '../../adapters/cli/dayScript.ts'
import { serve } from '../../adapters/cli/serve.ts'
import { readConfig } from '../../adapters/config.ts'
import { createLog } from '../../adapters/log.ts'
import { readWorld } from '../../adapters/sandbox/world.ts'
import { createTestDatabase } from '../support/database.ts'

/** What the list of settlements tells, as far as the tests use it. */
export interface Listed {
  readonly id: string
  readonly state: string
  readonly person: string
  readonly day: string
  readonly care: string
  readonly total: string
}

/** A whole server on a database of its own, in which the day of the sandbox was played. */
export async function openConsole() {
  const database = await createTestDatabase()
  const config = readConfig({ DATABASE_URL: database.appUrl, MODE: 'sandbox', PORT: '0' })
  const running = await serve(config, createLog('silent'))
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 })
  const { day } = readWorld('rules')
  const scenes = readDay(path.join('rules', 'sandbox', 'day.yaml'), day)
  await playDay(scenes, running.url, () => {})
  const get = async <T>(at: string): Promise<T> => {
    const response = await fetch(running.url + at)
    return (await response.json()) as T
  }
  const { items } = await get<{ items: Listed[] }>('/v1/settlements?limit=200')
  const one = (is: (settlement: Listed) => boolean): Listed => {
    const found = items.find(is)
    if (!found) throw new Error('the sandbox day has no such settlement')
    return found
  }
  return {
    url: running.url,
    owner,
    get,
    settlements: items,
    one,
    close: async (): Promise<void> => {
      await owner.end()
      await running.stop()
      await database.drop()
    },
  }
}

export type Console = Awaited<ReturnType<typeof openConsole>>
