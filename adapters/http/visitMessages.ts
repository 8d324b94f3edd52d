import { absent, type Message, say } from './message.ts'

/** What is said of what is kept between registration and settlement: visits (就诊), lines, packages, entries. */
export const visitMessages = {
  'visit-unknown': absent('No such visit', 'There is no visit {visit}.', '没有就诊记录 {visit}。'),
  'visit-of-another-institution': absent(
    'No such visit',
    'There is no visit {visit}.',
    '没有就诊记录 {visit}。',
  ),
  'totals-differ': say(
    'Totals differ',
    'The totals given are not those of this settlement: {fields}.',
    '上传的合计金额与本次结算不一致：{fields}。',
  ),
  'visit-cancelled': say(
    'Visit cancelled',
    'The visit {visit} is cancelled.',
    '就诊 {visit} 已撤销登记。',
  ),
  'visit-closed': say(
    'Visit closed',
    'The visit {visit} is closed by its settlement and takes nothing more.',
    '就诊 {visit} 已结算办结，不能再变更。',
  ),
  'visit-kept': say(
    'Visit registered over the national interface',
    'The visit {visit} was registered over the national interface and is settled there.',
    '就诊 {visit} 经国家医保接口登记，须通过该接口结算。',
  ),
  'visit-changed': say(
    'Visit changed since',
    'The visit {visit} has changed since settlement {settlement}, so that it cannot be undone.',
    '就诊 {visit} 在结算 {settlement} 之后有变更，不能撤销。',
  ),
  'visit-has-lines': say(
    'Visit has lines',
    'The visit {visit} has {lines} lines; delete them first.',
    '就诊 {visit} 已有费用明细 {lines} 条，请先撤销明细。',
  ),
  'visit-has-settlements': say(
    'Visit has settlements',
    'The visit {visit} has settlements in force; cancel them first: {settlements}.',
    '就诊 {visit} 存在有效结算，请先撤销结算：{settlements}。',
  ),
  'batch-already-settled': say(
    'Batch already settled',
    'The batch {batch} of visit {visit} is already settled.',
    '就诊 {visit} 的收费批次 {batch} 已结算。',
  ),
  'line-already-uploaded': say(
    'Line already uploaded',
    'The line {line} of visit {visit} is already uploaded.',
    '就诊 {visit} 的费用明细流水号 {line} 已上传。',
  ),
  'line-unknown': say(
    'No such line',
    'The visit {visit} has no line {line}.',
    '就诊 {visit} 没有费用明细 {line}。',
  ),
  'nothing-to-settle': say(
    'Nothing to settle',
    'The visit {visit} has no lines that wait for a settlement.',
    '就诊 {visit} 没有待结算的费用明细。',
  ),
  'not-discharged': say(
    'Not discharged',
    'The stay {visit} has no discharge yet.',
    '住院 {visit} 尚未办理出院登记。',
  ),
  'already-discharged': say(
    'Already discharged',
    'The stay {visit} is already discharged.',
    '住院 {visit} 已办理出院登记。',
  ),
  'already-in-hospital': say(
    'Already in hospital',
    'The person is in the hospital {institution} already: stay {visit}; they must be discharged there first.',
    '参保人在 {institution} 已有未出院的住院登记：{visit}，请先在该机构办理出院。',
  ),
  'stay-overlaps': say(
    'Stays overlap',
    'On {day} the person lay in the hospital {institution}, from {admission} to {discharge}.',
    '参保人 {admission} 至 {discharge} 在 {institution} 住院，入院日期 {day} 在此期间，请核对。',
  ),
  'package-already-sold': say(
    'Package already sold',
    'The package with trace code {trace} is already sold.',
    '追溯码 {trace} 的药品已售出，不得重复销售。',
  ),
  'package-not-sold': say(
    'Package not sold',
    'The package with trace code {trace} is not sold, so it cannot be returned.',
    '追溯码 {trace} 的药品没有销售记录，不能退货。',
  ),
  'entry-unknown': say(
    'No such entry',
    'There is no entry {entry}.',
    '没有登记记录 {entry}，或已撤销。',
  ),
  'entry-already-there': say(
    'Entry already there',
    'The entry {entry} is already there.',
    '登记记录 {entry} 已存在，不能重复办理。',
  ),
  'period-applied': say(
    'Clearing applied for',
    'Clearing of {period} is already applied for; what was settled in it is adjusted by the agency.',
    '清算期间 {period} 已申请清算，期内结算由经办机构处理。',
  ),
  'period-not-over': say(
    'Period not over',
    'The clearing period ends on {until} and is not over yet.',
    '清算期间至 {until} 止，尚未结束，不能申请清算。',
  ),
  'statement-differs': say(
    'Statement differs',
    'The totals given are not those of the centre; reconcile first: {differences}.',
    '申报合计与中心不一致，请先对账：{differences}。',
  ),
  'original-differs': absent(
    'Original differs',
    'The request {key} is not what the reversal says it is.',
    '原交易 {key} 与冲正所述内容不一致，请核对原报文ID和原交易编号。',
  ),
} as const satisfies Record<string, Message>
