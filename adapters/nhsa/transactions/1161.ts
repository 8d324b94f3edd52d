import type { Credential } from '../../../engine/claim.ts'
import { isRefusal } from '../../../engine/refusal.ts'
import { personNodes } from '../baseinfo.ts'
import { cardNode, tellCard } from '../cardecinfo.ts'
import { type AuthTold, authNode, proofFields, readingOf, refuseProofFields } from '../cardProof.ts'
import { may, must, one, type ReadBy } from '../field.ts'
import { text } from '../kinds.ts'
import { authenticate, findPresented } from '../presented.ts'
import { type Call, type Refused, transaction } from '../transaction.ts'

const data = one({
  cardno: must(text(50), '社会保障卡卡号'),
  card_sn: must(text(32), '卡识别码'),
  certno: may(text(50), '证件号码'),
  psn_name: may(text(50), '人员姓名'),
  ...proofFields,
  hsm_line: may(text(400), '两步认证第一步返回串（扩展）'),
})

/**
 * Reads a card and tells its holder (读卡取人员信息). A card that answered a challenge (chlg_id, inn_auth_val) opens an
 * authentication that counts everywhere; one that a trusted reader checked itself, at that reader's institution. Where the
 * server verifies cards and nothing was answered, the challenge to be answered is told.
 */
export const readCard = transaction({
  infno: '1161',
  name: { zh: '读卡取人员信息', en: 'read a card and tell its holder' },
  input: { data },
  output: { ...personNodes, cardecinfo: cardNode, authinfo: authNode },
  writes: true,
  async handle({ data: given }, call) {
    const credential: Credential = {
      type: 'card',
      number: given.cardno.trim().toUpperCase(),
      cardSn: given.card_sn.trim().toUpperCase(),
    }
    const found = await findPresented(credential, given, call)
    if ('refused' in found) return found
    const looked = refuseProofFields(given) ?? (await readingOf(credential, given, call))
    if ('refused' in looked) return looked
    const auth = await authOf(given, looked.external, call)
    if ('refused' in auth) return auth
    const { reading } = looked
    const done = await authenticate(found, { reading, on: call.today, auth }, call)
    if ('refused' in done) return done
    const { told, warnings } = done
    return {
      output: { ...told, cardecinfo: tellCard(told, credential), authinfo: wholeOf(done.auth) },
      warnings,
    }
  },
})

/** What is told beside the card. A challenge that goes unanswered is swept. */
async function authOf(
  given: ReadBy<typeof data.table>,
  external: string | undefined,
  { institution, envelope, world }: Call,
): Promise<AuthTold | Refused> {
  const where = { institution: institution.code, terminal: envelope.device }
  const { evidence } = world
  if (given.hsm_line !== undefined && evidence) {
    const values = await evidence.twoStep(where, given.hsm_line)
    if (isRefusal(values)) return { refused: world.explain(values) }
    return { inn_auth_val: values.internal, ext_auth_val: values.external }
  }
  const isDue = institution.cardEvidence === 'verified' && given.chlg_id === undefined
  if (!isDue || !evidence)
    return external === undefined ? {} : { ext_auth_val: external.toUpperCase() }
  const challenge = await evidence.challenge(where)
  if (isRefusal(challenge)) return { refused: world.explain(challenge) }
  const { id, random, until } = challenge
  return { chlg_id: id, chlg: random.toUpperCase(), chlg_endtime: until }
}

const wholeOf = ({ chlg_id, chlg, chlg_endtime, inn_auth_val, ext_auth_val }: AuthTold) => ({
  chlg_id,
  chlg,
  chlg_endtime,
  inn_auth_val,
  ext_auth_val,
})
