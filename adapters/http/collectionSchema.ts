import { type Static, Type } from 'typebox'
import { bankReasons } from '../../engine/collection.ts'
import { Closed, Institution, Instant, SettlementId, Yuan } from './words.ts'

const optional = Type.Optional

export const CollectionBody = Closed({
  institution: Institution,
  amount: optional(Yuan('How much of the cash; all that is left of it where not given')),
})
export type CollectionBody = Static<typeof CollectionBody>

/** The words outside: what was only recorded is as little known as what got no reply. */
const states = ['collected', 'refused', 'unknown', 'returning', 'returned'] as const

export const CollectionAnswer = Closed({
  settlement: SettlementId,
  state: Type.Enum(states, {
    description:
      'collected 代扣成功: the bank has taken it; refused 代扣失败: to be paid in cash; unknown 结果未知: found out by and by, ask again; ' +
      'returning 退款中 and returned 已退款: the settlement was undone and the money goes back',
  }),
  amount: Yuan('How much was asked for'),
  reference: Type.String({ description: 'What the bank knows it by (银行流水号)' }),
  reason: optional(
    Type.Enum(bankReasons, {
      description:
        'Why it was refused: insufficient-funds 余额不足, account-closed 账户已销户, withdrawn 已撤回, other 其他',
    }),
  ),
  askedAt: Instant('When it was asked for'),
  at: Instant('Since when it stands so'),
})
export type CollectionAnswer = Static<typeof CollectionAnswer>

export const CollectionList = Closed({
  settlement: SettlementId,
  cash: Yuan("The person's cash of the settlement (个人现金), the employer's share left out"),
  collected: Yuan('What the bank has taken of it and not given back'),
  atWindow: Yuan('What is still to be paid at the window'),
  items: Type.Array(CollectionAnswer, { description: 'In the order in which they were asked for' }),
})
export type CollectionList = Static<typeof CollectionList>
