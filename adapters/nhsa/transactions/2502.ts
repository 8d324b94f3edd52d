import { withdrawal } from '../filings.ts'

/** 转院备案撤销: what was paid under it stays; from today it counts no more. */
export const withdrawReferral = withdrawal('2502', 'referral', {
  zh: '转院备案撤销',
  en: 'withdraw a referral',
})
