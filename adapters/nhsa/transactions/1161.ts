import type { Credential } from '../../../engine/claim.ts'
import { personNodes } from '../baseinfo.ts'
import { cardNode, tellCard } from '../cardecinfo.ts'
import { may, must, one } from '../field.ts'
import { text } from '../kinds.ts'
import { authenticate, findPresented } from '../presented.ts'
import { transaction } from '../transaction.ts'

/** Reads a card and tells its holder (读卡取人员信息): what the reader took from the chip opens an authentication. */
export const readCard = transaction({
  infno: '1161',
  name: { zh: '读卡取人员信息', en: 'read a card and tell its holder' },
  input: {
    data: one({
      cardno: must(text(50), '社会保障卡卡号'),
      card_sn: must(text(32), '卡识别码'),
      certno: may(text(50), '证件号码'),
      psn_name: may(text(50), '人员姓名'),
    }),
  },
  output: { ...personNodes, cardecinfo: cardNode },
  writes: true,
  async handle({ data }, call) {
    const credential: Credential = {
      type: 'card',
      number: data.cardno.trim().toUpperCase(),
      cardSn: data.card_sn.trim().toUpperCase(),
    }
    const found = await findPresented(credential, data, call)
    if ('refused' in found) return found
    const told = await authenticate(credential, found, call, call.today)
    if ('refused' in told) return told
    return { output: { ...told, cardecinfo: tellCard(told, credential) } }
  },
})
