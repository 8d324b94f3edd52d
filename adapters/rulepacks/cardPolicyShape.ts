import type { Static } from 'typebox'
import {
  type CardPolicy,
  type QuickLimits,
  type QuickPolicy,
  type RiskRule,
  usualCardPolicy,
} from '../../engine/cardPolicy.ts'
import { parseYuan } from '../../engine/money.ts'
import { closed, count, emptyOrList, maybe, oneOf, sourceId, truth, yuan } from './shapes.ts'

const limits = {
  perPayment: maybe(yuan),
  perDay: maybe(yuan),
  perDayCount: maybe(count),
}

const risk = closed(
  {
    kind: oneOf(['velocity', 'travel', 'terminal-counter'], 'what looks wrong'),
    most: maybe(count),
    within_minutes: maybe(count),
    action: oneOf(['refuse', 'pin', 'warn'], 'what comes of it'),
  },
  'a rule that finds payments which look wrong 风险规则',
)

/** The part `cards` of a region's file: what it leaves out is as usual (engine/cardPolicy.ts). */
export const cardsShape = closed(
  {
    source: sourceId,
    pinTries: maybe(count),
    pinForAccount: maybe(truth('is a PIN due where cards are verified and the account pays?')),
    temporaryLoss_days: maybe(count),
    authentication_minutes: maybe(count),
    challenge_seconds: maybe(count),
    oldCardEnds: maybe(oneOf(['handover', 'activation'], 'when the card that is replaced ends')),
    lossBlocksECard: maybe(truth('does a lost card block the e-card that derives from it?')),
    token_seconds: maybe(count),
    clockSkew_seconds: maybe(count),
    quickPayments: maybe(
      closed({
        ...limits,
        familyAccount: maybe(truth('may a family account pay as well?')),
        offline: maybe(
          closed({
            ...limits,
            allowed: maybe(truth('may a terminal without a line take payments?')),
            oldest_days: maybe(count),
            listAge_hours: maybe(count),
            lossAfterList: maybe(
              oneOf(['agency', 'pharmacy'], 'who bears a loss that the terminal could not know'),
            ),
          }),
        ),
        risks: maybe(emptyOrList(risk, 'risk rules 风险规则', 20)),
      }),
    ),
  },
  'what the region has decided about its cards 社会保障卡业务参数',
)

type CardFields = Static<typeof cardsShape>
type QuickFields = NonNullable<CardFields['quickPayments']>
type Say = (path: readonly (string | number)[], problem: string) => void

const numberOr = (text: string | undefined, usual: number): number =>
  text === undefined ? usual : Number(text)
const truthOr = (text: 'true' | 'false' | undefined, usual: boolean): boolean =>
  text === undefined ? usual : text === 'true'

export function decodeCards(fields: CardFields | undefined, say: Say): CardPolicy {
  const usual = usualCardPolicy
  if (!fields) return usual
  const policy: CardPolicy = {
    pinTries: numberOr(fields.pinTries, usual.pinTries),
    pinForAccount: truthOr(fields.pinForAccount, usual.pinForAccount),
    temporaryLoss_days: numberOr(fields.temporaryLoss_days, usual.temporaryLoss_days),
    authentication_minutes: numberOr(fields.authentication_minutes, usual.authentication_minutes),
    challenge_seconds: numberOr(fields.challenge_seconds, usual.challenge_seconds),
    oldCardEnds: fields.oldCardEnds ?? usual.oldCardEnds,
    lossBlocksECard: truthOr(fields.lossBlocksECard, usual.lossBlocksECard),
    token_seconds: numberOr(fields.token_seconds, usual.token_seconds),
    clockSkew_seconds: numberOr(fields.clockSkew_seconds, usual.clockSkew_seconds),
    quick: decodeQuick(fields.quickPayments, say),
  }
  for (const name of ['pinTries', 'temporaryLoss_days', 'authentication_minutes'] as const)
    if (policy[name] < 1) say(['cards', name], 'found 0, expected at least 1')
  return policy
}

function decodeQuick(fields: QuickFields | undefined, say: Say): QuickPolicy {
  const usual = usualCardPolicy.quick
  if (!fields) return usual
  const { offline, risks } = fields
  return {
    ...decodeLimits(fields, usual),
    familyAccount: truthOr(fields.familyAccount, usual.familyAccount),
    offline: {
      ...decodeLimits(offline, usual.offline),
      allowed: truthOr(offline?.allowed, usual.offline.allowed),
      oldest_days: numberOr(offline?.oldest_days, usual.offline.oldest_days),
      listAge_hours: numberOr(offline?.listAge_hours, usual.offline.listAge_hours),
      lossAfterList: offline?.lossAfterList ?? usual.offline.lossAfterList,
    },
    risks: risks?.map((each, i) => decodeRisk(each, i, say)) ?? usual.risks,
  }
}

function decodeLimits(
  fields: Pick<QuickFields, keyof QuickLimits> | undefined,
  usual: QuickLimits,
): QuickLimits {
  const { perPayment, perDay, perDayCount } = fields ?? {}
  return {
    perPayment: perPayment === undefined ? usual.perPayment : parseYuan(perPayment),
    perDay: perDay === undefined ? usual.perDay : parseYuan(perDay),
    perDayCount: numberOr(perDayCount, usual.perDayCount),
  }
}

function decodeRisk(
  fields: NonNullable<QuickFields['risks']>[number],
  at: number,
  say: Say,
): RiskRule {
  const { kind, action, most, within_minutes } = fields
  const path = ['cards', 'quickPayments', 'risks', at]
  const need = (name: string, value: string | undefined): number => {
    if (value === undefined || Number(value) < 1) say([...path, name], 'expected at least 1')
    return Number(value ?? '1')
  }
  switch (kind) {
    case 'velocity':
      return {
        kind,
        action,
        most: need('most', most),
        within_minutes: need('within_minutes', within_minutes),
      }
    case 'travel':
      return { kind, action, within_minutes: need('within_minutes', within_minutes) }
    case 'terminal-counter':
      return { kind, action }
  }
}
