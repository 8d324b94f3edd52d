import { keptOf } from '../../../engine/dossier.ts'
import { refuse } from '../../../engine/refusal.ts'
import { must, one } from '../field.ts'
import { day, text } from '../kinds.ts'
import { dayOf } from '../moment.ts'
import { isOpen, sessionSubject } from '../sessions.ts'
import { tell } from '../tell.ts'
import { transaction } from '../transaction.ts'

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
      enter: ({ dossiers }) =>
        isOpen(keptOf(dossiers, subject))
          ? {
              entries: [{ subject, kind: 'signed-out', body: { operator: given.opter_no } }],
              result: { on: dayOf(now) },
            }
          : refuse('entry-unknown', { entry: given.sign_no }),
    })
    return tell(outcome, 'entered', world, ({ result }) => ({
      output: { signoutoutb: { sign_time: (result as { on: ReturnType<typeof dayOf> }).on } },
    }))
  },
})
