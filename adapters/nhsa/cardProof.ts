import type { CardVersion } from '../../engine/card.ts'
import { cardVersions } from '../../engine/card.ts'
import type { CardRead, Reading } from '../../engine/cardReading.ts'
import type { Credential } from '../../engine/claim.ts'
import { isRefusal } from '../../engine/refusal.ts'
import { may, one, type ReadBy, type WrittenBy } from './field.ts'
import { moment, text } from './kinds.ts'
import type { Call, Refused } from './transaction.ts'

/** What a reader tells of a chip to prove it: fields of our own, beside those of the interface. */
export const proofFields = {
  spec_ver: may(text(4), '规范版本（扩展）'),
  alg_flag: may(text(2), '算法标识（扩展）'),
  chlg_id: may(text(64), '挑战码编号（扩展）'),
  inn_auth_val: may(text(32), '内部认证数据（扩展）'),
  card_chlg: may(text(32), '卡随机数（扩展）'),
} as const

/** What 1161 tells beside the card: a challenge where one is due, or values that reader and card compare. */
export const authNode = one({
  chlg_id: may(text(64), '挑战码编号（扩展）'),
  chlg: may(text(32), '挑战码（扩展）'),
  chlg_endtime: may(moment, '挑战码有效期止（扩展）'),
  inn_auth_val: may(text(32), '内部认证值（扩展）'),
  ext_auth_val: may(text(32), '外部认证值（扩展）'),
})

export type AuthTold = Partial<WrittenBy<(typeof authNode)['table']>>
type Fields = Partial<ReadBy<typeof proofFields>>

const hexForm = /^[0-9A-Fa-f]{32}$/

/** Why what was told can prove nothing, whichever card it is of. */
export function refuseProofFields(given: Fields): Refused | undefined {
  const { spec_ver, alg_flag, chlg_id, inn_auth_val, card_chlg } = given
  const say = (refused: string): Refused => ({ refused })
  if (spec_ver !== undefined && !(cardVersions as readonly string[]).includes(spec_ver))
    return say('规范版本spec_ver须为1.00、2.00或3.00。')
  if (alg_flag !== undefined && alg_flag !== '01' && alg_flag !== '03')
    return say('算法标识alg_flag须为01（3DES）或03（SM4）。')
  if ((chlg_id === undefined) !== (inn_auth_val === undefined))
    return say('挑战码编号chlg_id与内部认证数据inn_auth_val须同时填写。')
  const wrong = [inn_auth_val, card_chlg].find((each) => each !== undefined && !hexForm.test(each))
  return wrong === undefined ? undefined : say('内部认证数据与卡随机数须为32位十六进制。')
}

/** A card as it was read over the interface, and what it proved. */
export async function readingOf(
  { number, cardSn = '' }: Credential,
  given: Fields,
  { key, institution: { code }, envelope, world }: Call,
): Promise<{ reading: Reading; external?: string | undefined } | Refused> {
  const { spec_ver, alg_flag, chlg_id: challenge, inn_auth_val: cryptogram, card_chlg } = given
  const where = { institution: code, terminal: envelope.device }
  const read: CardRead = {
    number,
    serial: cardSn,
    version: spec_ver as CardVersion | undefined,
    algorithm: alg_flag as CardRead['algorithm'],
  }
  const unproved: Reading = { ...where, read, verdict: { kind: 'unproved' }, id: key.key }
  if (challenge === undefined || cryptogram === undefined) return { reading: unproved }
  // What was answered before has used up its challenge; its repeat is told the same without one.
  if (await world.answered(code, key.key)) return { reading: unproved }
  if (!world.evidence) return { refused: '中心未配置密钥，不能核验社会保障卡。' }
  const answer = { challenge, cryptogram, cardChallenge: card_chlg }
  const looked = await world.evidence.look({ ...where, read, answer })
  if (isRefusal(looked)) return { refused: world.explain(looked) }
  return { reading: { ...looked.reading, id: key.key }, external: looked.external }
}
