import { many, may, must, one } from '../field.ts'
import { count, text } from '../kinds.ts'
import { listSubject, readList } from '../settlementList.ts'
import { transaction } from '../transaction.ts'

/** Tells what quality control found in a settlement list (结算清单质控结果查询): nothing, where it is accepted. */
export const queryList = transaction({
  infno: '4104',
  name: { zh: '医疗保障基金结算清单质控结果查询', en: 'query the quality of a settlement list' },
  input: {
    data: one({
      setl_id: must(text(30), '结算ID'),
      setl_list_id: may(text(30), '清单流水号'),
    }),
  },
  // [own] The national table of this answer is not public; the names follow those of 4101 and 3101.
  output: {
    data: one({
      setl_id: must(text(30), '结算ID'),
      setl_list_id: must(text(30), '清单流水号'),
      ver: must(count(6), '版本号'),
      qltctrl_stas: must(text(3), '质控状态'),
    }),
    result: many({
      rule_id: must(text(50), '规则ID'),
      rule_name: must(text(200), '规则名称'),
      fld: must(text(100), '问题字段'),
      prb_dscr: must(text(500), '问题描述'),
    }),
  },
  writes: false,
  async handle({ data: { setl_id, setl_list_id } }, { world, institution }) {
    const chain = await world.settlements.chain(setl_id)
    const content = chain?.[0]?.content
    const isOurs = content?.institution === institution.code
    const list = isOurs
      ? readList(await world.dossiers.read(listSubject(content.person, setl_id)))
      : undefined
    if (!list || (setl_list_id ?? list.number) !== list.number)
      return { refused: `本机构没有结算${setl_id}的清单。` }
    const { number, version, flaws } = list
    return {
      output: {
        data: {
          setl_id,
          setl_list_id: number,
          ver: version,
          qltctrl_stas: flaws.length === 0 ? '1' : '0',
        },
        result: flaws.map(({ rule, name, field, told }) => ({
          rule_id: rule,
          rule_name: name,
          fld: field,
          prb_dscr: told,
        })),
      },
    }
  },
})
