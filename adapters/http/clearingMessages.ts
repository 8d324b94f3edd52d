import { absent, say } from './message.ts'

/** What is said of clearing (清算). */
export const clearingMessages = {
  'clearing-run-unknown': absent(
    'No such run',
    'There is no clearing run {run}.',
    '没有清算批次 {run}。',
  ),
  'payment-order-unknown': absent(
    'No such payment order',
    'There is no payment order {order} of this region.',
    '本地区没有付款通知 {order}。',
  ),
  'application-accepted': say(
    'Accepted already',
    'The application {application} has been accepted as run {run} and is withdrawn no more.',
    '清算申请 {application} 已受理（清算批次 {run}），不能撤销。',
  ),
  'window-closed': say(
    'Window closed',
    'The window {window} is closed: run {run} is that window, or a later one.',
    '清算期 {window} 已关闭（清算批次 {run}）。',
  ),
  'window-overtaken': say(
    'Overtaken',
    'Another run was closed while {window} was read; nothing happened. Ask again.',
    '读取清算期 {window} 时另有批次关闭，本次未处理，请重试。',
  ),
  'nothing-to-net': say(
    'Nothing to net',
    'Until {until} there is no closed window that can be netted: both sides must be closed and alike.',
    '截至 {until} 没有可轧差的清算期：双方须均已关闭且金额一致。',
  ),
  'clearing-state-forbids': say(
    'Not in this state',
    'The run or order {run} stands at {state}, in which {step} is not done.',
    '清算批次（付款通知）{run} 当前状态为{state}，不能办理{step}。',
  ),
  'clearing-amount-too-large': say(
    'Amount too large',
    'The amount {amount} is more than the {most} that there is.',
    '金额 {amount} 超过可用的 {most}。',
  ),
  'approval-pending': say(
    'Waits for approval',
    'What was asked for before still waits to be approved.',
    '此前的申请尚待复核。',
  ),
  'nothing-to-approve': say(
    'Nothing to approve',
    'Nothing waits to be approved.',
    '没有待复核的事项。',
  ),
  'second-person-needed': say(
    'Second person needed',
    'Whoever asked for it or did an earlier step may not do this one: somebody else has to.',
    '本环节须由未经手前序环节的另一人办理（双人复核），经办人不能复核本人办理的事项。',
  ),
  'runs-open': say(
    'Runs not paid yet',
    'The year cannot be closed: it has no run, or these are not paid yet: {runs}.',
    '年度不能清算：没有清算批次，或尚有未拨付的批次：{runs}。',
  ),
} as const
