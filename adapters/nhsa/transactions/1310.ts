import { catalogueDownload, noRows } from '../catalogueFile.ts'

/** Diseases settled as a whole (按病种付费): no list of them is loaded. */
export const downloadWholeDiseases = catalogueDownload(
  '1310',
  { zh: '按病种付费病种目录下载', en: 'download diseases settled as a whole' },
  noRows,
)
