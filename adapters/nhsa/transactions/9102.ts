import { bytes } from '../bytes.ts'
import { may, must, one } from '../field.ts'
import { findFile } from '../files.ts'
import { moment, text } from '../kinds.ts'
import { transaction } from '../transaction.ts'

/**
 * Hands a file out (文件下载). Gateways are known that answer with the bare bytes of the file; this one keeps its
 * envelope, so that the answer can be signed and encrypted as any other, and gives the bytes as base64 in `in`, under
 * the name that 9101 takes them by. The file name is not compared: clients send “plc” for what 1301–1319 made.
 */
export const download = transaction({
  infno: '9102',
  name: { zh: '文件下载', en: 'download a file' },
  input: {
    fsDownloadIn: one({
      file_qury_no: must(text(30), '文件查询号'),
      filename: must(text(200), '文件名'),
      fixmedins_code: may(text(30), '医药机构编号'),
    }),
  },
  output: {
    fsDownloadOut: one({
      file_qury_no: must(text(30), '文件查询号'),
      filename: must(text(200), '文件名'),
      fixmedins_code: must(text(30), '医药机构编号'),
      dld_endtime: must(moment, '下载截止时间'),
      in: must(bytes, '文件数据'),
    }),
  },
  writes: false,
  async handle({ fsDownloadIn: { file_qury_no } }, { world, institution: { code } }) {
    const file = await findFile(world, code, file_qury_no)
    if (!file) return { refused: `没有文件${file_qury_no}，或已过下载截止时间。` }
    return {
      output: {
        fsDownloadOut: {
          file_qury_no,
          filename: file.name,
          fixmedins_code: code,
          dld_endtime: file.until,
          in: file.bytes,
        },
      },
    }
  },
})
