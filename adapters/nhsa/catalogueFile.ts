import type { Division } from '../../engine/claim.ts'
import type { Day, Instant } from '../../engine/day.ts'
import { isDay } from '../../engine/day.ts'
import type { CatalogueItem } from '../../engine/pack.ts'
import { changedOn, listTypeOf } from './catalogueItem.ts'
import { knownOf, rowOf } from './catalogueColumns.ts'
import { must, nameless, one } from './field.ts'
import {
  fileEntry,
  type FileRow,
  fileSubject,
  goneAt,
  institutionOwner,
  zipTable,
} from './files.ts'
import { count, day, text } from './kinds.ts'
import { dayOf } from './moment.ts'
import { tell } from './tell.ts'
import { type Transaction, transaction } from './transaction.ts'

/** The catalogue of a region, and what of it a client has not got yet. */
export interface Download {
  readonly items: readonly CatalogueItem[]
  readonly region: Division
  readonly today: Day
  /** What changed on this day or before is there already (本地最大版本号, ver); absent means that nothing is. */
  readonly since?: Day | undefined
}

/** The day that a version is of: eight digits anywhere in it; a client that has nothing sends 0. */
function dayOfVersion(version: string): Day | undefined {
  const [, year, month, date] = /(\d{4})(\d{2})(\d{2})/.exec(version) ?? []
  const on = `${year}-${month}-${date}`
  return isDay(on) ? on : undefined
}

/** Whether something that changed on a day has come since what a client has. */
export const isNews = (changed: Day, { since, today }: Download): boolean =>
  changed <= today && (since === undefined || changed > since)

/** The rows of the items of one catalogue. */
export const itemRows =
  (file: Parameters<typeof rowOf>[0], listType: string) =>
  (download: Download): FileRow[] =>
    download.items
      .filter(({ code }) => listTypeOf(code) === listType)
      .filter((item) => isNews(changedOn(item, download.today), download))
      .map((item) => rowOf(file, knownOf(item, download.today)))

/** A catalogue that the loaded rules do not hold: an empty file, which says so. */
export const noRows = (): FileRow[] => []

const input = { data: one({ ver: must(text(30), '版本号') }) } as const
const output = {
  [nameless]: one({
    file_qury_no: must(text(40), '文件查询号'),
    filename: must(text(100), '文件名'),
    dld_end_time: must(day, '下载截止日期'),
    data_cnt: must(count(10), '数据量'),
  }),
} as const

/** Puts a catalogue into a file that 9102 hands out (目录下载): what changed after the version a client has. */
export const catalogueDownload = (
  infno: string,
  name: { readonly zh: string; readonly en: string },
  rowsOf: (download: Download) => readonly FileRow[],
): Transaction<typeof input, typeof output> =>
  transaction({
    infno,
    name,
    input,
    output,
    writes: true,
    async handle({ data }, { institution: { code }, key, settings, submit, today, now, world }) {
      const region = settings.division
      const since = dayOfVersion(data.ver)
      const rows = rowsOf({ items: world.catalogue(region), region, today, since })
      const number = world.newId(institutionOwner(code))
      const subject = fileSubject(code, number)
      const table = `${infno}_${today.replaceAll('-', '')}.txt`
      const made = { number, name: `${table}.zip`, until: goneAt(now), rows: rows.length }
      const outcome = await submit({
        kind: 'enter',
        key,
        institution: code,
        owner: subject.owner,
        subjects: [subject],
        enter: () => ({
          entries: [fileEntry(code, { ...made, bytes: zipTable(table, rows) })],
          result: made,
        }),
      })
      return tell(outcome, 'entered', world, ({ result }) => ({
        output: { [nameless]: tellFile(result as unknown as Made) },
      }))
    },
  })

interface Made {
  readonly number: string
  readonly name: string
  readonly until: Instant
  readonly rows: number
}

const tellFile = ({ number, name, until, rows }: Made) => ({
  file_qury_no: number,
  filename: name,
  dld_end_time: dayOf(until),
  data_cnt: rows,
})
