import type { RefusalCode } from '../../engine/refusal.ts'
import { cardMessages } from './cardMessages.ts'
import { clearingMessages } from './clearingMessages.ts'
import { collectionMessages } from './collectionMessages.ts'
import { deskMessages } from './deskMessages.ts'
import { absent, away, type Message, say } from './message.ts'
import { filingMessages } from './filingMessages.ts'
import { movementMessages } from './movementMessages.ts'
import { visitMessages } from './visitMessages.ts'

/** What is said of every reason to refuse; a code without its sentences does not compile. */
export const messages = {
  ...cardMessages,
  ...visitMessages,
  ...movementMessages,
  ...collectionMessages,
  ...deskMessages,
  ...clearingMessages,
  ...filingMessages,
  'institution-unknown': say(
    'Institution not known',
    'There is no designated institution {institution}.',
    '没有定点医药机构 {institution}。',
  ),
  'credential-invalid': say(
    'Credential not well-formed',
    'The number of the credential cannot be one of type {type}; check what was typed or read.',
    '{type}的凭证号码（或卡识别码）不符合格式或校验码不对，请核对。',
  ),
  'person-unknown': say(
    'Person not known',
    'Nobody is insured under this credential.',
    '未查到该凭证对应的参保人（凭证与人员编号须为同一人），请核对。',
  ),
  'lines-too-many': say(
    'Too many lines',
    'The claim has {lines} lines; {most} are the most.',
    '费用明细 {lines} 条，超过上限 {most} 条。',
  ),
  'line-repeated': say(
    'A line is given twice',
    'The line {line} is given twice.',
    '费用明细流水号 {line} 重复。',
  ),
  'line-amount-wrong': say(
    'Line amount wrong',
    'The amount of line {line} is not price times quantity, rounded half up to the fen: it should be {priceTimesQuantity}.',
    '明细 {line} 的金额不等于单价乘数量（四舍五入到分），应为 {priceTimesQuantity}。',
  ),
  'total-mismatch': say(
    'Total does not add up',
    'The total {total} is not the sum of the lines, {lines}.',
    '费用总额 {total} 与明细合计 {lines} 不一致。',
  ),
  'stay-invalid': say(
    'Stay not possible',
    'The stay does not fit the claim: admission, discharge and day of settlement must follow each other.',
    '住院日期不合理：入院、出院、结算日期须依次先后。',
  ),
  'day-in-future': say(
    'Day in the future',
    'The day {day} has not come yet.',
    '日期 {day} 尚未到来。',
  ),
  'line-too-late': say(
    'Line dated too late',
    'The line {line} is of {day}, after {latest}, which is today or the day of discharge.',
    '明细 {line} 的费用发生日期 {day} 晚于 {latest}（当日或出院日期），请核对费用发生时间。',
  ),
  'institution-terminated': say(
    'Contract ended',
    'The contract of institution {institution} ended on {terminated}.',
    '机构 {institution} 的协议已于 {terminated} 终止。',
  ),
  'institution-suspended': say(
    'Contract suspended',
    'The contract of institution {institution} is suspended from {from}.',
    '机构 {institution} 的协议自 {from} 起中止。',
  ),
  'institution-not-designated': say(
    'Not designated for this care',
    'Institution {institution} is not designated for {agreement} on {day}.',
    '机构 {institution} 在 {day} 未取得 {agreement} 类别的定点资格。',
  ),
  'person-deceased': say(
    'Person deceased',
    'The person died before this care.',
    '参保人在就诊日期前已死亡。',
  ),
  'direct-settlement-suspended': say(
    'Direct settlement suspended',
    'Direct settlement is suspended for this person; the bill goes to manual reimbursement.',
    '参保人已被暂停联网结算，请按手工报销办理。',
  ),
  'not-insured': say(
    'Not insured',
    'The person is not insured under this scheme on {day}.',
    '参保人在 {day} 未参加该险种。',
  ),
  'coverage-paused': say(
    'Coverage paused',
    'The benefits of this coverage are paused from {paused}.',
    '参保人自 {paused} 起暂停享受待遇。',
  ),
  'no-rule-for-day': say(
    'No rule for this day',
    'Region {region} has no rule for {scheme}, {care}, on {day}.',
    '统筹区 {region} 在 {day} 没有 {scheme} {care} 的政策规则。',
  ),
  'no-rule-for-care': say(
    'No rule for this care',
    'Region {region} has no rule for this scheme and kind of care.',
    '统筹区 {region} 没有该险种和医疗类别的政策规则。',
  ),
  'care-region-not-served': say(
    'Care region not served here',
    'Bills of region {region} are settled by its own system, not by this one.',
    '就医地 {region} 的费用由其本地系统结算，本系统不受理。',
  ),
  'home-region-not-served': say(
    'Home region not reachable',
    'The home region {region} is not served here; the bill goes to manual reimbursement.',
    '参保地 {region} 不在本系统服务范围，请按手工报销办理。',
  ),
  'home-region-unreachable': away(
    'Home region not reachable now',
    'The home region {region} could not be reached, and nothing was sent to it. Send the bill again, or let it go to manual reimbursement.',
    '当前无法连接参保地 {region}，请求未发出，未产生任何结算。请稍后重新发送，或按手工报销办理。',
  ),
  'home-region-silent': say(
    'Home region did not answer',
    'The home region {region} did not confirm the request, which was therefore taken back. Send the bill again under a new key.',
    '参保地 {region} 未确认本次请求，已予冲正。请使用新的报文编号重新发送。',
  ),
  'home-answer-wrong': say(
    'Answer of the home region does not add up',
    'What the home region {region} answered does not fit the bill, and was taken back. Tell the agency, or let the bill go to manual reimbursement.',
    '参保地 {region} 返回的结算结果与费用不符，已予冲正。请联系经办机构，或按手工报销办理。',
  ),
  'home-region-refused': say(
    'Refused by the home region',
    'The home region refuses it for a reason that only its own system knows ({theirs}): {en}.',
    '参保地拒付，原因由参保地系统给出（{theirs}）：{zh}。',
  ),
  'interim-settlement-required': say(
    'Interim settlement needed',
    'The stay crosses the end of the benefit year; settle the part up to then first.',
    '住院跨待遇年度，请先办理年度内的中途结算。',
  ),
  'injury-not-certified': say(
    'Injury not certified',
    'There is no certification of this work injury that covers the day.',
    '未查到覆盖该日期的工伤认定。',
  ),
  'injury-diagnosis-not-covered': say(
    'Diagnosis not certified',
    'The diagnosis is not among those certified; settle unrelated lines under the medical scheme.',
    '诊断不在工伤认定范围内，无关费用请按医疗保险另行结算。',
  ),
  'injury-consent-missing': say(
    'Consent missing',
    'Rehabilitation, aids and recurrence need a confirmed consent.',
    '康复、辅助器具或旧伤复发须有确认文书。',
  ),
  'third-party-declaration-missing': say(
    'Declaration missing',
    'An external injury needs the declaration that no third party is liable.',
    '意外伤害须提交无第三方责任承诺。',
  ),
  'maternity-not-registered': say(
    'Maternity not registered',
    'There is no maternity registration that covers the day.',
    '未查到覆盖该日期的生育登记。',
  ),
  'disease-missing': say(
    'Disease missing',
    'This care needs the filed disease.',
    '门诊慢特病结算须填写病种。',
  ),
  'disease-not-filed': say(
    'Disease not filed',
    'The disease {disease} is not filed for this person on the day.',
    '参保人在该日期未备案病种 {disease}。',
  ),
  'disease-not-filed-here': say(
    'Disease filed elsewhere',
    'The disease {disease} is filed with other institutions.',
    '病种 {disease} 未在本机构备案。',
  ),
  'not-a-pharmacy-item': say(
    'Not sold in pharmacies',
    'The item {item} of line {line} is a medical service, which a pharmacy may not settle.',
    '明细 {line} 的项目 {item} 属于医疗服务项目，药店不得结算，请删除该明细。',
  ),
  'line-not-of-disease': say(
    'Line not of the disease',
    'The item {item} of line {line} is not in the directory of disease {disease}; settle it apart.',
    '明细 {line} 的项目 {item} 不属于病种 {disease} 的目录，请另行结算。',
  ),
  'prescription-missing': say(
    'Prescription missing',
    'This sale needs a prescription.',
    '该销售须有处方。',
  ),
  'line-already-settled': say(
    'Line already settled',
    'The line {line} of this visit is already settled.',
    '本次就诊的明细 {line} 已结算。',
  ),
  'bill-already-settled': say(
    'Bill already settled',
    'The very same bill has just been settled as {settlement}, and the region takes this one for a repetition.',
    '项目与金额完全相同的费用刚刚已结算（结算ID：{settlement}），按本统筹区规则视为重复结算。',
  ),
  'settlement-unknown': absent(
    'No such settlement',
    'There is no settlement {settlement}.',
    '没有结算 {settlement}。',
  ),
  'settlement-of-another-institution': absent(
    'No such settlement',
    'There is no settlement {settlement}.',
    '没有结算 {settlement}。',
  ),
  'settlement-of-another-kind': absent(
    'Settlement of another kind',
    'The settlement {settlement} is of another kind of visit: {kind}.',
    '结算 {settlement} 不属于本交易的就诊类别，应使用{kind}的结算撤销交易。',
  ),
  'already-undone': say('Already undone', 'This is already undone.', '该笔业务已撤销或冲正。'),
  'later-settlements': say(
    'Later settlements stand',
    'Later settlements of the same benefit year stand; undo them first: {settlements}.',
    '同一待遇年度存在其后的结算，请先撤销：{settlements}。',
  ),
  'later-part-of-stay': say(
    'Later part of the stay stands',
    'A later part of the same stay is settled; undo the last first: {settlements}.',
    '同一次住院有其后的结算，请由后向前撤销：{settlements}。',
  ),
  'undo-past-boundary': say(
    'Too late to cancel here',
    'The settlement lies before a boundary of month or year; the agency adjusts it.',
    '结算已跨月或跨年度，请由经办机构处理。',
  ),
  'undone-before-arrival': say(
    'Undone before it arrived',
    'This request was reversed before it arrived, so nothing is done.',
    '该请求在到达前已被冲正，不予办理。',
  ),
  'account-short': say(
    'The account has not enough left',
    'The personal account has not enough left to pay this, to be taken back or to be restored.',
    '个人账户余额不足，无法全额支付、撤销或恢复。',
  ),
} as const satisfies Record<RefusalCode, Message>
