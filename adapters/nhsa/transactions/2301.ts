import { stayLineTable } from '../feedetail.ts'
import { lineUpload } from '../lineUpload.ts'

/** Uploads fee lines of a stay (住院费用明细上传), and tells how each will be split. */
export const uploadStayLines = lineUpload(
  '2301',
  { zh: '住院费用明细上传', en: 'upload fee lines of a stay' },
  stayLineTable,
  'inpatient',
)
