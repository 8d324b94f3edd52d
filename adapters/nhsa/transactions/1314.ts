import { catalogueDownload, noRows } from '../catalogueFile.ts'

/** Diseases of Chinese medicine (中医疾病): no list of them is loaded. */
export const downloadChineseDiseases = catalogueDownload(
  '1314',
  { zh: '中医疾病目录下载', en: 'download diseases of Chinese medicine' },
  noRows,
)
