import type { Metrics } from '../metrics.ts'
import type { App } from './app.ts'
import { serveHistory } from './history.ts'
import { serveInstitutions } from './institutions.ts'
import type { Desk } from './needs.ts'
import { serveRefusals } from './refusalList.ts'
import { serveSearch } from './search.ts'
import { serveToday } from './today.ts'

/** How auditors and desks find what they look for (检索). */
export function serveFinding(app: App, desk: Desk, metrics: Pick<Metrics, 'took'>): void {
  serveSearch(app, desk.find)
  serveRefusals(app, desk.find)
  serveInstitutions(app, desk.find)
  serveHistory(app, desk.find)
  serveToday(app, desk, metrics)
}
