import { keptOf } from '../../../engine/dossier.ts'
import { refuse } from '../../../engine/refusal.ts'
import {
  applicationIn,
  clearingsOf,
  holdsEvent,
  refuseAccepted,
  withdrawnEntry,
} from '../clearing.ts'
import { may, must, one } from '../field.ts'
import { text } from '../kinds.ts'
import { tell } from '../tell.ts'
import { transaction } from '../transaction.ts'

/** Withdraws an application for clearing (清算申请撤销) that is not accepted yet; the month may be applied for again. */
export const withdrawClearing = transaction({
  infno: '3204',
  name: { zh: '清算申请撤销', en: 'withdraw a clearing application' },
  input: {
    data: one({
      clr_appy_evt_id: must(text(30), '机构清算申请事件ID'),
      clr_optins: may(text(6), '清算经办机构'),
    }),
  },
  output: { result: one({ clr_appy_evt_id: must(text(30), '机构清算申请事件ID') }) },
  writes: true,
  async handle({ data: { clr_appy_evt_id: event } }, { world, submit, key, institution }) {
    const { owner, prefix } = clearingsOf(institution.code)
    const clearings = await world.dossiers.list(owner, prefix)
    const name = [...clearings].find(([, kept]) => holdsEvent(kept, event))?.[0]
    // An unknown event is refused by the ask itself, so that its answer is kept.
    const subject = { owner, name: name ?? `${prefix}?` }
    const outcome = await submit({
      kind: 'enter',
      key,
      institution: institution.code,
      owner,
      subjects: [subject],
      enter({ dossiers }) {
        const application = applicationIn(keptOf(dossiers, subject))
        if (application?.event !== event) return refuse('entry-unknown', { entry: event })
        if (application.run !== undefined) return refuseAccepted(application)
        return { entries: [withdrawnEntry(subject, event)] }
      },
    })
    return tell(outcome, 'entered', world, () => ({
      output: { result: { clr_appy_evt_id: event } },
    }))
  },
})
