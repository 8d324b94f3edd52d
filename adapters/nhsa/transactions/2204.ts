import { lineUpload } from '../lineUpload.ts'
import { outpatientLineTable } from '../feedetail.ts'

/** Uploads fee lines of an outpatient visit (门诊费用明细上传), and tells how each will be split. */
export const uploadOutpatientLines = lineUpload(
  '2204',
  { zh: '门诊费用明细上传', en: 'upload fee lines of an outpatient visit' },
  outpatientLineTable,
  'outpatient',
)
