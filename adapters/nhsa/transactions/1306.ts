import { catalogueDownload, itemRows } from '../catalogueFile.ts'

/** Consumables (医用耗材). */
export const downloadConsumables = catalogueDownload(
  '1306',
  { zh: '医用耗材目录下载', en: 'download consumables' },
  itemRows('consumables', '301'),
)
