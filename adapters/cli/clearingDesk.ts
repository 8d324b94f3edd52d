import { advanceIn, advanceSubject } from '../../engine/advance.ts'
import { regionOwner } from '../../engine/clearing.ts'
import { clearingPolicyOf } from '../../engine/clearingPolicy.ts'
import { type NumberedOrder } from '../../engine/clearingRun.ts'
import type { Kept } from '../../engine/dossier.ts'
import { orderState, orderSubject } from '../../engine/orderPayment.ts'
import { levelOf, prepaidIn, prepaidPrefix, type PrepaidSide } from '../../engine/prepaid.ts'
import { progressOf, runSubject } from '../../engine/runStages.ts'
import type { Clearing } from '../clearing/clearing.ts'
import type { ClearingDesk, FoundApplication, FoundOrder } from '../http/clearingNeeds.ts'
import {
  type Application,
  type ApplicationState,
  categoryOf,
  clearingKinds,
  clearingsOf,
  subjectOfClearing,
} from '../nhsa/clearing.ts'
import { createClearingRows } from '../postgres/clearingRows.ts'
import { createClearings } from '../postgres/clearings.ts'
import { createDossiers, type DossierQueries } from '../postgres/dossiers.ts'
import type { World } from './serve.ts'
import { withFault } from './withFault.ts'

/** Clearing as the REST interface asks for it. */
export function clearingDeskOf(world: World, clearing: Clearing): ClearingDesk {
  const { pool, crypto, rules, settings, config } = world
  const dossiers = createDossiers({ pool, crypto })
  const queries = createClearings(pool)
  const rows = createClearingRows(pool, clearingKinds(settings))
  return {
    ...clearing,
    compare: withFault(async (pair, window) => clearing.compare(pair, window)),
    run: withFault(async (id) => findRun(id, queries, dossiers)),
    runs: withFault(async (asked) => queries.runs(asked)),
    rows: withFault(async (run, asked) => queries.rows(run, asked)),
    disputes: withFault(async (run, asked) => queries.disputes(run, asked)),
    statement: withFault(async (pair, days) => rows.statement(pair, days)),
    orders: withFault(async (asked) => {
      const { items, ...more } = await queries.orders(asked)
      const found = items.map(async (order) => findOrder(order, config.regions, dossiers))
      return { ...more, items: await Promise.all(found) }
    }),
    prepaid: withFault(async (region) => {
      const policy = clearingPolicyOf(rules.rulebooks, region)
      const funds = await dossiers.list(regionOwner(region), prepaidPrefix)
      return [...funds].map(([name, kept]) => {
        const [side, partner = ''] = name.slice(prepaidPrefix.length).split(' ')
        const { waiting, ...fund } = prepaidIn(kept)
        return {
          region,
          side: side as PrepaidSide['side'],
          partner,
          ...fund,
          level: levelOf(fund, policy),
          ...(waiting && { waiting: waiting.amount }),
        }
      })
    }),
    advance: withFault(async (institution) => {
      const { balance, waiting } = advanceIn(await dossiers.read(advanceSubject(institution)))
      return { balance, ...(waiting && { waiting: waiting.amount }) }
    }),
    applications: withFault(async (institution) => {
      const { owner, prefix } = clearingsOf(institution)
      const kept = await dossiers.list(owner, prefix)
      return [...kept]
        .flatMap(([name, entries]) => applicationsIn({ owner, name }, entries))
        .toSorted((a, b) => (a.application < b.application ? -1 : 1))
    }),
    reports: withFault(async (region, days) => queries.reports(region, days)),
  }
}

async function findRun(
  id: string,
  queries: ReturnType<typeof createClearings>,
  dossiers: DossierQueries,
): ReturnType<ClearingDesk['run']> {
  const run = await queries.run(id)
  if (!run) return undefined
  const totals = await queries.totals(run)
  const { institution } = run
  const kept = institution === undefined ? [] : await dossiers.read(runSubject({ id, institution }))
  return { run, totals, progress: progressOf(kept) }
}

/** Only what is kept here is known of either side. */
async function findOrder(
  order: NumberedOrder,
  served: readonly string[],
  dossiers: DossierQueries,
): Promise<FoundOrder> {
  const stateOf = async (side: 'debtor' | 'creditor') =>
    served.includes(order[side])
      ? orderState(await dossiers.read(orderSubject(order, side)))
      : undefined
  const [payment, receipt] = await Promise.all([stateOf('debtor'), stateOf('creditor')])
  return { ...order, payment, receipt }
}

/** Every application of a category and month, with the last that became of it. */
function applicationsIn(
  subject: { readonly owner: string; readonly name: string },
  kept: readonly Kept[],
): FoundApplication[] {
  const { clrType, month } = subjectOfClearing(subject)
  return kept
    .filter(({ kind }) => kind === 'applied')
    .map((applied) => {
      const { event, from, until } = applied.body as unknown as Application
      const ofEvent = kept.filter(({ body }) => (body as { event?: string }).event === event)
      const last = ofEvent.at(-1) ?? applied
      const { run, reason } = last.body as { readonly run?: string; readonly reason?: string }
      return {
        application: event,
        category: categoryOf(clrType),
        month,
        from,
        until,
        state: last.kind as ApplicationState,
        run,
        reason,
        at: last.at,
      }
    })
}
