import type { EnterAsk } from '../../engine/ports.ts'
import type { Json } from '../../engine/dossier.ts'
import { type StayAsked, staysSubject } from '../../engine/stays.ts'
import { visitSubject } from '../../engine/visit.ts'
import { tell } from './tell.ts'
import type { Call, Refused } from './transaction.ts'

/** What is done to a stay: a pure function of what is kept of it and of the person's other stays. */
type Act = (
  found: Parameters<EnterAsk['enter']>[0],
  asked: StayAsked,
) => ReturnType<EnterAsk['enter']>

/** Asks for something to be done to a stay, in the name of its person, and gives what was kept with the answer. */
export async function actOnStay(
  { key, institution, submit, world }: Call,
  { psn_no, mdtrt_id }: { readonly psn_no: string; readonly mdtrt_id: string },
  act: Act,
): Promise<{ readonly kept: Json | undefined } | Refused> {
  const subject = visitSubject(psn_no, mdtrt_id)
  const outcome = await submit({
    kind: 'enter',
    key,
    institution: institution.code,
    owner: psn_no,
    subjects: [subject, staysSubject(psn_no)],
    enter: (found) => act(found, { subject, institution: institution.code }),
  })
  return tell(outcome, 'entered', world, ({ result }) => ({ kept: result }))
}

/** An act that answers nothing but that it was done. */
export const doneOnStay = async (...asked: Parameters<typeof actOnStay>) => {
  const done = await actOnStay(...asked)
  return 'refused' in done ? done : { output: {} }
}
