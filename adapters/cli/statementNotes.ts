import type { Warning } from '../../engine/settlement.ts'

/** What is said of every warning, in English and in Chinese; a code without its words does not compile. */
const notes: Record<Warning['code'], string> = {
  'photo-due':
    'the card has no photo, which is due from the age of seven · 社保卡无照片，年满七周岁应补录',
  'card-proof-not-checked': 'whether the card is genuine was not checked · 未核验社保卡真伪',
  'card-region-differs': 'the card is of another region than the insurance · 发卡地与参保地不一致',
  'same-bill-settled': 'a bill like this one is settled already · 已有内容相同的结算',
  'illustrative-rules': 'part of the rules is invented · 所用规则含有示例',
  'items-not-in-catalogue': 'items in no catalogue, fully self-paid · 项目不在目录内，按全自费处理',
  'stay-missing': 'hospital care without the days of its stay · 住院费用未填写入出院日期',
  'paid-in-advance':
    'paid in advance, to be recovered from the third party · 基金先行支付，须向第三人追偿',
}

/** One warning in words, with what it names. */
export function noteOf({ code, facts }: Warning): string {
  const named = Object.entries(facts).map(([name, value]) => `${name} ${[value].flat().join(', ')}`)
  return `note 提示: ${notes[code]}${named.length === 0 ? '' : `  (${named.join('; ')})`}`
}
