import { cancellation } from '../cancellation.ts'

/** Cancels a settlement of a stay (住院结算撤销), the last part first. */
export const cancelStaySettlement = cancellation(
  '2305',
  { zh: '住院结算撤销', en: 'cancel a settlement of a stay' },
  'inpatient',
)
