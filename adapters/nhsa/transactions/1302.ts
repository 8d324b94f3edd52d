import { catalogueDownload, itemRows } from '../catalogueFile.ts'

/** Decoction pieces (中药饮片). */
export const downloadPieces = catalogueDownload(
  '1302',
  { zh: '中药饮片目录下载', en: 'download decoction pieces' },
  itemRows('pieces', '102'),
)
