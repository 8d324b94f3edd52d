import { filingSubject } from '../../engine/filing.ts'
import { drawBytes } from '../crypto/drawnBytes.ts'
import { sm3 } from '../crypto/sm3.ts'
import type { FilingDesk } from '../http/filingNeeds.ts'
import { createDossiers } from '../postgres/dossiers.ts'
import { createIds } from '../postgres/ids.ts'
import type { World } from './serve.ts'
import { withFault } from './withFault.ts'

/** Filings of care away from home, joined from the rules in force and the dossiers. */
export function filingDeskOf({ pool, crypto, rules, config, clock }: World): FilingDesk {
  const dossiers = createDossiers({ pool, crypto })
  const ids = createIds({ sm3, drawBytes })
  const { rulebooks } = rules
  return {
    places: { regions: rulebooks.directory(config.regions), books: rulebooks },
    newNumber: (person) => ids.next(person, clock.now()),
    kept: withFault(async (person) => dossiers.list(person, filingSubject(person, '').name)),
  }
}
