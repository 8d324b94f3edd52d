import { withdrawal } from '../filings.ts'

/** 转院备案撤销, and of all else that 2501 filed: what was paid under it stays; from today it counts no more. */
export const withdrawReferral = withdrawal('2502', 'away', {
  zh: '转院备案撤销',
  en: 'withdraw a referral',
})
