import { catalogueDownload, noRows } from '../catalogueFile.ts'

/** Hospital preparations (医疗机构制剂): the loaded catalogue has none. */
export const downloadPreparations = catalogueDownload(
  '1303',
  { zh: '医疗机构制剂目录下载', en: 'download hospital preparations' },
  noRows,
)
