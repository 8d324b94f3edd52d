import type { CardLife } from '../../engine/card.ts'
import type { SettlementState } from './needs.ts'

/** The same in both languages. */
export interface Words {
  readonly en: string
  readonly zh: string
}

const said = (en: string, zh: string): Words => ({ en, zh })

export const settlementStateWords: Readonly<Record<SettlementState, Words>> = {
  settled: said('settled', '已结算'),
  cancelled: said('cancelled', '已撤销'),
  reversed: said('reversed', '已冲正'),
}

export const lifeWords: Readonly<Record<CardLife, Words>> = {
  requested: said('applied for', '已申领'),
  made: said('made', '已制卡'),
  issued: said('not yet activated', '待启用'),
  active: said('in use', '正常'),
  superseded: said('superseded', '已被新卡取代'),
  cancelled: said('cancelled', '已注销'),
}

const outcomes: Readonly<Record<string, Words>> = {
  settled: said('settled', '已结算'),
  undone: said('a settlement was undone', '已撤销'),
  reversed: said('reversed', '已冲正'),
  refused: said('refused', '已拒绝'),
  entered: said('entered', '已登记'),
  moved: said('money was moved', '资金已变动'),
  open: said('another region is asked', '等待异地答复'),
}

/** What became of a request, with the code where it was refused. */
export function outcomeWords(outcome: string, code: string | undefined): Words {
  const words = outcomes[outcome] ?? said(outcome, outcome)
  return code === undefined ? words : said(`${words.en} (${code})`, `${words.zh}（${code}）`)
}

const crossingWords: Readonly<Record<string, Words>> = {
  asked: said('asked', '已发起'),
  unsent: said('not sent', '未发出'),
  unknown: said('outcome not known', '结果未知'),
  done: said('done', '成功'),
  refused: said('refused', '被拒'),
  reversing: said('being reversed', '冲正中'),
  reversed: said('reversed', '已冲正'),
}

const purposeWords: Readonly<Record<string, Words>> = {
  settle: said('to settle', '结算'),
  cancel: said('to cancel', '撤销'),
  restore: said('to let it stand again', '恢复'),
}

const visitWords: Readonly<Record<string, Words>> = {
  registered: said('The visit was registered.', '就诊已登记。'),
  described: said('More was told of the visit.', '就诊信息已补充或变更。'),
  lines: said('Fee lines were uploaded.', '费用明细已上传。'),
  removed: said('Fee lines were taken back.', '费用明细已撤销。'),
  discharged: said('The discharge was told.', '出院已办理。'),
  undischarged: said('The discharge was taken back.', '出院办理已撤销。'),
  cancelled: said('The visit was cancelled.', '就诊已撤销。'),
}

const collectionWords: Readonly<Record<string, Words>> = {
  asked: said('The bank was asked for its cash part.', '已发起银行代扣。'),
  collected: said('The bank collected its cash part.', '银行代扣成功。'),
  refused: said('The bank took nothing.', '银行代扣失败。'),
  unknown: said('The bank did not answer.', '银行代扣结果未知。'),
  returning: said('The bank was told to give it back.', '退款中。'),
  returned: said('The bank gave it back.', '已退款。'),
}

const recoveryWords: Readonly<Record<string, Words>> = {
  claimed: said('A part of it is recovered.', '已发起追回。'),
  released: said('A recovery was given up.', '追回已撤回。'),
}

const clearingWords: Readonly<Record<string, Words>> = {
  pair: said('clearing between regions', '异地清算'),
  institution: said('clearing with the institution', '机构结算'),
  netting: said('netting', '轧差'),
  final: said('final settlement of the year', '年终清算'),
}

const movesWords: Readonly<Record<string, Words>> = {
  collection: said('collected from the bank account', '银行代扣入账'),
  recovery: said('recovered', '追回入账'),
}

const wordIn = (words: Readonly<Record<string, Words>>, word: string): Words =>
  Object.hasOwn(words, word) ? (words[word] as Words) : said(word, word)

export const crossingSaid = (state: string, purpose: string, region: string): Words => {
  const [to, is] = [wordIn(purposeWords, purpose), wordIn(crossingWords, state)]
  return said(
    `Region ${region} was asked ${to.en}: ${is.en}.`,
    `向参保地 ${region} 请求${to.zh}：${is.zh}。`,
  )
}

export const visitSaid = (entry: string): Words => wordIn(visitWords, entry)
export const collectionSaid = (state: string): Words => wordIn(collectionWords, state)
export const recoverySaid = (entry: string): Words => wordIn(recoveryWords, entry)

export const clearedSaid = (kind: string, period: string): Words => {
  const words = wordIn(clearingWords, kind)
  return said(`In ${words.en} of ${period}.`, `已纳入 ${period} ${words.zh}。`)
}

export const movedSaid = (moves: string, takenBack: boolean, amount: string): Words => {
  const words = wordIn(movesWords, moves)
  return takenBack
    ? said(`${amount} yuan taken back: ${words.en}.`, `${words.zh} ${amount} 元已冲回。`)
    : said(`${amount} yuan ${words.en}.`, `${words.zh} ${amount} 元。`)
}
