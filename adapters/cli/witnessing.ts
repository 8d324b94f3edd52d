import { sm2Verify } from '../crypto/sm2.ts'
import { digestParts } from '../crypto/sealKeys.ts'
import type { Further } from '../http/server.ts'
import type { Sweep } from '../jobs/sweep.ts'
import { KeptHeads } from '../postgres/keptHeads.ts'
import { SealQueries } from '../postgres/sealQueries.ts'
import { headPath, serveHead, type TellHead } from '../region/headDoor.ts'
import { witnessHeads } from '../region/witness.ts'
import type { World } from './serve.ts'

/** Where other regions ask for our newest head. */
export function openHeadDoor({ regionDirectory, pool }: World): Further | undefined {
  if (!regionDirectory) return undefined
  const seal = new SealQueries(pool, digestParts)
  const look: TellHead = async (since) => {
    const head = await seal.sealedUpTo()
    if (!head) return undefined
    const hashes = since === 0 ? [] : await seal.consistency(since, Number(head.size))
    const keys = await seal.keys()
    return hashes && { note: head.note, keys, hashes: hashes.map((hash) => hash.toBase64()) }
  }
  return { prefixes: [headPath], serve: async (app) => serveHead(app, keptForAMoment(look)) }
}

const goodFor_ms = 1_000
const mostKept = 64

/** Anybody may ask, so that an answer is good for a moment and they are found out one after the other. */
function keptForAMoment(look: TellHead): TellHead {
  const kept = new Map<number, { readonly at: number; readonly told: ReturnType<TellHead> }>()
  let turn: Promise<unknown> = Promise.resolve()
  return (since) => {
    const now = performance.now()
    const last = kept.get(since)
    if (last && now - last.at < goodFor_ms) return last.told
    const told = turn.then(() => look(since))
    turn = told.catch(() => {})
    if (kept.size >= mostKept) kept.clear()
    kept.set(since, { at: now, told })
    told.catch(() => kept.delete(since))
    return told
  }
}

/** Keeps what other regions sealed, so that none can put its books back unseen. */
export function witnessing({ regionDirectory, pool, clock, log }: World): Sweep[] {
  if (!regionDirectory || regionDirectory.partners.size === 0) return []
  const heads = new KeptHeads(pool)
  const asked = {
    digest: digestParts,
    verify: sm2Verify,
    partners: [...regionDirectory.partners].map(([division, { url }]) => ({ division, url })),
    last: async (of: string) => heads.last(of),
    keep: async (head: Parameters<KeptHeads['keep']>[0]) => heads.keep(head, clock.now()),
    onBreach: (region: string, kept: { readonly size: number } | undefined, why: string) =>
      log.error(
        { region, kept: kept?.size, why },
        'the log of another region was changed or put back',
      ),
  }
  return [{ name: 'heads', every_ms: 60_000, run: async (signal) => witnessHeads(asked, signal) }]
}
