import { authenticated, credentialSubjects } from '../../../engine/evidence.ts'
import type { Json } from '../../../engine/dossier.ts'
import type { Entered, Found } from '../../../engine/ports.ts'
import { type Refusal, isRefusal } from '../../../engine/refusal.ts'
import { partiesOf } from '../../../engine/registering.ts'
import { type Registration, visitSubject } from '../../../engine/visit.ts'
import { register } from '../../../engine/visiting.ts'
import { schemeAsked, schemeNotServed } from '../about.ts'
import { may, must, one, type ReadBy } from '../field.ts'
import { code, moment, text } from '../kinds.ts'
import { dayOf } from '../moment.ts'
import { visitSinceThen } from '../sinceThen.ts'
import { tell } from '../tell.ts'
import { type Call, transaction } from '../transaction.ts'
import { credentialOf } from '../translate.ts'

const data = one({
  psn_no: must(text(30), '人员编号'),
  insutype: must(code('insutype', 6), '险种类型'),
  begntime: must(moment, '开始时间'),
  mdtrt_cert_type: must(code('mdtrt_cert_type', 3), '就诊凭证类型'),
  mdtrt_cert_no: must(text(50), '就诊凭证编号'),
  card_sn: may(text(32), '卡识别码'),
  ipt_otp_no: must(text(30), '住院/门诊号'),
  atddr_no: must(text(30), '医师编码'),
  dr_name: must(text(50), '医师姓名'),
  dept_code: must(text(30), '科室编码'),
  dept_name: must(text(100), '科室名称'),
  caty: must(text(6), '科别'),
})

type Data = ReadBy<typeof data.table>

interface Kept {
  readonly mdtrt_id: string
  readonly warnings: readonly string[]
}

/** Registers an outpatient visit (门诊挂号): whoever may not be settled for is turned away here already. */
export const registerOutpatient = transaction({
  infno: '2201',
  name: { zh: '门诊挂号', en: 'register an outpatient visit' },
  input: { data },
  output: {
    data: one({
      mdtrt_id: must(text(30), '就诊ID'),
      psn_no: must(text(30), '人员编号'),
      ipt_otp_no: must(text(30), '住院/门诊号'),
    }),
  },
  writes: true,
  async handle({ data: asked }, call) {
    const { key, institution, settings, submit, world } = call
    const { psn_no, ipt_otp_no, insutype } = asked
    if (schemeAsked(settings, insutype, undefined, undefined) === undefined)
      return { refused: schemeNotServed(insutype) }
    const id = world.newId(psn_no)
    const outcome = await submit({
      kind: 'enter',
      key,
      institution: institution.code,
      owner: psn_no,
      subjects: [visitSubject(psn_no, id), ...credentialSubjects(psn_no)],
      enter: (found) => enterVisit(found, asked, id, call),
    })
    return tell(outcome, 'entered', world, async (done) => {
      const { mdtrt_id, warnings } = done.result as unknown as Kept
      const since = await visitSinceThen(done, psn_no, call)
      return {
        output: { data: { mdtrt_id, psn_no, ipt_otp_no } },
        warnings: [...since, ...warnings],
      }
    })
  },
})

function enterVisit(found: Found, asked: Data, id: string, call: Call): Entered | Refusal {
  const { world } = call
  const registration = registrationOf(found, asked, call)
  const parties = partiesOf(registration, found, world.deciding())
  if (isRefusal(parties)) return parties
  const warnings = parties.warnings.map((warning) => world.warn(warning))
  const kept: Kept = { mdtrt_id: id, warnings }
  return {
    entries: [register(visitSubject(asked.psn_no, id), registration)],
    result: kept as unknown as Json,
  }
}

function registrationOf(found: Found, asked: Data, call: Call): Registration {
  const { institution, envelope, settings } = call
  const { begntime, insutype, psn_no, mdtrt_cert_type, mdtrt_cert_no, card_sn, ...told } = asked
  const presented = credentialOf({ mdtrt_cert_type, mdtrt_cert_no, card_sn })
  const credential = presented ?? ({ type: 'citizen-number', number: mdtrt_cert_no } as const)
  return {
    kind: 'outpatient',
    institution: institution.code,
    began: begntime,
    day: dayOf(begntime),
    credential: authenticated(credential, found, {
      person: psn_no,
      institution: institution.code,
      terminal: envelope.device,
    }),
    about: { scheme: schemeAsked(settings, insutype, undefined, found.facts.person) },
    details: { ...told, insutype, mdtrt_cert_type, opter: envelope.operator },
  }
}
