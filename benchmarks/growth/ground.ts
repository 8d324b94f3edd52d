import { cpSync, statfsSync } from 'node:fs'
import os from 'node:os'
import { inFolder } from '../folders.ts'
import type { Ground } from '../site.ts'
import { keptBytes, openKept } from './kept.ts'
import { checkSample } from './sample.ts'

/** What a settlement takes on disk with its part of everything else, and the room that books may take at most. */
const bytesASettlement = 6_700
const mostBytes = Number(process.env['GROWN_GB'] ?? 25) * 1e9
/** Others want to write too. */
const mostOfFree = 0.7
const wanted = 10_000_000
const million = 1_000_000

/**
 * As many settlements as the method asks for, or as the disk has room for: in millions, if there is room for one. What is kept already is
 * room for them, so that one figure's books do not make the next figure's smaller.
 */
export function largestThatFits(
  free = freeBytes() + keptBytes(),
  most = mostBytes,
): { readonly settlements: number; readonly wanted: number } {
  const room = Math.min(most, mostOfFree * free) / bytesASettlement
  const settlements = room < million ? 100_000 : Math.floor(room / million) * million
  return { settlements: Math.min(wanted, settlements), wanted }
}

function freeBytes(): number {
  const { bavail, bsize } = statfsSync(os.homedir())
  return bavail * bsize
}

/** Rows of so many settlements are checked one by one after a run: that takes a minute. */
const mostChecked = 20_000

/** Books with so many settlements of so many people, seeded now where they are not kept. */
export async function groundWith(
  settlements: number,
  people: number,
  say: (line: string) => void,
): Promise<Ground> {
  const city = { seed: 'grown', people }
  const { dataDir } = await openKept({ ...city, settlements }, say)
  const oneIn = Math.max(1, Math.ceil(settlements / mostChecked))
  return { dataDir, city, oneIn, check: async (url) => checkSample({ url, oneIn, say }) }
}

/** The same in a directory of its own, so that a run adds nothing to the one that is kept. */
export async function withCopy<T>(ground: Ground, use: (copy: Ground) => Promise<T>): Promise<T> {
  return inFolder('grown', async (dataDir) => {
    cpSync(ground.dataDir, dataDir, { recursive: true })
    return use({ ...ground, dataDir })
  })
}
