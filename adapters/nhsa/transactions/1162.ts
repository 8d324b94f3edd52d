import type { Credential } from '../../../engine/claim.ts'
import { refuse } from '../../../engine/refusal.ts'
import { personNodes, tellPerson } from '../baseinfo.ts'
import { cardNode, tellCard } from '../cardecinfo.ts'
import { scan } from '../eCredential.ts'
import { must, one } from '../field.ts'
import { text } from '../kinds.ts'
import { findPresented } from '../presented.ts'
import { transaction } from '../transaction.ts'

/**
 * Tells whose e-credential was scanned (电子凭证解码). A token is used up by it: the ecToken that is told is a handle, which this
 * institution presents in its stead (mdtrt_cert_type 01) for some minutes, and of a visit until it is settled. The number
 * that the sandbox gives an e-card is taken as well, for what it is: it proves nothing.
 */
export const readToken = transaction({
  infno: '1162',
  name: { zh: '电子凭证解码', en: 'tell whose e-credential was scanned' },
  input: { data: one({ ecToken: must(text(400), '电子凭证二维码或令牌') }) },
  output: { ...personNodes, cardecinfo: cardNode },
  writes: true,
  async handle({ data }, call) {
    const { world, settings, today } = call
    const credential: Credential = { type: 'e-card', number: data.ecToken.trim() }
    if (world.evidence?.tokens.looksLike(credential.number)) {
      const token = world.evidence.tokens.read(credential.number)
      if (!token) return { refused: world.explain(refuse('token-invalid')) }
      const scanned = await scan(token, call)
      if ('refused' in scanned) return scanned
      const { told, handle } = scanned
      return { output: { ...told, cardecinfo: tellCard(told, { type: 'e-card', number: handle }) } }
    }
    const found = await findPresented(credential, {}, call)
    if ('refused' in found) return found
    const told = tellPerson(found, settings, today)
    return { output: { ...told, cardecinfo: tellCard(told, credential) } }
  },
})
