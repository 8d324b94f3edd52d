import { freePort } from '../test/support/freePort.ts'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { differencesBetween } from '../test/faults/mirror.ts'
import { type Served, serveOn, startHost } from './server.ts'
import { sentencesOf } from './site.ts'

/** Two regions, each a server of its own on a database of its own, that ask each other over loopback. */
export interface Pair {
  readonly care: Served
  readonly home: Served
  /** What does not hold of the home region's books, or of what the two say of each other, in sentences. */
  wrongBeyond(): Promise<string[]>
  end(): Promise<void>
}

export const regions = { care: '510100', home: '440100' } as const

export async function startPair(): Promise<Pair> {
  const host = await startHost()
  const folder = mkdtempSync(path.join(os.tmpdir(), 'jiesuan-pair-'))
  const started: Served[] = []
  const end = async (): Promise<void> => {
    for (const served of started) await served.end()
    await host.end()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const ports = { care: await freePort(), home: await freePort() }
    const start = async (side: 'care' | 'home', other: 'care' | 'home'): Promise<Served> => {
      const directory = path.join(folder, `${side}.yaml`)
      const url = `http://127.0.0.1:${ports[other]}`
      writeFileSync(
        directory,
        `regions: [{division: '${regions[other]}', url: '${url}', keys: sandbox, together: 32}]\n`,
      )
      const served = await serveOn(await host.open(side), {
        PORT: String(ports[side]),
        REGIONS: regions[side],
        REGION_DIRECTORY: directory,
      })
      started.push(served)
      return served
    }
    const care = await start('care', 'home')
    const home = await start('home', 'care')
    return { care, home, wrongBeyond: async () => wrongBeyond(care, home), end }
  } catch (error) {
    await end()
    throw error
  }
}

async function wrongBeyond(care: Served, home: Served): Promise<string[]> {
  const bookOf = (side: keyof typeof regions, { ownerUrl }: Served) => ({
    region: regions[side],
    ownerUrl,
  })
  const differences = await differencesBetween(bookOf('care', care), bookOf('home', home))
  return [...sentencesOf(await home.violations()), ...differences]
}
