import { alarmAfter, collectionPrefix } from '../../engine/collection.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Ask } from '../../engine/ports.ts'
import { type Bank, bounded } from '../bank/bank.ts'
import { type Collections, createCollections } from '../bank/collections.ts'
import { drawBytes } from '../crypto/drawnBytes.ts'
import { sm3, sm3Hex } from '../crypto/sm3.ts'
import { createDossiers } from '../postgres/dossiers.ts'
import { createDue } from '../postgres/due.ts'
import { createIds } from '../postgres/ids.ts'
import { createQueries } from '../postgres/queries.ts'
import { createRegister } from '../postgres/register.ts'
import { dayInChina } from '../sandbox/clock.ts'
import { withFault } from './withFault.ts'
import type { World } from './serve.ts'

/** Collections of cash from bank accounts. */
export function openCollections(
  world: World,
  submit: (ask: Ask) => Promise<Outcome>,
  bank: Bank,
): Collections {
  const { pool, crypto, clock, log, metrics } = world
  const options = { pool, crypto }
  const queries = createQueries(options)
  const dossiers = createDossiers(options)
  const now = () => clock.now()
  const register = createRegister({ ...options, now })
  const ids = createIds({ sm3, drawBytes })
  const due = createDue(pool, collectionPrefix)
  metrics.watch('collections_stuck', () => due.stuck(alarmAfter))
  return createCollections(
    {
      submit,
      head: withFault(async (settlement) => (await queries.chain(settlement))?.at(-1)),
      kept: withFault(async (subject) => dossiers.read(subject)),
      bankAccount: withFault(async (person) => (await register.findPerson(person))?.bankAccount),
      due,
      fingerprint: sm3Hex,
      newReference: (owner) => ids.next(owner, now()),
      dayOf: dayInChina,
      now,
      alarm: (settlement, attempts) =>
        log.error({ settlement, attempts }, 'the bank does not say what became of a collection'),
    },
    bounded(bank),
  )
}
