import { tellReturn } from '../../../engine/packages.ts'
import { may, one, type Table } from '../field.ts'
import { goodsFields, goodsResult, keepGoods } from '../goods.ts'
import { text } from '../kinds.ts'
import { transaction } from '../transaction.ts'

const selinfo = {
  ...goodsFields,
  medins_prod_sel_no: may(text(50), '商品销售流水号'),
} as const satisfies Table

/**
 * Tells of goods that came back (商品销售退货): their traced packages may be sold again, unless a settlement that stands
 * sold them, which is cancelled with 2103, 2208 or 2305.
 */
export const tellOfReturn = transaction({
  infno: '3506',
  name: { zh: '商品销售退货', en: 'tell of goods that came back' },
  input: { selinfo: one(selinfo) },
  output: goodsResult,
  writes: true,
  handle: async ({ selinfo: given }, call) =>
    keepGoods('return', selinfo, given, call, ({ dossiers }, codes, { institution }) =>
      tellReturn(dossiers, codes, institution),
    ),
})
