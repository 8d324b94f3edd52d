import { catalogueDownload, noRows } from '../catalogueFile.ts'

/** Diagnoses (疾病与诊断): rules name them, but no list of them is loaded. */
export const downloadDiagnoses = catalogueDownload(
  '1307',
  { zh: '疾病与诊断目录下载', en: 'download diagnoses' },
  noRows,
)
