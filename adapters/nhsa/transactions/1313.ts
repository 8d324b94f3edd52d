import { catalogueDownload, noRows } from '../catalogueFile.ts'

/** Tumour morphology (肿瘤形态学): no list of it is loaded. */
export const downloadMorphology = catalogueDownload(
  '1313',
  { zh: '肿瘤形态学目录下载', en: 'download tumour morphology' },
  noRows,
)
