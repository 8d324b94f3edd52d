import { cancellation } from '../cancellation.ts'

/** Cancels an outpatient settlement (门诊结算撤销). */
export const cancelOutpatient = cancellation(
  '2208',
  { zh: '门诊结算撤销', en: 'cancel an outpatient settlement' },
  'outpatient',
)
