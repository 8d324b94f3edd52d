import type { ActingGround, DocumentKind } from '../../engine/cardDocuments.ts'
import { type CardService } from '../../engine/cardLife.ts'
import { type CardPart, stateWords } from '../../engine/cardState.ts'

/** A word of the engine, as people say it in both languages. */
interface Said {
  readonly en: string
  readonly zh: string
}

const say = (en: string, zh: string): Said => ({ en, zh })

/** 卡服务事项 */
export const serviceWords: Readonly<Record<CardService, Said>> = {
  application: say('application', '申领'),
  making: say('making', '制卡'),
  delivery: say('handover', '领卡'),
  activation: say('activation', '启用'),
  details: say('change of details', '非关键信息变更'),
  reissue: say('reissue', '补卡'),
  replacement: say('replacement', '换卡'),
  pin: say('PIN change', '密码修改'),
  'pin-reset': say('PIN reset', '密码重置'),
  'temporary-loss': say('temporary loss', '临时挂失'),
  'formal-loss': say('formal loss', '正式挂失'),
  'loss-cancel': say('loss withdrawn', '解挂'),
  relocation: say('move of insured place', '参保地转移'),
  cancellation: say('cancellation', '注销'),
  'bank-cancellation': say('bank cancellation', '银行账户注销'),
  lapse: say('lapse', '临时挂失到期'),
  supersession: say('supersession', '旧卡失效'),
  lock: say('too many wrong tries', '密码错误次数过多'),
  start: say('first day', '生效'),
  expiry: say('last day over', '有效期满'),
}

/** 卡状态, by the words in which a refusal tells them. */
export const stateSaid: Readonly<Record<string, Said>> = {
  requested: say('requested', '已申领'),
  made: say('made', '已制卡'),
  issued: say('issued', '已领卡'),
  active: say('active', '已启用'),
  superseded: say('superseded', '已被替换'),
  cancelled: say('cancelled', '已注销'),
  'not-lost': say('not lost', '未挂失'),
  'temporarily-lost': say('temporarily lost', '临时挂失'),
  'formally-lost': say('formally lost', '正式挂失'),
  'pin-initial': say('initial', '初始密码'),
  'pin-set': say('set', '已设密码'),
  'pin-locked': say('locked', '密码锁定'),
  'not-yet-valid': say('not yet valid', '未到有效期'),
  valid: say('valid', '有效期内'),
  expired: say('expired', '已过有效期'),
  'being-reissued': say('being reissued', '已受理补卡'),
  'cancelled-at-bank': say('cancelled at the bank as well', '银行账户已注销'),
  'managed-there': say('managed there already', '已由该地管理'),
}

export const partWords: Readonly<Record<CardPart, Said>> = {
  life: say('Life', '生命周期'),
  loss: say('Loss', '挂失'),
  pin: say('PIN', '密码'),
  dates: say('Dates', '有效期'),
}

/** 换卡、注销原因 */
export const reasonWords: Readonly<Record<string, Said>> = {
  expired: say('expired', '有效期满'),
  damaged: say('damaged', '卡损坏'),
  'worn-face': say('worn face', '卡面污损、磨损'),
  'changed-appearance': say('changed appearance', '相貌变化'),
  'changed-name-or-number': say('changed name or number', '姓名或社会保障号码变更'),
  'data-not-matching': say('data not matching the person', '卡内信息与本人不符'),
  surplus: say('surplus card', '多余卡'),
  unclaimed: say('unclaimed card', '逾期未领卡'),
  death: say('death', '死亡'),
  emigration: say('emigration', '出国（境）定居'),
  missing: say('missing', '失踪'),
}

/** 办理材料 */
export const documentWords: Readonly<Record<DocumentKind, Said>> = {
  'own-card': say('the card', '本人社保卡'),
  'id-document': say('ID document', '本人有效身份证件'),
  'old-pin': say('old PIN', '原密码'),
  'second-operator': say('a second person of the desk', '双人复核'),
  photo: say('photo', '照片'),
  'employment-document': say('document of employment', '就业（劳动关系）证明'),
  'cancellation-form': say('form of cancellation', '注销申请表'),
  'death-certificate': say('death certificate', '死亡证明'),
  'emigration-papers': say('papers of emigration', '出国（境）定居材料'),
  'missing-ruling': say('court ruling on a missing person', '宣告失踪判决书'),
  'proxy-id-document': say('ID document of the proxy', '代办人身份证件'),
  authorization: say('authorization', '授权委托书'),
  'away-proof': say('proof of being long away', '长期在外证明'),
  'difficulty-proof': say('proof of difficulty moving', '行动不便证明'),
  'disability-certificate': say('disability certificate', '残疾人证'),
  'kinship-proof': say('proof of kinship', '亲属关系证明'),
  'guardian-id-document': say('ID document of the guardian', '监护人身份证件'),
  'guardianship-proof': say('proof of guardianship', '监护关系证明'),
  'incapacity-proof': say('proof of lacking full civil capacity', '无（限制）民事行为能力证明'),
}

/** 代办情形 (Q2) */
export const groundWords: Readonly<Record<ActingGround, Said>> = {
  away: say('proxy of one long away', '长期在外人员的代办人'),
  elderly: say('proxy of an elderly person with difficulty moving', '行动不便老年人的代办人'),
  disabled: say('proxy of a disabled person', '残疾人的代办人'),
  guardian: say('guardian', '监护人'),
  family: say('family of one who died or is missing', '死亡、失踪人员的亲属'),
}

/** Why another person may not do something for the holder, and why a new PIN is not taken. */
export const becauseWords: Readonly<Record<string, Said>> = {
  'holder-alone': say('the holder alone may do it', '须由本人办理'),
  'guardian-alone': say('only a guardian may do it for the holder', '仅监护人可代办'),
  'holder-can-come': say('the holder can come', '持卡人可自行办理'),
  'not-elderly': say('the holder is under sixty', '持卡人未满六十周岁'),
  unreadable: say('it cannot be read', '密码密文无法解读'),
  'not-six-digits': say('six digits are needed', '须为六位数字'),
  initial: say('it is the initial PIN', '不得为初始密码'),
  'all-the-same': say('its digits are all the same', '不得为相同数字'),
  run: say('its digits are a run', '不得为连续数字'),
  purpose: say('it was issued for another purpose', '用途不符'),
  institution: say('it is for another institution', '限其他机构使用'),
  'not-yet-valid': say('it is not good yet', '尚未生效'),
  'credential-closed': say('the e-credential is closed', '电子凭证未开通或已注销'),
  account: say('the account is to pay', '使用个人账户支付'),
  'e-credential': say('an e-credential is asked for', '签发电子凭证'),
}

/** The Chinese of a list of words, by word. */
export const inChineseOf = (words: Readonly<Record<string, Said>>): Record<string, string> =>
  Object.fromEntries(Object.entries(words).map(([word, { zh }]) => [word, zh]))

/** A state of a part, as people say it. */
export const sayState = (part: CardPart, state: string): Said =>
  stateSaid[(stateWords[part] as Readonly<Record<string, string>>)[state] ?? ''] ??
  say(state, state)
