import { csv } from './csv.ts'
import { jsonLines } from './jsonLines.ts'
import { parquet } from './parquet.ts'
import type { Format } from './table.ts'
import { xlsx } from './xlsx.ts'

/** The forms in which a table leaves the house (导出格式). */
export const formats = {
  csv: { type: 'text/csv; charset=utf-8; header=present', write: csv },
  xlsx: {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    write: (table) => xlsx(table),
  },
  jsonl: { type: 'application/x-ndjson; charset=utf-8', write: jsonLines },
  parquet: { type: 'application/vnd.apache.parquet', write: parquet },
} as const satisfies Record<string, { readonly type: string; readonly write: Format }>

export type FormatName = keyof typeof formats
