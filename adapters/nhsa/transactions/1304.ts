import { many, may, must, nameless, one } from '../field.ts'
import { code, day, text } from '../kinds.ts'
import { pageAsked, pageOf, pageTold } from '../page.ts'
import { transaction } from '../transaction.ts'

/** Ethnic medicines (民族药): the loaded catalogue has none, and says so. */
export const ethnicMedicines = transaction({
  infno: '1304',
  name: { zh: '民族药品目录查询', en: 'ethnic medicines' },
  input: {
    data: one({
      med_list_codg: may(text(20), '医疗目录编码'),
      genname_codg: may(text(100), '通用名编号'),
      drug_genname: may(text(100), '药品通用名'),
      drug_prodname: may(text(500), '药品商品名'),
      reg_name: may(text(500), '注册名称'),
      tcmherb_name: may(text(30), '中草药名称'),
      mlms_name: may(text(255), '药材名称'),
      vali_flag: may(code('flag', 3), '有效标志'),
      ver: may(text(20), '版本号'),
      updt_time: may(day, '更新时间'),
      ...pageAsked,
    }),
  },
  output: {
    data: many({
      med_list_codg: must(text(50), '医疗目录编码'),
      drug_genname: may(text(500), '药品通用名'),
      vali_flag: must(code('flag', 3), '有效标志'),
      ver: must(text(20), '版本号'),
    }),
    [nameless]: one(pageTold),
  },
  writes: false,
  // oxlint-disable-next-line require-await
  async handle({ data }) {
    return { output: { data: [], [nameless]: pageOf([], data).told } }
  },
})
