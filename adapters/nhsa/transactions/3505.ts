import { tellSale } from '../../../engine/packages.ts'
import { refuse } from '../../../engine/refusal.ts'
import { may, must, one, type Table } from '../field.ts'
import { goodsFields, goodsResult, keepGoods } from '../goods.ts'
import { code, text } from '../kinds.ts'
import { transaction } from '../transaction.ts'

/** mdtrt_setl_type of a sale that the buyer paid alone (自费结算). */
const paidAlone = '2'

const selinfo = {
  ...goodsFields,
  prsc_dr_cert_type: may(text(6), '开方医师证件类型'),
  prsc_dr_certno: may(text(50), '开方医师证件号码'),
  prsc_dr_name: must(text(50), '开方医师姓名'),
  phar_cert_type: may(text(6), '药师证件类型'),
  phar_certno: may(text(50), '药师证件号码'),
  phar_name: must(text(50), '药师姓名'),
  phar_prac_cert_no: must(text(50), '药师执业资格证号'),
  hi_feesetl_type: may(text(6), '医保费用结算类型'),
  rxno: may(text(40), '处方号'),
  rx_circ_flag: may(code('flag', 3), '外购处方标志'),
  rtal_docno: must(text(40), '零售单据号'),
  stoout_no: may(text(40), '销售出库单据号'),
  bchno: may(text(30), '批次号'),
  drug_prod_barc: may(text(30), '药品条形码'),
  shelf_posi: may(text(20), '货架位'),
  mdtrt_setl_type: may(text(6), '就诊结算类型'),
} as const satisfies Table

/**
 * Tells of a sale (商品销售). Its traced packages cannot be sold again until they are returned; where a settlement sold
 * them already, this is the same sale told by the stock keeper.
 */
export const tellOfSale = transaction({
  infno: '3505',
  name: { zh: '商品销售', en: 'tell of a sale' },
  input: { selinfo: one(selinfo) },
  output: goodsResult,
  writes: true,
  async handle({ selinfo: given }, call) {
    const { institution, world } = call
    const { setl_id } = given
    const chain = setl_id === undefined ? undefined : await world.settlements.chain(setl_id)
    if (setl_id !== undefined && chain?.[0]?.content.institution !== institution.code)
      return { refused: world.explain(refuse('settlement-unknown', { settlement: setl_id })) }
    return keepGoods(
      'sale',
      selinfo,
      given,
      call,
      ({ dossiers }, codes, { name, loose, institution }) =>
        tellSale(dossiers, codes, {
          sale: name,
          institution,
          loose,
          settlement: given.setl_id,
          visit: given.mdtrt_sn,
          person: given.psn_no,
          unsettled: given.mdtrt_setl_type === paidAlone || undefined,
        }),
    )
  },
})
