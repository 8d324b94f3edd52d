import { catalogueDownload, noRows } from '../catalogueFile.ts'

/** Operations (手术操作): no list of them is loaded. */
export const downloadOperations = catalogueDownload(
  '1308',
  { zh: '手术操作目录下载', en: 'download operations' },
  noRows,
)
