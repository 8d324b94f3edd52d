import { absent, type Message, say } from './message.ts'

/** What is said of cards and e-credentials: may they be used, and what may be done to them at a desk. */
export const cardMessages = {
  'card-unknown': say('Card not known', 'There is no such card.', '未查到该社会保障卡。'),
  'token-invalid': absent(
    'E-credential not known',
    'This is no e-credential that was issued here.',
    '电子凭证无效或非本地签发。',
  ),
  'token-expired': say(
    'E-credential expired',
    'The e-credential was valid until {until}; show a new one.',
    '电子凭证已于 {until} 过期，请刷新后重新出示。',
  ),
  'token-used': say(
    'E-credential used before',
    'The e-credential was used before; it is good for once. Show a new one.',
    '电子凭证已被使用，只能使用一次，请刷新后重新出示。',
  ),
  'token-not-for-this': say(
    'E-credential not for this',
    'The e-credential is not good for this: {because}.',
    '电子凭证不能用于本次业务：{because}。',
  ),
  'challenge-unknown': absent(
    'No such challenge',
    'The challenge {challenge} was never given to this institution and terminal, was used, or has expired; ask for a new one.',
    '挑战码 {challenge} 不存在、已使用或已过期，请重新获取。',
  ),
  'card-not-genuine': say(
    'Card not genuine',
    'The card cannot be proved genuine.',
    '社会保障卡真实性校验未通过。',
  ),
  'card-holder-mismatch': say(
    'Card of somebody else',
    'The card does not belong to this person.',
    '卡与持卡人不符。',
  ),
  'card-cancelled': say('Card cancelled', 'The card is cancelled.', '该卡已注销。'),
  'card-superseded': say(
    'Card superseded',
    'The card was replaced by a newer one; use that.',
    '该卡已被新卡替换，请使用新卡。',
  ),
  'card-formally-lost': say(
    'Card reported lost',
    'The card is formally reported lost.',
    '该卡已正式挂失。',
  ),
  'card-temporarily-lost': say(
    'Card reported lost for now',
    'The card is reported lost for seven days, until {lapses}.',
    '该卡处于临时挂失期，至 {lapses}。',
  ),
  'card-not-activated': say(
    'Card not activated',
    'The card has not been activated.',
    '该卡尚未启用（激活）。',
  ),
  'card-expired': say(
    'Card not valid on this day',
    'The card is valid from {issued} to {expires}.',
    '该卡不在有效期内：有效期为 {issued} 至 {expires}。',
  ),
  'card-pin-locked': say('PIN locked', 'The PIN of the card is locked.', '社保卡密码已锁定。'),
  'card-pin-initial': say(
    'PIN still the initial one',
    'The card still has its initial PIN, which may not pay; its holder changes it first.',
    '该卡仍为初始密码，不能用于支付，请先修改密码。',
  ),
  'card-pin-needed': say(
    'PIN needed',
    'This needs the PIN of the card: {because}.',
    '须验证社保卡密码：{because}。',
  ),
  'card-pin-wrong': say(
    'PIN wrong',
    'The PIN is wrong; {left} more wrong tries lock it.',
    '密码错误，还可再试 {left} 次。',
  ),
  'card-not-authenticated': say(
    'Card not authenticated',
    'Institution {institution} must have the card or the e-credential authenticated first, and its authentication must be open.',
    '机构 {institution} 须先读卡鉴权（1101、1161，附卡对挑战码的应答）或扫电子凭证（1162），或鉴权已过期。',
  ),
  'payment-repeated': say(
    'Payment counter used before',
    'The counter {counter} of this card is not above {last}, the last one seen.',
    '卡交易计数器 {counter} 未大于上次的 {last}，疑为重放。',
  ),
  'quick-payment-not-offered': say(
    'No quick payments',
    'Payments without PIN are not offered: {because}.',
    '不支持小额快速支付：{because}。',
  ),
  'payment-risky': say(
    'Payment refused by a risk rule',
    'The payment was refused by the risk rule {rule}.',
    '支付被风险规则 {rule} 拒绝。',
  ),
  'offline-too-late': say(
    'Offline sale uploaded too late',
    'The sale of {day} was uploaded more than {days} days later.',
    '{day} 的离线交易上传超过 {days} 天期限。',
  ),
  'offline-card-listed': say(
    'Card was on the hot list',
    'The card stood on the list that the terminal had, or had to have, at the sale: {because}.',
    '交易时该卡已在终端应持有的黑名单中：{because}。',
  ),
  'desk-unknown': absent('Desk not known', 'There is no desk {desk}.', '没有经办窗口 {desk}。'),
  'desk-of-another-province': say(
    'Desk of another province',
    'This is done at any desk of the province that manages the card.',
    '须在发卡省份内的经办窗口办理。',
  ),
  'card-state-forbids': say(
    'Not in this state of the card',
    'The service {service} cannot be done to a card that is {state}.',
    '该卡当前状态（{state}）不能办理{service}。',
  ),
  'document-missing': say(
    'Document missing',
    'This needs {needed}, which was not shown.',
    '缺少办理材料：{needed}。',
  ),
  'proxy-not-allowed': say(
    'Nobody else may do this',
    'Another person may not do this for the holder: {because}.',
    '不能由他人代办：{because}。',
  ),
  'card-already-held': say(
    'Has a card already',
    'One person has one card in the province; the card {card} is there already.',
    '一人一卡：该人员在省内已有社会保障卡。',
  ),
  'applicant-not-in-province': say(
    'Neither insured nor employed here',
    'A card is for people insured or employed in the province, at the place of either.',
    '申领人在本省未参保且未就业，不能申领。',
  ),
  'relocation-without-ground': say(
    'No ground to move the card',
    'Nothing says that work or insurance moved to {place}.',
    '未见工作或参保关系转移至 {place} 的依据。',
  ),
  'pin-not-allowed': say(
    'PIN not allowed',
    'The new PIN cannot be taken: {because}.',
    '新密码不符合要求：{because}。',
  ),
} as const satisfies Record<string, Message>
