import { add, type Fen, toYuan, zero } from '../../engine/money.ts'
import type { Components, Paid, Refund } from './mobileOrder.ts'

/** Whether three components add up to their total, exactly (I8). */
export const addsUp = ({ total, cash, account, fund }: Components): boolean =>
  add(add(cash, account), fund) === total

/** Why a refund does not fit what was paid, whenever it is asked for (6203). */
export function refuseRefund(refund: Refund, paid: Paid): string | undefined {
  const { type, total, cash, account, fund } = refund
  if (!addsUp(refund)) return `退费总额${toYuan(total)}不等于现金、个人账户与基金退费之和。`
  const above = parts.find(({ of }) => of(refund) > of(paid))
  if (above) return `${above.zh}退费${toYuan(above.of(refund))}超过原${toYuan(above.of(paid))}。`
  if (total === zero) return '退费总额须大于零。'
  if (type === 'CASH') return account + fund > 0n ? '仅退现金时不得含个人账户与基金。' : undefined
  if (type === 'HI' && cash !== zero) return '仅退医保时不得含现金。'
  const whole = type === 'HI' ? parts.slice(1) : parts
  const other = whole.find(({ of }) => of(refund) !== of(paid))
  return (
    other &&
    `${type}退费须等于原结算各部分：${other.zh}原为${toYuan(other.of(paid))}，现为${toYuan(other.of(refund))}。`
  )
}

const parts: readonly { readonly zh: string; readonly of: (of: Components) => Fen }[] = [
  { zh: '现金', of: ({ cash }) => cash },
  { zh: '个人账户', of: ({ account }) => account },
  { zh: '基金', of: ({ fund }) => fund },
]
