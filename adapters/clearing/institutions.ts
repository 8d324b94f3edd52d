import { advanceSubject } from '../../engine/advance.ts'
import { chainOf, type NextRun } from '../../engine/clearingRun.ts'
import type { Day } from '../../engine/day.ts'
import { closeYear, finalChain } from '../../engine/finalRun.ts'
import { acceptRun, institutionChain } from '../../engine/institutionRun.ts'
import { type StepAsked, stepRun } from '../../engine/institutionSteps.ts'
import { agencyOf } from '../../engine/movement.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Entered, Found, Key } from '../../engine/ports.ts'
import { type Refusal, isRefusal } from '../../engine/refusal.ts'
import { runSubject } from '../../engine/runStages.ts'
import { askOf, refused, untilNotOvertaken } from './asking.ts'
import { regionOfInstitution } from './money.ts'
import type { Application, World } from './needs.ts'

/** An application of an institution that its agency decides about. */
export interface Deciding {
  readonly institution: string
  readonly application: string
  readonly operator: string
}

/** Accepts an application (受理): its run is opened with every row that is in it. */
export async function accept(world: World, key: Key, asked: Deciding): Promise<Outcome> {
  const { institution, operator } = asked
  const found = await find(world, key, asked)
  if ('outcome' in found) return found.outcome
  const { application, region } = found
  const { category, part, cares, until, month } = application
  const chain = institutionChain(institution, part)
  const run = world.newId(chain.owner)
  const subjects = [chain, application.subject, runSubject({ id: run, institution })]
  return untilNotOvertaken(async () => {
    const seen = chainOf(await world.kept(chain)).version
    const rows = await world.rows.openOf(institution, cares, until)
    const next: NextRun = { chain, seen, window: { name: month, until } }
    const whole = { ...next, region, institution, category, run, rows, operator }
    return world.submit(
      askOf(key, chain.owner, subjects, (given) =>
        withApplication(application, given, { run }, () => acceptRun(given, whole)),
      ),
    )
  })
}

/** Turns an application back (驳回), with what is wrong with it: the month may be applied for again. */
export async function reject(
  world: World,
  key: Key,
  asked: Deciding & { readonly reason: string },
): Promise<Outcome> {
  const found = await find(world, key, asked)
  if ('outcome' in found) return found.outcome
  const { application } = found
  const told = { application: asked.application, rejected: asked.reason }
  return world.submit(
    askOf(key, application.subject.owner, [application.subject], (given) =>
      withApplication(application, given, { rejected: asked.reason }, () => ({
        entries: [],
        result: told,
      })),
    ),
  )
}

function withApplication(
  application: Application,
  found: Found,
  as: Parameters<Application['decide']>[1],
  more: () => Entered | Refusal,
): Entered | Refusal {
  const decided = application.decide(found, as)
  if (isRefusal(decided)) return decided
  const entered = more()
  return isRefusal(entered) ? entered : { ...entered, entries: [...entered.entries, decided] }
}

/** Institutions of other regions are told like those that are not there. */
async function find(
  world: World,
  key: Key,
  { institution: code, application: event }: Deciding,
): Promise<
  { readonly outcome: Outcome } | { readonly application: Application; readonly region: string }
> {
  const institution = await world.institution(code)
  const region = institution && world.regionOf(institution.division)
  if (!institution || region === undefined || key.institution !== agencyOf(region))
    return { outcome: refused('institution-unknown', { institution: code }) }
  const application = await world.applications.find(institution, event)
  return application
    ? { application, region }
    : { outcome: refused('entry-unknown', { entry: event }) }
}

/** Does a step to the run of an institution of the asker's region. */
export async function step(
  world: World,
  key: Key,
  asked: Omit<StepAsked, 'run' | 'posting'> & { readonly run: string },
): Promise<Outcome> {
  const run = await world.runs.run(asked.run)
  const { institution, region, kind } = run ?? {}
  if (
    !run ||
    institution === undefined ||
    region === undefined ||
    (kind !== 'institution' && kind !== 'final') ||
    key.institution !== agencyOf(region)
  )
    return refused('clearing-run-unknown', { run: asked.run })
  const { id, owner } = run
  const subjects = [runSubject({ id, institution }), advanceSubject(institution)]
  const whole = { ...asked, run: { id, institution, region, kind }, posting: world.newId(owner) }
  return world.submit(
    askOf(key, owner, subjects, (found) => stepRun(found, whole, world.policyOf(region))),
  )
}

/** Closes the year of an institution (年终清算). */
export async function closeYearOf(
  world: World,
  key: Key,
  asked: { readonly institution: string; readonly year: string; readonly operator: string },
): Promise<Outcome> {
  const { institution, year, operator } = asked
  const region = await regionOfInstitution(world, institution)
  if (region === undefined || key.institution !== agencyOf(region))
    return refused('institution-unknown', { institution })
  const chain = finalChain(institution)
  const run = world.newId(chain.owner)
  const window = { name: year, until: `${year}-12-31` as Day }
  const { owner } = chain
  const subjects = [chain, runSubject({ id: run, institution })]
  return untilNotOvertaken(async () => {
    const seen = chainOf(await world.kept(chain)).version
    const open = await world.runs.openRuns('institution', [owner], window.until)
    const runs = open.map(({ id }) => id)
    return world.submit(
      askOf(key, owner, subjects, (found) =>
        closeYear(found, { chain, seen, window, region, institution, run, runs, operator }),
      ),
    )
  })
}
