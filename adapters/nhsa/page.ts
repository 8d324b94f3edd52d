import { type Kind, must, type ReadBy, type WrittenBy } from './field.ts'
import { count } from './kinds.ts'

/** Which page of a list is wanted (分页): what a paged query takes beside its own fields. */
export const pageAsked = {
  page_num: must(count(4), '当前页数'),
  page_size: must(count(4), '本页数据量'),
}

/** 布尔型: what is only ever told. */
const truth: Kind<boolean> = {
  type: '布尔型',
  read: (given) => ({ value: String(given) === 'true' }),
  write: (value) => value,
}

/** What a paged query tells beside its rows, in the output itself. */
export const pageTold = {
  pages: must(count(10), '总页数'),
  recordCounts: must(count(10), '总记录数'),
  size: must(count(10), '本页记录数'),
  startRow: must(count(10), '起始行'),
  endRow: must(count(10), '结束行'),
  firstPage: must(truth, '是否首页'),
  lastPage: must(truth, '是否末页'),
}

/** [J] Most rows of one page; whoever asks for more gets as many and sees so in `size`. */
const mostRows = 500

/** A page of rows that are in memory already, and where it stands among all of them. */
export interface Page<T> {
  readonly rows: readonly T[]
  readonly told: WrittenBy<typeof pageTold>
}

/** Cuts a page out of all rows; pages are counted from 1, and what lies behind the last is empty. */
export function pageOf<T>(all: readonly T[], asked: ReadBy<typeof pageAsked>): Page<T> {
  const size = Math.min(Math.max(asked.page_size, 1), mostRows)
  const number = Math.max(asked.page_num, 1)
  const start = (number - 1) * size
  const rows = all.slice(start, start + size)
  const pages = Math.ceil(all.length / size)
  return {
    rows,
    told: {
      pages,
      recordCounts: all.length,
      size: rows.length,
      startRow: rows.length === 0 ? 0 : start + 1,
      endRow: rows.length === 0 ? 0 : start + rows.length,
      firstPage: number === 1,
      lastPage: number >= pages,
    },
  }
}
