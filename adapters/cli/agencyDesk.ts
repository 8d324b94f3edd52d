import type { Payouts } from '../bank/payouts.ts'
import { drawBytes } from '../crypto/drawnBytes.ts'
import { sm3 } from '../crypto/sm3.ts'
import type { AgencyDesk } from '../http/agencyNeeds.ts'
import { createCases } from '../postgres/cases.ts'
import { createIds } from '../postgres/ids.ts'
import { dayInChina } from '../sandbox/clock.ts'
import type { World } from './serve.ts'
import { withFault } from './withFault.ts'

/** The agency's desk, joined from the rules, the books and the bank. */
export function agencyDeskOf(world: World, payouts: Payouts | undefined): AgencyDesk {
  const { pool, crypto, clock, rules, config } = world
  const cases = createCases({ pool, crypto })
  const ids = createIds({ sm3, drawBytes })
  const regions = rules.rulebooks.directory(config.regions)
  return {
    world: () => ({
      rulebooks: rules.rulebooks,
      regions,
      packHash: rules.hashes.whole,
      now: clock.now(),
      today: clock.today(),
    }),
    newId: (owner) => ids.next(owner, clock.now()),
    dayOf: dayInChina,
    find: withFault((kind, id) => cases.find(kind, id)),
    list: withFault((filter) => cases.list(filter)),
    sameTotals: withFault((asked) => cases.sameTotals(asked)),
    institution: withFault((code) => cases.institution(code)),
    pay: payouts && (async (subject) => payouts.pay(subject)),
  }
}
