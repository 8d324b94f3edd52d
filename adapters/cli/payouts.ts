import { alarmAfter } from '../../engine/collection.ts'
import { casePrefix } from '../../engine/deskCase.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Ask } from '../../engine/ports.ts'
import { boundedPaying, type PayingBank } from '../bank/bank.ts'
import { createPayouts, type Payouts } from '../bank/payouts.ts'
import { sm3Hex } from '../crypto/sm3.ts'
import { createDossiers } from '../postgres/dossiers.ts'
import { createDue } from '../postgres/due.ts'
import { createRegister } from '../postgres/register.ts'
import { dayInChina } from '../sandbox/clock.ts'
import type { World } from './serve.ts'
import { withFault } from './withFault.ts'

/** Payments of cases to bank accounts, by the bank that is connected. */
export function openPayouts(
  world: World,
  submit: (ask: Ask) => Promise<Outcome>,
  bank: PayingBank,
): Payouts {
  const { pool, crypto, clock, log, metrics } = world
  const now = () => clock.now()
  const dossiers = createDossiers({ pool, crypto })
  const register = createRegister({ pool, crypto, now })
  const due = createDue(pool, casePrefix)
  metrics.watch('payouts_stuck', () => due.stuck(alarmAfter))
  return createPayouts(
    {
      submit,
      kept: withFault(async (subject) => dossiers.read(subject)),
      bankAccount: withFault(async (person) => (await register.findPerson(person))?.bankAccount),
      due,
      fingerprint: sm3Hex,
      dayOf: dayInChina,
      now,
      alarm: (id, attempts) =>
        log.error({ case: id, attempts }, 'the bank does not say what became of a payment'),
    },
    boundedPaying(bank),
  )
}
