import { isDeepStrictEqual } from 'node:util'
import { randomInt } from 'node:crypto'
import type { Visitor, VisitorCard } from '../../engine/awayClaim.ts'
import { RegionFault } from '../../engine/awayClaim.ts'
import type { Card } from '../../engine/card.ts'
import type { Credential, Division } from '../../engine/claim.ts'
import { refuseState, refuseWhose } from '../../engine/authenticity.ts'
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
import { createRegister, type Enrolled } from '../postgres/register.ts'
import { createStatements } from '../postgres/statements.ts'
import { type Crossings, createCrossings } from '../region/crossings.ts'
import { createHomeDesk } from '../region/homeDesk.ts'
import type { RegionDesk } from '../region/needs.ts'
import type { CrossingWorld, Engine, HomeWorld, Lines, Visitors } from '../region/crossingNeeds.ts'
import type { Turns } from './turns.ts'
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
  readonly lines: Lines
  /** The division in whose name people are asked about. */
  readonly own: Division
  readonly revive: CrossingWorld['revive']
  readonly turns?: CrossingWorld['turns']
  /** Of the pauses between attempts; the simulation brings its own. */
  readonly jitter?: CrossingWorld['jitter'] | undefined
}

/** What both roles are made from. */
export type RegionalWorld = Pick<World, 'pool' | 'crypto' | 'clock' | 'log' | 'metrics' | 'regions'>

export function openRegional(world: RegionalWorld, options: RegionalOptions): Regional {
  const { process, take, lines, own, revive, turns, jitter } = options
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
    lines,
    now: () => clock.now(),
    jitter: jitter ?? (() => randomInt(80, 121) / 100),
    kept: withFault(async (subjects) => dossiers.readEach(subjects)),
    stands: withFault(async (key) => queries.stands(key)),
    due,
    revive,
    visitors: visitorsOf(world, own),
    turns: turns && apart(turns),
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

/** A request is known by its key here and where a PIN is tried, and may be under way in both. */
const apart = (turns: Turns): Turns => ({
  take: (name) => turns.take(`crossing ${name}`),
  give: (name) => turns.give(`crossing ${name}`),
})

/** Where no directory of regions was given nobody can be reached. */
export const noLines: Lines = {
  from: () => ({
    ask: async (to) => {
      throw new RegionFault('unsent', `region ${to} is in no directory`)
    },
  }),
}

/**
 * Of people insured here too nothing is taken over: what our own register says of them counts. Who is known already is told
 * of under the same citizen number, unless the region that told of them before tells of a new one.
 */
function visitorsOf({ pool, crypto, clock, regions }: RegionalWorld, own: Division): Visitors {
  const now = () => clock.now()
  const register = createRegister({ pool, crypto, now })
  const areaOf = (region: Division) => regions.regionOf(region)?.division
  const isOurs = (region: Division) => regions.serves(areaOf(region) ?? region)
  return {
    own,
    isAway(region) {
      const area = areaOf(region)
      if (area !== undefined && regions.serves(area)) return undefined
      return { area: area !== undefined && regions.reaches(area) ? area : undefined }
    },
    keep: withFault(async (visitor: Visitor, toldBy: Division) => {
      const { name, citizenNumber, region, card } = visitor
      if (isOurs(region)) return false
      // Our own funds pay for nobody whom another region tells of.
      const coverages = visitor.person.coverages.filter((row) => !isOurs(row.region))
      const person = { ...visitor.person, coverages }
      const known = await register.findPerson(person.id)
      const byTheirs = known && !isOurs(known.region) && areaOf(known.region) === areaOf(toldBy)
      if (known && known.citizenNumber !== citizenNumber && !byTheirs) return false
      if (known && isOurs(known.region)) return true
      // Whoever is told of again as they were is not written again: most are told of once a minute.
      if (known && !card && isAsTold(known, { ...visitor, person })) return true
      const claimed: Claimed[] = [{ credential: { type: 'citizen-number', number: citizenNumber } }]
      if (card)
        claimed.push({ credential: { type: 'card', number: card.number }, card: card.number })
      if (await claimCredentials({ pool, crypto, now }, claimed, person.id)) return true
      await register.putPerson({ person, name, citizenNumber, region })
      if (card)
        await register.putCard({
          ...card,
          owner: person.id,
          life: 'active',
          loss: { kind: 'none' },
        })
      return true
    }),
  }
}

/** What is kept has no members that are undefined, and its own order. */
const isAsTold = (known: Enrolled, { person, name, citizenNumber, region }: Visitor): boolean =>
  known.name === name &&
  known.citizenNumber === citizenNumber &&
  known.region === region &&
  isDeepStrictEqual(known.person, JSON.parse(JSON.stringify(person)))

function homeWorldOf(world: RegionalWorld, engine: Engine, regions: Directory): HomeWorld {
  const { pool, crypto, clock } = world
  const insured = createInsured({ pool, crypto })
  const queries = createQueries({ pool, crypto })
  const statements = createStatements(pool)
  return {
    ...engine,
    insured: withFault(async (shown) => {
      const found = await insured.byCredential(shown)
      const region = found && regions.regionOf(found.region)?.division
      if (!found || region === undefined || !regions.serves(region)) return undefined
      const card = found.cards.find(
        ({ number }) => shown.type === 'card' && number === shown.number,
      )
      const credential: Credential = shown
      const { person } = found
      const wrong =
        card &&
        (refuseWhose({ credential, card, person }) ?? refuseState(card, clock.now(), clock.today()))
      return wrong ?? visitorOf(found, card)
    }),
    answered: withFault(async (institution, key) => queries.answered(institution, key)),
    chain: withFault(async (settlement) => queries.chain(settlement)),
    statement: withFault(async (filter) => statements.between(filter)),
    fingerprint: sm3Hex,
    areaOf: (division) => regions.regionOf(division)?.division,
  }
}

/** What another region is told: nothing of injuries, maternity, benefits or whose accounts they may draw on. */
function visitorOf(found: Insured, card: Card | undefined): Visitor {
  const { person, name, citizenNumber, region, balance } = found
  return {
    person: { ...person, injuries: [], maternity: [], benefits: [], familyShares: [] },
    name,
    citizenNumber,
    region,
    balance,
    ...(card && { card: told(card) }),
  }
}

const told = (card: Card): VisitorCard => {
  const { number, serial, version, pin, issued, expires, photo, managedIn } = card
  return { number, serial, version, pin, issued, expires, photo, managedIn }
}
