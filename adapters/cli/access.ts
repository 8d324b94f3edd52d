import type { AccessDesk } from '../http/accessNeeds.ts'
import { createAccessLog } from '../postgres/accessLog.ts'
import type { World } from './serve.ts'
import { withFault } from './withFault.ts'

/** The access log, as the REST interface writes and asks for it. */
export function accessOf({ pool, clock }: World): AccessDesk {
  const log = createAccessLog({ pool, now: () => clock.now() })
  return {
    record: (accesses) => log.record(accesses),
    list: withFault((filter: Parameters<AccessDesk['list']>[0]) =>
      log.list(filter),
    ) as AccessDesk['list'],
  }
}
