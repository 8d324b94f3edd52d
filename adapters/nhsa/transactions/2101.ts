import { lineResultTable } from '../feedetail.ts'
import { many, one } from '../field.ts'
import { keptSale, saleInput, saleOf } from '../sale.ts'
import { setldetailOf, setldetailTable } from '../setldetail.ts'
import { setlinfoOf } from '../setlinfo.ts'
import { previewTable } from '../setlinfoTable.ts'
import { transaction } from '../transaction.ts'

/** Shows what a sale in a pharmacy would come to (药店预结算); nothing is kept of it, so that it has no mdtrt_id. */
export const previewSale = transaction({
  infno: '2101',
  name: { zh: '药店预结算', en: 'preview a pharmacy sale' },
  input: saleInput,
  output: {
    setlinfo: one(previewTable),
    setldetail: many(setldetailTable),
    detlcutinfo: many(lineResultTable),
  },
  writes: false,
  async handle(input, call) {
    const { now, settings, world } = call
    const sale = saleOf(input, call)
    if ('refused' in sale) return sale
    const preview = await world.preview(sale)
    if (preview.kind === 'refused') return { refused: world.explain(preview.refusal) }
    const { settlement: content, result } = preview
    const { setl, lines } = keptSale(result)
    return {
      output: {
        setlinfo: { ...setlinfoOf(content, setl, { postedAt: now }, settings), mdtrt_id: '' },
        setldetail: setldetailOf(content, settings),
        detlcutinfo: lines,
      },
      warnings: content.warnings.map((warning) => world.warn(warning)),
    }
  },
})
