import { absent, say } from './message.ts'

/** What is said of money that moves without a bill (资金变动). */
export const movementMessages = {
  'movement-amounts-wrong': say(
    'Amounts do not fit',
    'The amounts of the movement do not fit: the total is {total}, {from} comes from somewhere and {to} goes somewhere.',
    '资金变动金额不符：总额 {total}，来源合计 {from}，去向合计 {to}。',
  ),
  'movement-already-booked': say(
    'Booked already',
    'For this person, kind, scheme and month the reference {reference} is booked already, as movement {movement}.',
    '该参保人同一类型、险种、月份的来源凭证 {reference} 已入账，资金变动编号 {movement}。',
  ),
  'movement-unknown': absent(
    'No such movement',
    'There is no movement {movement}.',
    '没有资金变动 {movement}。',
  ),
  'fund-unknown': say(
    'Fund not known',
    'The scheme {scheme} has no fund {fund}.',
    '{scheme}没有基金 {fund}。',
  ),
} as const
