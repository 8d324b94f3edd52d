import type { Credential } from '../../engine/claim.ts'
import type { PersonTold } from './baseinfo.ts'
import { may, must, one, type WrittenBy } from './field.ts'
import { code, text } from './kinds.ts'

/** The card or e-credential that was read (读卡信息), beside the person it belongs to. */
export const cardNode = one({
  psn_cert_type: must(code('psn_cert_type', 6), '人员证件类型'),
  certno: must(text(50), '证件号码'),
  psn_name: must(text(50), '人员姓名'),
  cardno: may(text(50), '社会保障卡卡号'),
  card_sn: may(text(32), '卡识别码'),
  ecToken: may(text(100), '电子凭证令牌'),
})

export const tellCard = (
  { baseinfo: { psn_cert_type, certno, psn_name } }: Pick<PersonTold, 'baseinfo'>,
  { type, number, cardSn }: Credential,
): WrittenBy<(typeof cardNode)['table']> => ({
  psn_cert_type,
  certno,
  psn_name,
  cardno: type === 'card' ? number : undefined,
  card_sn: cardSn,
  ecToken: type === 'e-card' ? number : undefined,
})
