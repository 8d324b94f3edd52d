import type { StatementRow } from '../../engine/awayClaim.ts'
import { regionOwner } from '../../engine/clearing.ts'
import { clearingPolicyOf } from '../../engine/clearingPolicy.ts'
import type { Day } from '../../engine/day.ts'
import type { Kept, Subject } from '../../engine/dossier.ts'
import type { Institution } from '../../engine/institution.ts'
import { pairPrefix } from '../../engine/pairRun.ts'
import { Fault } from '../../engine/ports.ts'
import type { Process } from '../../engine/process.ts'
import { type Clearing, createClearing } from '../clearing/clearing.ts'
import type { Applications, Statements } from '../clearing/needs.ts'
import type { Lines } from '../region/crossingNeeds.ts'
import { mostRows } from '../region/messageForms.ts'
import { drawBytes } from '../crypto/drawnBytes.ts'
import { sm3, sm3Hex } from '../crypto/sm3.ts'
import {
  categoryOf,
  clearingKinds,
  clearingsOf,
  decideApplication,
  holdsEvent,
  subjectOfClearing,
} from '../nhsa/clearing.ts'
import { caresOf } from '../nhsa/statement.ts'
import { type ClearingRows, createClearingRows } from '../postgres/clearingRows.ts'
import { createClearings } from '../postgres/clearings.ts'
import { createDossiers } from '../postgres/dossiers.ts'
import { createDue } from '../postgres/due.ts'
import { createIds } from '../postgres/ids.ts'
import { createRegister } from '../postgres/register.ts'
import { dayInChina } from '../sandbox/clock.ts'
import type { World } from './serve.ts'
import { withFault } from './withFault.ts'

/** Clearing, joined from the books, the rules and what the national interface keeps of applications. */
export function openClearing(
  world: World,
  engine: Pick<Process, 'settle'>,
  elsewhere: Statements,
): Clearing {
  const { pool, crypto, clock, config, rules, settings, metrics } = world
  const now = () => clock.now()
  const dossiers = createDossiers({ pool, crypto })
  const rows = createClearingRows(pool, clearingKinds(settings))
  const runs = createClearings(pool)
  const due = createDue(pool, pairPrefix)
  metrics.watch('clearing_stuck', async () => due.stuck(alarmAfter))
  const ids = createIds({ sm3, drawBytes })
  const register = createRegister({ pool, crypto, now })
  const regions = rules.rulebooks.directory(config.regions)
  const kept = withFault(
    async (subject: Subject): Promise<readonly Kept[]> => dossiers.read(subject),
  )
  return createClearing({
    submit: async (ask) => {
      const [taken] = await engine.settle([ask])
      // Nothing of clearing asks another region in the middle of a transaction.
      return !taken || taken.kind === 'asking' ? { kind: 'busy' } : taken
    },
    newId: (owner) => ids.next(owner, now()),
    fingerprint: sm3Hex,
    now,
    today: () => clock.today(),
    dayOf: dayInChina,
    startOf: (day) => Date.parse(`${day}T00:00:00+08:00`),
    served: config.regions,
    regionOf: (division) => regions.regionOf(division)?.division,
    policyOf: (region) => clearingPolicyOf(rules.rulebooks, region),
    institution: withFault(async (code) =>
      (await register.institutions()).find((one) => one.code === code),
    ),
    kept,
    rows: {
      open: withFault(async (pair, until) => rows.open(pair, until)),
      openOf: withFault(async (code, cares, until) => rows.openOf(code, cares, until)),
      cleared: withFault(async (region, references) => rows.cleared(region, references)),
      pairs: withFault(async () => rows.pairs()),
    },
    runs: {
      run: withFault(async (id) => runs.run(id)),
      openRuns: withFault(async (kind, owners, until) => runs.openRuns(kind, owners, until)),
      oldestDispute: withFault(async (owner, chain) => runs.oldestDispute(owner, chain)),
      order: withFault(async (id) => runs.order(id)),
    },
    due,
    applications: applicationsOf(world, dossiers),
    statements: statementsOf(config.regions, rows, elsewhere),
  })
}

/** An operator is to look at a window that could not be closed so often: a region is not heard. */
const alarmAfter = 6

/** So many pages one statement may have: a region that never comes to an end is not heard either. */
const mostPages = 10_000

/** A region whose books are kept elsewhere is asked over the line, page by page. */
export const statementsOver = (lines: Lines): Statements => ({
  async statementOf({ of, side, by, from, until }) {
    const line = lines.from(by)
    const rows: StatementRow[] = []
    let after: string | undefined
    for (let page = 0; page < mostPages; page++) {
      const asked = { from, until, after, limit: mostRows, ...(side === 'care' && { side }) }
      const reply = await line.ask(of, { kind: 'statement', ...asked }).catch((error: unknown) => {
        throw new Fault('unavailable', `${regionOwner(of)} is not heard`, error)
      })
      if (reply.kind !== 'statement') break
      rows.push(...reply.rows)
      if (reply.next === undefined) return rows
      after = reply.next
    }
    throw new Fault('unavailable', `${regionOwner(of)} gives no statement`)
  },
})

/** A region that is kept here as well answers from the other side of the same rows. */
export const statementsOf = (
  served: readonly string[],
  rows: Pick<ClearingRows, 'statement'>,
  elsewhere: Statements,
): Statements => ({
  statementOf: async (asked) => {
    const { of: region, side, by: partner, ...days } = asked
    return served.includes(region)
      ? rows.statement({ region, side, partner }, days)
      : elsewhere.statementOf(asked)
  },
})

const applicationsOf = (
  { rules, settings }: Pick<World, 'rules' | 'settings'>,
  dossiers: ReturnType<typeof createDossiers>,
): Applications => ({
  find: withFault(async ({ code, division }: Institution, event: string) => {
    const { owner, prefix } = clearingsOf(code)
    const [found] = [...(await dossiers.list(owner, prefix))].filter(([, all]) =>
      holdsEvent(all, event),
    )
    if (!found) return undefined
    const [name, all] = found
    const subject: Subject = { owner, name }
    const { clrType, month } = subjectOfClearing(subject)
    const region = rules.rulebooks.directory([]).regionOf(division)?.division ?? division
    const applied = all.find(({ body }) => (body as { event?: string }).event === event)
    if (!applied) return undefined
    return {
      subject,
      month,
      until: (applied.body as unknown as { readonly until: Day }).until,
      category: categoryOf(clrType),
      part: clrType,
      cares: caresOf(settings.of(region), clrType) ?? [],
      decide: (given, as) => decideApplication(given, subject, event, as),
    }
  }),
})
