import type { RegionLine, Visitor } from '../../engine/awayClaim.ts'
import { RegionFault } from '../../engine/awayClaim.ts'
import type { NewCard } from '../../engine/card.ts'
import type { Credential } from '../../engine/claim.ts'
import { refuseState } from '../../engine/authenticity.ts'
import { crossingAlarm, crossingPrefix } from '../../engine/crossing.ts'
import type { Preview } from '../../engine/ports.ts'
import type { Process } from '../../engine/process.ts'
import type { Directory } from '../../engine/route.ts'
import { sm3Hex } from '../crypto/sm3.ts'
import { type Claimed, claimCredentials } from '../postgres/claimCredentials.ts'
import { createCrossingQueries } from '../postgres/crossings.ts'
import { createDossiers } from '../postgres/dossiers.ts'
import { createDue } from '../postgres/due.ts'
import { createInsured, type Insured } from '../postgres/insured.ts'
import { createQueries } from '../postgres/queries.ts'
import { createRegister } from '../postgres/register.ts'
import { createStatements } from '../postgres/statements.ts'
import { type Crossings, createCrossings } from '../region/crossings.ts'
import { createHomeDesk, type RegionDesk } from '../region/homeDesk.ts'
import type { CrossingWorld, Engine, HomeWorld, Visitors } from '../region/needs.ts'
import { createResolver, type Resolver } from '../region/resolver.ts'
import type { Taking } from './taking.ts'
import type { World } from './serve.ts'
import { withFault } from './withFault.ts'

/** Both roles of a region: it asks about visitors, and is asked about its own. */
export interface Regional {
  readonly crossings: Crossings
  readonly resolver: Resolver
  readonly homeDesk: RegionDesk
}

export interface RegionalOptions {
  readonly process: Process
  readonly take: Taking
  readonly line: RegionLine
  readonly revive: CrossingWorld['revive']
}

/** What both roles are made from. */
export type RegionalWorld = Pick<World, 'pool' | 'crypto' | 'clock' | 'log' | 'metrics' | 'regions'>

export function openRegional(world: RegionalWorld, options: RegionalOptions): Regional {
  const { process, take, line, revive } = options
  const { pool, crypto, clock, log, metrics, regions } = world
  const engine: Engine = {
    take: (ask, lane) => take(ask, lane),
    preview: withFault(async (asked, told) => (await process.preview([asked], told))[0] as Preview),
  }
  const due = createDue(pool, crossingPrefix)
  const queries = createCrossingQueries({ pool, crypto })
  metrics.watchCrossings(() => queries.counts(clock.now()))
  metrics.watch('crossings_stuck', () => due.stuck(crossingAlarm))
  const dossiers = createDossiers({ pool, crypto })
  const crossingWorld: CrossingWorld = {
    ...engine,
    line,
    now: () => clock.now(),
    kept: withFault(async (subject) => dossiers.read(subject)),
    due,
    revive,
    visitors: visitorsOf(world, regions),
    alarm: ({ reference, to }, attempts) =>
      log.error(
        { reference, region: to, attempts },
        'a region does not say what became of a request',
      ),
  }
  const crossings = createCrossings(crossingWorld)
  return {
    crossings,
    resolver: createResolver(crossingWorld, crossings),
    homeDesk: createHomeDesk(homeWorldOf(world, engine, regions)),
  }
}

/** Where no directory of regions was given nobody can be reached. */
export const noLine: RegionLine = {
  ask: async (to) => {
    throw new RegionFault('unsent', `region ${to} is in no directory`)
  },
}

/** Of people insured here too nothing is taken over: what our own register says of them counts. */
function visitorsOf({ pool, crypto, clock }: RegionalWorld, regions: Directory): Visitors {
  const now = () => clock.now()
  const register = createRegister({ pool, crypto, now })
  return {
    isAway(region) {
      const area = regions.regionOf(region)?.division
      return area !== undefined && !regions.serves(area) && regions.reaches(area) ? area : undefined
    },
    keep: withFault(async ({ person, name, citizenNumber, region, card }: Visitor) => {
      const claimed: Claimed[] = [{ credential: { type: 'citizen-number', number: citizenNumber } }]
      if (card)
        claimed.push({ credential: { type: 'card', number: card.number }, card: card.number })
      if (await claimCredentials({ pool, crypto, now }, claimed, person.id)) return
      await register.putPerson({ person, name, citizenNumber, region })
      if (card) await register.putCard(card)
    }),
  }
}

function homeWorldOf(world: RegionalWorld, engine: Engine, regions: Directory): HomeWorld {
  const { pool, crypto, clock } = world
  const insured = createInsured({ pool, crypto })
  const queries = createQueries({ pool, crypto })
  const statements = createStatements(pool)
  return {
    ...engine,
    insured: withFault(async ({ type, number }) => {
      const found = await insured.byCredential({ type, number })
      const region = found && regions.regionOf(found.region)?.division
      if (!found || region === undefined || !regions.serves(region)) return undefined
      return visitorOf(found, { type, number })
    }),
    answered: withFault(async (institution, key) => queries.answered(institution, key)),
    chain: withFault(async (settlement) => queries.chain(settlement)),
    statement: withFault(async (filter) => statements.between(filter)),
    fingerprint: sm3Hex,
    areaOf: (division) => regions.regionOf(division)?.division,
    // An `id` is the books' own; a card that is only told of has none.
    refuseCard: ({ card }) => card && refuseState({ ...card, id: '' }, clock.now(), clock.today()),
  }
}

/** What another region is told: nothing of injuries, maternity, benefits or whose accounts they may draw on. */
function visitorOf(found: Insured, shown: Credential): Visitor {
  const { person, name, citizenNumber, region, balance } = found
  const card = found.cards.find(({ number }) => shown.type === 'card' && number === shown.number)
  const { id: _id, ...told } = card ?? { id: '' }
  return {
    person: { ...person, injuries: [], maternity: [], benefits: [], familyShares: [] },
    name,
    citizenNumber,
    region,
    balance,
    ...(card && { card: told as NewCard }),
  }
}
