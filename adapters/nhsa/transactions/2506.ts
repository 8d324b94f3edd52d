import { withdrawal } from '../filings.ts'

/** 人员定点备案撤销: what was paid under it stays; from today it counts no more. */
export const withdrawDesignation = withdrawal('2506', 'designation', {
  zh: '人员定点备案撤销',
  en: 'withdraw a designated institution',
})
