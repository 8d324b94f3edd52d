import type { Instant } from '../../../engine/day.ts'
import { bytes } from '../bytes.ts'
import { must, one } from '../field.ts'
import { fileEntry, fileSubject, goneAt, institutionOwner } from '../files.ts'
import { moment, text } from '../kinds.ts'
import { tell } from '../tell.ts'
import { transaction } from '../transaction.ts'

/** Keeps a file for an institution (文件上传), such as the details that 3202 compares. What it holds is read only then. */
export const upload = transaction({
  infno: '9101',
  name: { zh: '文件上传', en: 'upload a file' },
  input: {
    fsUploadIn: one({
      in: must(bytes, '文件数据'),
      filename: must(text(200), '文件名'),
      fixmedins_code: must(text(30), '医药机构编号'),
    }),
  },
  output: {
    fsUploadOut: one({
      file_qury_no: must(text(30), '文件查询号'),
      filename: must(text(200), '文件名'),
      fixmedins_code: must(text(30), '医药机构编号'),
      dld_endtime: must(moment, '下载截止时间'),
    }),
  },
  writes: true,
  async handle({ fsUploadIn: given }, { world, submit, key, institution: { code }, now }) {
    if (given.fixmedins_code !== code)
      return { refused: `医药机构编号须为本机构编号${code}，不能为其他机构上传文件。` }
    const number = world.newId(institutionOwner(code))
    const file = { number, name: given.filename, bytes: given.in, until: goneAt(now) }
    const subject = fileSubject(code, number)
    const outcome = await submit({
      kind: 'enter',
      key,
      institution: code,
      owner: subject.owner,
      subjects: [subject],
      enter: () => ({ entries: [fileEntry(code, file)], result: { number, until: file.until } }),
    })
    return tell(outcome, 'entered', world, ({ result }) => {
      const kept = result as { number: string; until: Instant }
      return {
        output: {
          fsUploadOut: {
            file_qury_no: kept.number,
            filename: given.filename,
            fixmedins_code: code,
            dld_endtime: kept.until,
          },
        },
      }
    })
  },
})
