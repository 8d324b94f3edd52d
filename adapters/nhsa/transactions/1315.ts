import { catalogueDownload, noRows } from '../catalogueFile.ts'

/** Syndromes of Chinese medicine (中医证候): no list of them is loaded. */
export const downloadSyndromes = catalogueDownload(
  '1315',
  { zh: '中医证候目录下载', en: 'download syndromes of Chinese medicine' },
  noRows,
)
