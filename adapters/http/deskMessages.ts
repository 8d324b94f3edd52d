import { absent, say } from './message.ts'

/** What is said at the agency's desk (经办): paper bills, settlements settled anew, recoveries. */
export const deskMessages = {
  'case-unknown': absent(
    'No such case',
    'There is no such case at this desk.',
    '本经办机构没有该业务。',
  ),
  'case-state-forbids': say(
    'Not in this state',
    'The case {case} is {caseState}, in which {act} is not done.',
    '业务 {case} 当前状态为 {caseState}，不能办理 {act}。',
  ),
  'division-unknown': say(
    'Place not known',
    'The division {division} is on no map here; give its province as well.',
    '区划 {division} 不在本系统区划表内，请同时填写省级区划。',
  ),
  'line-class-known': say(
    'The catalogue knows the item',
    'The item {item} of line {line} stands in the catalogue, whose class counts.',
    '明细 {line} 的项目 {item} 已在目录内，以目录等级为准，不得另行认定。',
  ),
  'invoice-already-used': say(
    'Invoice used already',
    'The invoice {number} of {issuer} was used already: {by}.',
    '票据 {number}（{issuer}）已使用，不得重复报销：{by}。',
  ),
  'suspects-unchecked': say(
    'Looks like a bill that is settled',
    'Settlements of the same person, day and total stand: {settlements}. Say that they were looked at.',
    '存在同一参保人、同日、同金额的结算：{settlements}，请核对后确认。',
  ),
  'lines-differ': say(
    'Not the same lines',
    'The lines given are not those of settlement {settlement}.',
    '所填明细与结算 {settlement} 的明细不一致。',
  ),
  'resettlement-not-possible': say(
    'Not possible at the desk',
    'The settlement cannot be settled anew, or money recovered of it, as asked: {because}.',
    '该结算不能按此重新结算或追回：{because}。',
  ),
  'recovery-too-large': say(
    'More than is left',
    'Of {settlement} only {left} is left.',
    '{settlement} 可办理金额仅余 {left}。',
  ),
  'recovery-stands': say(
    'Money is being recovered of it',
    'Money is being recovered of settlement {settlement}; what is adjusted now is adjusted by the agency.',
    '结算 {settlement} 已办理追回，由经办机构处理，不能撤销或重新结算。',
  ),
  'set-off-not-allowed': say(
    'No set-off here',
    'The region {region} does not set this off.',
    '统筹区 {region} 不允许此项抵扣。',
  ),
} as const
