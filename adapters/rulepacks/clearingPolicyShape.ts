import type { Static } from 'typebox'
import { type ClearingPolicy, usualClearingPolicy } from '../../engine/clearingPolicy.ts'
import { windowKinds } from '../../engine/clearingWindow.ts'
import { parseRatio } from '../../engine/money.ts'
import { closed, count, maybe, oneOf, rate, sourceId } from './shapes.ts'

/** The part `clearing` of a region's file: what it leaves out is as usual (engine/clearingPolicy.ts). */
export const clearingShape = closed(
  {
    source: sourceId,
    window: maybe(oneOf(windowKinds, 'how long a window is 清算周期')),
    closesAfter_days: maybe(count),
    prepaid: maybe(closed({ yellow: maybe(rate), red: maybe(rate) }, 'warnings 预付金预警')),
    retained: maybe(rate),
  },
  'what the region has decided about clearing 清算业务参数',
)

export function decodeClearing(
  fields: Static<typeof clearingShape> | undefined,
): ClearingPolicy | undefined {
  const usual = usualClearingPolicy
  if (!fields) return undefined
  const { window = usual.window, closesAfter_days, prepaid = {}, retained } = fields
  return {
    window,
    closesAfter_days:
      closesAfter_days === undefined ? usual.closesAfter_days : Number(closesAfter_days),
    yellow: prepaid.yellow === undefined ? usual.yellow : parseRatio(prepaid.yellow),
    red: prepaid.red === undefined ? usual.red : parseRatio(prepaid.red),
    retained: retained === undefined ? usual.retained : parseRatio(retained),
  }
}
