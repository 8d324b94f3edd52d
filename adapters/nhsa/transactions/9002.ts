import { keptOf } from '../../../engine/dossier.ts'
import type { Entered } from '../../../engine/ports.ts'
import { type Refusal, refuse } from '../../../engine/refusal.ts'
import { must, one } from '../field.ts'
import { day, text } from '../kinds.ts'
import { dayOf } from '../moment.ts'
import { isOpen, sessionSubject } from '../sessions.ts'
import { tell } from '../tell.ts'
import { transaction } from '../transaction.ts'

/** What is kept with the answer: the day, and who had signed in. */
interface SignedOut {
  readonly on: ReturnType<typeof dayOf>
  readonly operator: string
}

/** Signs out (签退): from now on the sign_no is good for nothing. */
export const signOut = transaction({
  infno: '9002',
  name: { zh: '签退', en: 'sign out' },
  input: {
    signOut: one({
      sign_no: must(text(30), '签到编号'),
      opter_no: must(text(20), '操作员编号'),
    }),
  },
  output: { signoutoutb: one({ sign_time: must(day, '签退时间') }) },
  writes: true,
  async handle({ signOut: given }, { world, submit, key, institution, now }) {
    const subject = sessionSubject(institution.code, given.sign_no)
    const outcome = await submit({
      kind: 'enter',
      key,
      institution: institution.code,
      owner: subject.owner,
      subjects: [subject],
      enter({ dossiers }): Entered | Refusal {
        const kept = keptOf(dossiers, subject)
        const [signedIn] = kept
        if (!signedIn || !isOpen(kept)) return refuse('entry-unknown', { entry: given.sign_no })
        const { operator } = signedIn.body as { readonly operator: string }
        return {
          entries: [{ subject, kind: 'signed-out', body: { operator: given.opter_no } }],
          result: { on: dayOf(now), operator },
        }
      },
    })
    return tell(outcome, 'entered', world, ({ result }) => {
      const { on, operator } = result as unknown as SignedOut
      return {
        output: { signoutoutb: { sign_time: on } },
        warnings:
          operator === given.opter_no
            ? []
            : [`签退操作员${given.opter_no}与签到操作员${operator}不一致，请核对`],
      }
    })
  },
})
