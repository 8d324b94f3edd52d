import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { differencesBetween } from '../test/faults/mirror.ts'
import { type Served, serveOn, startHost } from './server.ts'

/** Two regions, each a server of its own on a database of its own, that ask each other over loopback. */
export interface Pair {
  readonly care: Served
  readonly home: Served
  /** What does not hold of either's books, or of what they say of each other, in sentences. */
  wrong(): Promise<string[]>
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
        `regions: [{division: '${regions[other]}', url: '${url}', keys: sandbox}]\n`,
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
    return { care, home, wrong: async () => wrongIn(care, home), end }
  } catch (error) {
    await end()
    throw error
  }
}

async function wrongIn(care: Served, home: Served): Promise<string[]> {
  const sides = { care, home }
  const wrong: string[] = []
  for (const side of ['care', 'home'] as const)
    for (const { check, subject, problem } of await sides[side].violations())
      wrong.push(`${regions[side]}: ${check}: ${subject}: ${problem}`)
  const bookOf = (side: 'care' | 'home') => ({
    region: regions[side],
    ownerUrl: sides[side].ownerUrl,
  })
  return [...wrong, ...(await differencesBetween(bookOf('care'), bookOf('home')))]
}

/** Both must know the other's address before either is there. */
async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as net.AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
