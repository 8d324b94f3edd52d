import type { Credential } from '../../../engine/claim.ts'
import { personNodes, tellPerson } from '../baseinfo.ts'
import { cardNode, tellCard } from '../cardecinfo.ts'
import { must, one } from '../field.ts'
import { text } from '../kinds.ts'
import { findPresented } from '../presented.ts'
import { transaction } from '../transaction.ts'

/**
 * Tells whose e-credential was scanned (电子凭证解码). Until tokens are issued the code is the number that the sandbox gives an
 * e-card, and the token that is told is the same.
 */
export const readToken = transaction({
  infno: '1162',
  name: { zh: '电子凭证解码', en: 'tell whose e-credential was scanned' },
  input: { data: one({ ecToken: must(text(100), '电子凭证二维码或令牌') }) },
  output: { ...personNodes, cardecinfo: cardNode },
  writes: false,
  async handle({ data }, call) {
    const credential: Credential = { type: 'e-card', number: data.ecToken.trim() }
    const found = await findPresented(credential, {}, call)
    if ('refused' in found) return found
    const told = tellPerson(found, call.settings, call.today)
    return { output: { ...told, cardecinfo: tellCard(told, credential) } }
  },
})
