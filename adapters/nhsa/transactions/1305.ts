import { catalogueDownload, itemRows } from '../catalogueFile.ts'

/** Services (医疗服务项目). */
export const downloadServices = catalogueDownload(
  '1305',
  { zh: '医疗服务项目目录下载', en: 'download services' },
  itemRows('services', '201'),
)
