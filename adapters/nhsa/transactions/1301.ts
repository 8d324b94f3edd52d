import { catalogueDownload, itemRows } from '../catalogueFile.ts'

/** Western drugs and Chinese patent medicines (西药中成药). */
export const downloadDrugs = catalogueDownload(
  '1301',
  { zh: '西药中成药目录下载', en: 'download drugs' },
  itemRows('drugs', '101'),
)
