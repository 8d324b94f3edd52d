import type { App } from './app.ts'
import { serveClearingInstitutions } from './clearingInstitutions.ts'
import { serveClearingMoney } from './clearingMoney.ts'
import type { ClearingDesk } from './clearingNeeds.ts'
import { serveClearingWindows } from './clearingWindows.ts'
import type { Desk } from './needs.ts'

/** Clearing (清算) between regions and with institutions, as agencies do it. */
export function serveClearing(app: App, desk: Desk, clearing: ClearingDesk): void {
  serveClearingWindows(app, desk, clearing)
  serveClearingMoney(app, desk, clearing)
  serveClearingInstitutions(app, desk, clearing)
}
