import type { Json } from '../../../engine/dossier.ts'
import { authenticated, credentialSubjects } from '../../../engine/evidence.ts'
import type { Entered, Found } from '../../../engine/ports.ts'
import { isRefusal, type Refusal } from '../../../engine/refusal.ts'
import { partiesOf } from '../../../engine/registering.ts'
import type { Warning } from '../../../engine/settlement.ts'
import { admit, staysSubject } from '../../../engine/stays.ts'
import { type Registration, visitSubject } from '../../../engine/visit.ts'
import { many, must, one } from '../field.ts'
import { text } from '../kinds.ts'
import { dayOf } from '../moment.ts'
import { visitSinceThen } from '../sinceThen.ts'
import { aboutStay, refuseStay, stayDetails } from '../stayAbout.ts'
import { admissionTable, stayDiagnosisTable } from '../stayTables.ts'
import { tell } from '../tell.ts'
import { transaction } from '../transaction.ts'
import { credentialOf } from '../translate.ts'

/** What is kept with the answer: the visit, and what the desk is told beside it. */
interface Admitted {
  readonly visit: string
  readonly elsewhere: boolean
  readonly warnings: readonly Warning[]
}

const elsewhereToo = '该人员在其他定点医药机构另有未办理出院、或日期与本次重叠的住院登记，请核实'

/** Admits somebody to hospital (入院办理). Nobody lies in one hospital twice; 2404 or 2601 takes an admission back. */
export const admission = transaction({
  infno: '2401',
  name: { zh: '入院办理', en: 'admit to hospital' },
  input: { mdtrtinfo: one(admissionTable), diseinfo: many(stayDiagnosisTable) },
  output: { result: one({ mdtrt_id: must(text(30), '就诊ID') }) },
  writes: true,
  async handle({ mdtrtinfo: told, diseinfo }, call) {
    const { envelope, institution, key, settings, submit, world } = call
    const wrong = refuseStay(told, diseinfo, settings)
    if (wrong) return wrong
    const presented = credentialOf(told)
    if (!presented) return { refused: 'mdtrtinfo.mdtrt_cert_no（就诊凭证编号）不能为空' }
    const { psn_no: person, begntime: began } = told
    const subject = visitSubject(person, world.newId(person))
    const visit = subject.name.slice('visit '.length)
    const at = { person, institution: institution.code, terminal: envelope.device }
    const details = stayDetails(admissionTable, told, diseinfo)

    function enter(found: Found): Entered | Refusal {
      const registration: Registration = {
        kind: 'inpatient',
        institution: institution.code,
        began,
        day: dayOf(began),
        credential: authenticated(presented as NonNullable<typeof presented>, found, at),
        about: aboutStay(details, settings, found.facts.person),
        // The number of what was presented stands in the credential alone; later messages call ipt_no ipt_otp_no.
        details: {
          ...details,
          mdtrt_cert_no: undefined,
          card_sn: undefined,
          ipt_otp_no: told.ipt_no,
        },
      }
      const parties = partiesOf(registration, found, world.deciding())
      if (isRefusal(parties)) return parties
      const admitted = admit(found, subject, registration, settings.stayElsewhere)
      if (isRefusal(admitted)) return admitted
      const { entries, elsewhere } = admitted
      const kept: Admitted = { visit, elsewhere, warnings: parties.warnings }
      return { entries, result: kept as unknown as Json }
    }

    const outcome = await submit({
      kind: 'enter',
      key,
      institution: institution.code,
      owner: person,
      subjects: [subject, staysSubject(person), ...credentialSubjects(person)],
      enter,
    })
    return tell(outcome, 'entered', world, async (done) => {
      const { result } = done
      const { visit: mdtrt_id, elsewhere, warnings } = result as unknown as Admitted
      const told = warnings.map((warning) => world.warn(warning))
      const since = await visitSinceThen(done, person, call)
      return {
        output: { result: { mdtrt_id } },
        warnings: [...since, ...(elsewhere ? [elsewhereToo] : []), ...told],
      }
    })
  },
})
