import type { FindDesk, Hit } from '../http/findNeeds.ts'
import { maskCardNumber, maskCitizenNumber, maskName } from '../log.ts'
import { listInstitutions } from '../postgres/directory.ts'
import { historyOf } from '../postgres/history.ts'
import { indexNames } from '../postgres/nameIndex.ts'
import { createRecent } from '../postgres/recent.ts'
import { listRefusals } from '../postgres/refusals.ts'
import { createSearch, type Hit as Found } from '../postgres/search.ts'
import type { World } from './serve.ts'
import { withFault } from './withFault.ts'

/** What auditors and desks look for, joined from the register and the books. */
export function findDeskOf({ pool, crypto }: Pick<World, 'pool' | 'crypto'>): FindDesk {
  const search = createSearch({ pool, crypto })
  const recent = createRecent(pool)
  return {
    search: withFault(async (asked) => {
      const page = await search.find(asked)
      return { ...page, items: page.items.map(masked) }
    }),
    refusals: withFault((filter) => listRefusals({ pool, crypto }, filter)),
    history: withFault((id) => historyOf({ pool, crypto }, id)),
    institutions: withFault((asked) => listInstitutions(pool, asked)),
    minutes: withFault((now) => recent.minutes(now)),
    unjournaled: withFault(() => recent.unjournaled()),
  }
}

/** Names and numbers are masked here, so that nothing behind this line can show them. */
function masked(hit: Found): Hit {
  switch (hit.kind) {
    case 'settlement': {
      const { kind, summary, person } = hit
      return { kind, summary, maskedName: person && maskName(person.name) }
    }
    case 'person': {
      const { id, name, citizenNumber } = hit.person
      return {
        kind: hit.kind,
        id,
        maskedName: maskName(name),
        maskedCitizenNumber: maskCitizenNumber(citizenNumber),
      }
    }
    case 'card': {
      const { id, owner, number, life } = hit.card
      return { kind: hit.kind, id, owner, maskedNumber: maskCardNumber(number), life }
    }
    case 'institution': {
      const { code, name } = hit.institution
      return { kind: hit.kind, code, name }
    }
    case 'message':
      return hit
  }
}

/** Goes through whoever was recorded before masked names were looked for, beside everything else. */
export function startIndexingNames(
  { pool, crypto, log }: World,
  stack: AsyncDisposableStack,
): void {
  let stopping = false
  const round = indexNames({ pool, crypto }, () => stopping).then(
    (people) => people > 0 && log.info({ people }, 'people are found by their masked names now'),
    (error: unknown) =>
      log.warn(
        { err: error },
        'not everybody is found by their masked name; the next start goes on',
      ),
  )
  stack.defer(async () => {
    stopping = true
    await round
  })
}
