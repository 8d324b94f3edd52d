import { lineResultTable } from '../feedetail.ts'
import { many, one } from '../field.ts'
import { keptSale, saleInput, saleOf } from '../sale.ts'
import { setldetailOf, setldetailTable } from '../setldetail.ts'
import { setlinfoOf } from '../setlinfo.ts'
import { setlinfoTable } from '../setlinfoTable.ts'
import { sinceThen } from '../sinceThen.ts'
import { tell } from '../tell.ts'
import { transaction } from '../transaction.ts'

/** Registers a sale in a pharmacy, takes its lines and settles them, all in one (药店结算). */
export const settleSale = transaction({
  infno: '2102',
  name: { zh: '药店结算', en: 'settle a pharmacy sale' },
  input: saleInput,
  output: {
    setlinfo: one(setlinfoTable),
    setldetail: many(setldetailTable),
    detlcutinfo: many(lineResultTable),
  },
  writes: true,
  async handle(input, call) {
    const { key, settings, submit, world } = call
    const sale = saleOf(input, call)
    if ('refused' in sale) return sale
    const outcome = await submit({ ...sale, key })
    return tell(outcome, 'settled', world, async (settled) => {
      const { row, result } = settled
      const { settlement: id, postedAt, content } = row
      const { setl, lines } = keptSale(result)
      return {
        output: {
          setlinfo: setlinfoOf(content, setl, { id, postedAt }, settings),
          setldetail: setldetailOf(content, settings),
          detlcutinfo: lines,
        },
        warnings: [
          ...(await sinceThen(settled, call)),
          ...content.warnings.map((warning) => world.warn(warning)),
        ],
      }
    })
  },
})
