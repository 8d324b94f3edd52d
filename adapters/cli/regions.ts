import { randomBytes } from 'node:crypto'
import { crossingPrefix } from '../../engine/crossing.ts'
import type { Directory } from '../../engine/route.ts'
import { type Config, ConfigError } from '../config.ts'
import { openRegionKey, sandboxRegionKey } from '../crypto/regionKeys.ts'
import { sm2Verify } from '../crypto/sm2.ts'
import { sm3Hex } from '../crypto/sm3.ts'
import { readJson } from '../http/json.ts'
import type { Door } from '../http/needs.ts'
import { explain } from '../http/problem.ts'
import type { Further } from '../http/server.ts'
import type { Exchanged } from '../metrics.ts'
import { createDue } from '../postgres/due.ts'
import { createNonces } from '../postgres/nonces.ts'
import type { RegionDirectory } from '../region/directory.ts'
import { lonelyDirectory, readDirectory } from '../region/directoryFile.ts'
import { WrongDirectory } from '../region/directoryShape.ts'
import { type LineOptions, openLines, type RegionLines } from '../region/line.ts'
import type { RegionDesk, Seals } from '../region/needs.ts'
import { regionPaths, serveRegions } from '../region/server.ts'
import { type Place, shareOf } from './place.ts'
import type { World } from './serve.ts'
import { withFault } from './withFault.ts'

/** SM2 and SM3 on Node's own OpenSSL. */
const seals: Seals = { verify: sm2Verify, digest: sm3Hex }

/** Whom we speak to: a production without a file speaks to nobody, and nobody to it; a sandbox can be looked at. */
export function openDirectory(
  { regionDirectory: file, mode, regions: served }: Config,
  { rulebooks }: World['rules'],
): RegionDirectory | undefined {
  const known = (division: string) => rulebooks.of(division)?.region
  const keys = { open: openRegionKey, sandbox: sandboxRegionKey }
  const options = { mode, served, known, keys }
  if (file === undefined) return mode === 'sandbox' ? lonelyDirectory(options) : undefined
  try {
    return readDirectory(file, options)
  } catch (error) {
    throw error instanceof WrongDirectory ? new ConfigError(error.message) : error
  }
}

/** Which divisions belong together, by the rules and by the directory of regions; those of `REGIONS` are computed here. */
export const regionsOf = (
  { regions }: Config,
  { rulebooks }: World['rules'],
  directory: RegionDirectory | undefined,
): Directory => rulebooks.directory(regions, [...(directory?.partners.values() ?? [])])

/** So soon after a region answers again, what waits for one is looked at, however long it was to wait yet. */
const hastened_ms = 60_000

/** Told of every change of a breaker: where a region that was left alone answers, nobody waits an hour for it any more. */
export function onBreaker({
  pool,
  clock,
  metrics,
  log,
}: Pick<World, 'pool' | 'metrics' | 'log'> & {
  readonly clock: Pick<World['clock'], 'now'>
}): LineOptions['onBreaker'] {
  const due = createDue(pool, crossingPrefix)
  const states = new Map<string, number>()
  return (region, state, fault) => {
    metrics.breaker(region, state)
    const before = states.get(region) ?? 0
    states.set(region, state)
    if (state !== before) logBreaker(log, region, state, fault)
    if (state !== 0 || before === 0) return
    due
      .hasten(clock.now(), hastened_ms)
      .catch((error: unknown) =>
        log.warn({ err: error, region }, 'what waits for a region that is back waits for its time'),
      )
  }
}

/** A number at `/metrics` does not say why a region is left alone, and is gone once it is not. */
function logBreaker(log: World['log'], region: string, state: number, fault: unknown): void {
  if (state === 2) log.warn({ region, err: fault }, 'a region is left alone')
  else if (state === 1) log.debug({ region }, 'a region that was left alone is tried')
  else log.info({ region }, 'a region is asked again')
}

/** What is agreed with a region holds for all processes together: each asks it with its part of that. */
const shareOfLines = (directory: RegionDirectory, place: Place): RegionDirectory => ({
  ...directory,
  partners: new Map(
    [...directory.partners].map(([division, partner]) => {
      const atOnce = shareOf(partner.atOnce, place)
      return [division, { ...partner, atOnce, waiting: shareOf(partner.waiting, place) }]
    }),
  ),
})

/** The lines to other regions, where there are any. Times of signing go by the machine's clock, in the sandbox too. */
export function openRegionLines(
  world: World,
  stack: AsyncDisposableStack,
): RegionLines | undefined {
  const { regionDirectory: directory, metrics, place } = world
  if (!directory) return undefined
  const lines = openLines({
    directory: shareOfLines(directory, place),
    seals,
    readJson,
    now: Date.now,
    newNonce: () => randomBytes(16).toString('hex'),
    count: (exchange) => metrics.exchanged(exchange),
    onBreaker: onBreaker(world),
  })
  stack.defer(() => lines.close())
  return lines
}

/** Where other regions ask us, for the server. */
export function openRegionDoor(
  { regionDirectory: directory, pool, metrics }: World,
  desk: RegionDesk,
  door: Door,
): Further | undefined {
  if (!directory) return undefined
  const nonces = createNonces({ pool })
  const parts = {
    directory,
    seals,
    readJson,
    desk,
    nonces: { take: withFault(nonces.take.bind(nonces)) },
    explain: (refusal: Parameters<typeof explain>[0]) => explain(refusal).message,
    now: Date.now,
    closing: () => door.closing,
    count: (exchange: Exchanged) => metrics.exchanged(exchange),
  }
  return { prefixes: regionPaths, serve: async (app) => serveRegions(app, parts) }
}
