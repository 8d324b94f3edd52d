import { catalogueDownload, noRows } from '../catalogueFile.ts'

/** Day surgery (日间手术): no list of its diseases is loaded. */
export const downloadDaySurgery = catalogueDownload(
  '1311',
  { zh: '日间手术治疗病种目录下载', en: 'download day surgery' },
  noRows,
)
