import { withdrawal } from '../filings.ts'

/** 人员慢特病备案撤销: what was paid under it stays; from today it counts no more. */
export const withdrawDisease = withdrawal('2504', 'disease', {
  zh: '人员慢特病备案撤销',
  en: 'withdraw a filed disease',
})
