import type { Json, Subject } from '../../engine/dossier.ts'
import { keptOf } from '../../engine/dossier.ts'
import { packageSubject } from '../../engine/packages.ts'
import type { Entered, Found } from '../../engine/ports.ts'
import { isRefusal, type Refusal, refuse } from '../../engine/refusal.ts'
import { institutionOwner } from './files.ts'
import { may, must, one, type ReadBy, type Table } from './field.ts'
import { code, day, moment, price, quantity, text } from './kinds.ts'
import { tell } from './tell.ts'
import { packagesOf, traceFields } from './traces.ts'
import type { Call, Told } from './transaction.ts'
import { writeTable } from './write.ts'

const flag = code('flag', 3)

/** What a sale and a return (商品销售, 商品销售退货) tell of goods in the same words. */
export const goodsFields = {
  med_list_codg: must(text(50), '医疗目录编码'),
  fixmedins_hilist_id: must(text(30), '定点医药机构目录编号'),
  fixmedins_hilist_name: must(text(200), '定点医药机构目录名称'),
  fixmedins_bchno: must(text(30), '定点医药机构批次流水号'),
  setl_id: may(text(30), '结算ID'),
  mdtrt_sn: must(text(30), '就医流水号'),
  psn_no: may(text(30), '人员编号'),
  psn_cert_type: must(code('psn_cert_type', 6), '人员证件类型'),
  certno: may(text(50), '证件号码'),
  psn_name: may(text(50), '人员姓名'),
  manu_lotnum: must(text(30), '生产批号'),
  manu_date: must(day, '生产日期'),
  expy_end: must(day, '有效期止'),
  rx_flag: must(text(3), '处方药标志'),
  ...traceFields,
  trdn_flag: must(flag, '拆零标志'),
  finl_trns_pric: may(price, '最终成交单价'),
  sel_retn_cnt: must(quantity, '销售/退货数量'),
  sel_retn_time: must(moment, '销售/退货时间'),
  sel_retn_opter_name: must(text(50), '销售/退货经办人姓名'),
  memo: may(text(500), '备注'),
} as const satisfies Table

/** What 3505 and 3506 answer. */
export const goodsResult = {
  result: one({
    retRslt: must(text(3), '返回结果'),
    msgRslt: may(text(200), '返回信息'),
  }),
}

type Goods = ReadBy<typeof goodsFields>

/** The dossier of one sale or return of an institution: its batch number names it, once for each of its goods. */
const goodsSubject = (kind: 'sale' | 'return', institution: string, goods: Goods): Subject => ({
  owner: institutionOwner(institution),
  name: `${kind} ${goods.fixmedins_bchno} ${goods.fixmedins_hilist_id}`,
})

/** Keeps a sale or a return, and what it does to the traced packages. */
export async function keepGoods(
  kind: 'sale' | 'return',
  table: Table,
  goods: Goods,
  { institution: { code: institution }, key, submit, world }: Call,
  trace: (
    found: Found,
    codes: readonly string[],
    sale: { name: string; loose: boolean; institution: string },
  ) => Entered['entries'] | Refusal,
): Promise<Told<typeof goodsResult>> {
  const { packages: codes = [], loose = false } = packagesOf(goods)
  const subject = goodsSubject(kind, institution, goods)
  const outcome = await submit({
    kind: 'enter',
    key,
    institution,
    owner: subject.owner,
    subjects: [subject, ...codes.map(packageSubject)],
    enter(found) {
      if (keptOf(found.dossiers, subject).length > 0)
        return refuse('entry-already-there', { entry: goods.fixmedins_bchno })
      const traced = trace(found, codes, { name: subject.name, loose, institution })
      if (isRefusal(traced)) return traced
      return { entries: [{ subject, kind, body: bodyOf(table, goods, codes) }, ...traced] }
    },
  })
  return tell(outcome, 'entered', world, () => ({
    output: { result: { retRslt: '1', msgRslt: null } },
  }))
}

/** Kept as it was told, in the words of the wire. */
const bodyOf = (table: Table, goods: Goods, codes: readonly string[]): Json => ({
  ...(writeTable(table, goods) as Record<string, Json>),
  drugtracinfo: codes,
})
