import type { Subject } from '../../../engine/dossier.ts'
import { must, one } from '../field.ts'
import { day, text } from '../kinds.ts'
import { dayOf } from '../moment.ts'
import { sessionSubject } from '../sessions.ts'
import { tell } from '../tell.ts'
import { transaction } from '../transaction.ts'

/** Signs an institution's operator in (签到). Whoever must sign in gives the sign_no with everything that follows. */
export const signIn = transaction({
  infno: '9001',
  name: { zh: '签到', en: 'sign in' },
  input: {
    signIn: one({
      opter_no: must(text(20), '操作员编号'),
      mac: must(text(20), '签到MAC地址'),
      ip: must(text(20), '签到IP地址'),
    }),
  },
  output: {
    signinoutb: one({
      sign_time: must(day, '签到时间'),
      sign_no: must(text(30), '签到编号'),
    }),
  },
  writes: true,
  async handle({ signIn: given }, { world, submit, key, institution, now }) {
    const signNo = world.newId(`institution:${institution.code}`)
    const subject: Subject = sessionSubject(institution.code, signNo)
    const outcome = await submit({
      kind: 'enter',
      key,
      institution: institution.code,
      owner: subject.owner,
      subjects: [subject],
      enter: () => ({
        entries: [
          {
            subject,
            kind: 'signed-in',
            body: { operator: given.opter_no, mac: given.mac, ip: given.ip },
          },
        ],
        result: { signNo, on: dayOf(now) },
      }),
    })
    return tell(outcome, 'entered', world, ({ result }) => {
      const { signNo: signed, on } = result as { signNo: string; on: ReturnType<typeof dayOf> }
      return { output: { signinoutb: { sign_time: on, sign_no: signed } } }
    })
  },
})
