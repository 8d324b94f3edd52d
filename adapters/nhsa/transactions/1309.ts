import type { Day } from '../../../engine/day.ts'
import { rowOf, versionOf } from '../catalogueColumns.ts'
import { catalogueDownload, type Download, isNews } from '../catalogueFile.ts'
import type { FileRow } from '../files.ts'

/** Special outpatient diseases (门诊慢特病): those whose directories the catalogue tells; it knows their codes alone. */
export const downloadSpecialDiseases = catalogueDownload(
  '1309',
  { zh: '门诊慢特病种目录下载', en: 'download special outpatient diseases' },
  diseaseRows,
)

function diseaseRows(download: Download): FileRow[] {
  const firstDays = new Map<string, Day>()
  for (const { diseases = [], from } of download.items)
    for (const disease of diseases) {
      const known = firstDays.get(disease)
      if (known === undefined || from < known) firstDays.set(disease, from)
    }
  return [...firstDays]
    .filter(([, from]) => isNews(from, download))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([disease, from]) =>
      rowOf('diseases', {
        opsp_dise_code: disease,
        admdvs: download.region,
        vali_flag: '1',
        rid: `${disease}-${from}`,
        crte_time: from,
        updt_time: from,
        ver: versionOf(from),
        ver_name: versionOf(from),
      }),
    )
}
