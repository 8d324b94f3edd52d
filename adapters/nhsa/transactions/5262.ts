import { must, one } from '../field.ts'
import { text } from '../kinds.ts'
import { printAsked, printed, textOf } from '../printed.ts'
import { transaction } from '../transaction.ts'

/** Tells a settlement statement as text to be printed as it is (结算单打印). */
export const printStatement = transaction({
  infno: '5262',
  name: { zh: '结算单打印', en: 'print a settlement statement' },
  input: { data: one(printAsked) },
  output: {
    setlstmt: one({
      filename: must(text(200), '文件名'),
      content_type: must(text(50), '内容类型'),
      content: must(text(20_000), '内容'),
    }),
  },
  writes: false,
  async handle({ data }, call) {
    const found = await printed(data, call)
    if ('refused' in found) return found
    return {
      output: {
        setlstmt: {
          filename: `结算单_${data.setl_id}.txt`,
          content_type: 'text/plain; charset=utf-8',
          content: textOf(found),
        },
      },
    }
  },
})
