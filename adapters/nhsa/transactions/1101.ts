import type { Credential } from '../../../engine/claim.ts'
import { personNodes, tellPerson } from '../baseinfo.ts'
import { proofFields, readingOf, refuseProofFields } from '../cardProof.ts'
import { findByHandle } from '../eCredential.ts'
import { may, one } from '../field.ts'
import { code, moment, text } from '../kinds.ts'
import { dayOf } from '../moment.ts'
import { authenticate, findPresented } from '../presented.ts'
import { transaction } from '../transaction.ts'
import { credentialOf } from '../translate.ts'

/**
 * Who somebody is and how they are insured (人员基本信息获取), on a day in the past where one is given. By card it also opens
 * an authentication. An e-credential is taken by the handle that 1162 answered its token with, or by the number that the
 * sandbox gives an e-card.
 */
export const personInfo = transaction({
  infno: '1101',
  name: { zh: '人员基本信息获取', en: 'who somebody is and how they are insured' },
  input: {
    data: one({
      mdtrt_cert_type: may(code('mdtrt_cert_type', 3), '就诊凭证类型'),
      mdtrt_cert_no: may(text(50), '就诊凭证编号'),
      card_sn: may(text(32), '卡识别码'),
      begntime: may(moment, '开始时间'),
      psn_cert_type: may(code('psn_cert_type', 6), '人员证件类型'),
      certno: may(text(50), '证件号码'),
      psn_name: may(text(50), '人员姓名'),
      ...proofFields,
    }),
  },
  output: personNodes,
  writes: true,
  async handle({ data }, call) {
    const credential = presentedBy(data)
    if (!credential) return { refused: 'data.mdtrt_cert_no（就诊凭证编号）不能为空' }
    if (credential.type === 'card' && !credential.cardSn)
      return { refused: 'data.card_sn（卡识别码）在就诊凭证类型为03时不能为空' }
    const byHandle =
      credential.type === 'e-card' ? await findByHandle(credential.number, call) : undefined
    if (byHandle && 'refused' in byHandle) return byHandle
    const found = await findPresented(credential, data, call, byHandle)
    if ('refused' in found) return found
    const on = data.begntime === undefined ? call.today : dayOf(data.begntime)
    if (credential.type !== 'card') return { output: tellPerson(found, call.settings, on) }
    const looked = refuseProofFields(data) ?? (await readingOf(credential, data, call))
    if ('refused' in looked) return looked
    const done = await authenticate(found, { reading: looked.reading, on }, call)
    return 'refused' in done ? done : { output: done.told, warnings: done.warnings }
  },
})

/** By credential, or by the number of an identity document alone. */
function presentedBy(data: {
  readonly mdtrt_cert_type?: string | undefined
  readonly mdtrt_cert_no?: string | undefined
  readonly card_sn?: string | undefined
  readonly certno?: string | undefined
}): Credential | undefined {
  const { mdtrt_cert_type = '02', mdtrt_cert_no, card_sn, certno } = data
  const byNumber = mdtrt_cert_type.startsWith('02')
  return credentialOf({
    mdtrt_cert_type,
    mdtrt_cert_no: byNumber ? (mdtrt_cert_no ?? certno) : mdtrt_cert_no,
    card_sn,
  })
}
