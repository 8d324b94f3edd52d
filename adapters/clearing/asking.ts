import type { Subject } from '../../engine/dossier.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { EnterAsk, Entered, Found, Key } from '../../engine/ports.ts'
import type { Refusal, RefusalCode } from '../../engine/refusal.ts'
import { refuse } from '../../engine/refusal.ts'

/** An ask of an agency about its region's books, or an institution's. */
export const askOf = (
  key: Key,
  owner: string,
  subjects: readonly Subject[],
  enter: (found: Found) => Entered | Refusal,
): EnterAsk => ({ kind: 'enter', key, institution: key.institution, owner, subjects, enter })

export const refused = (code: RefusalCode, facts: Parameters<typeof refuse>[1] = {}): Outcome => ({
  kind: 'refused',
  refusal: refuse(code, facts),
  replayed: false,
})

/** Keys of others are plain ASCII, so that none of them is ever one of these. */
export const ownKey = '清算'

const mostTries = 4

/** Reads and asks again where another run was closed between the two: nothing was stored of the attempt. */
export async function untilNotOvertaken(attempt: () => Promise<Outcome>): Promise<Outcome> {
  for (let tried = 1; ; tried++) {
    const outcome = await attempt()
    const overtaken = outcome.kind === 'refused' && outcome.refusal.code === 'window-overtaken'
    if (!overtaken || tried === mostTries) return outcome
  }
}
