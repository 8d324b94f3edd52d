import type { Envelope } from './envelope.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Ask, Key } from '../../engine/ports.ts'
import type { Client } from './clients.ts'
import { dayOf } from './moment.ts'
import type { World } from './needs.ts'
import { readNodes } from './read.ts'
import type { Settings } from './settings.ts'
import type { Call, Transaction } from './transaction.ts'

/** What a request is made anew from. */
export interface Reviving {
  readonly world: World
  readonly settings: Settings
  readonly transactions: ReadonlyMap<string, Transaction>
}

/** Whoever sent it is not known any more; what is agreed with them changes no amount. */
const nobody: Client = {
  paasid: '',
  secret: '',
  institutions: [],
  signIn: false,
  wrongTotals: 'warn',
}

/**
 * The ask that a request of the interface was, from what its key keeps (补办): its transaction handles it once more, and what
 * it asks of the engine is taken instead of being asked.
 */
export async function reviveAsk(
  key: Key,
  { world, settings, transactions }: Reviving,
): Promise<Ask | undefined> {
  const kept = JSON.parse(key.input) as { infno?: unknown; input?: unknown }
  const transaction = transactions.get(String(kept.infno))
  const institution = await world.institution(key.institution)
  if (!transaction?.writes || !institution) return undefined
  const region = world.deciding().regions.regionOf(institution.division)
  const now = world.now()
  let asked: Ask | undefined
  const call: Call = {
    infno: transaction.infno,
    envelope: envelopeOf(key, kept.input, now),
    institution,
    client: nobody,
    settings: settings.of(region?.division ?? institution.division),
    key,
    now,
    today: dayOf(now),
    world,
    async submit(ask): Promise<Outcome> {
      asked = ask
      return { kind: 'unknown' }
    },
  }
  await transaction.handle(readNodes(transaction.input, kept.input), call)
  return asked
}

const envelopeOf = (
  { institution, key, terminal }: Key,
  input: unknown,
  now: number,
): Envelope => ({
  infno: '',
  msgid: key,
  careRegion: '',
  institution,
  institutionName: '',
  operator: '',
  operatorName: '',
  operatorType: '',
  device: terminal,
  sentAt: now,
  input,
})
