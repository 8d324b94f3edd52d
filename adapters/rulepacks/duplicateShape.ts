import type { Static } from 'typebox'
import { careKinds } from '../../engine/claim.ts'
import type { Day } from '../../engine/day.ts'
import type { DuplicateRule } from '../../engine/duplicate.ts'
import {
  closed,
  count,
  day,
  emptyOrList,
  maybe,
  oneOf,
  oneOrMany,
  sourceId,
  truth,
} from './shapes.ts'
import { checkSpan, isTrue, maybeMany, type Say } from './tables.ts'

const rule = closed(
  {
    from: day,
    until: maybe(day),
    action: oneOf(['refuse', 'suspect'], 'what comes of it'),
    care: maybe(
      oneOrMany(oneOf(careKinds, 'a kind of care'), 'kinds of care 医疗类别; default each'),
    ),
    sameTerminal: maybe(truth('only where both were settled at one terminal 同一终端?')),
    within_seconds: maybe(count),
    source: sourceId,
  },
  'what comes of a bill that is the same as one before',
)

/** The part `duplicates` of a region's file: of its rules the first that fits decides (engine/duplicate.ts). */
export const duplicatesShape = emptyOrList(
  rule,
  'bills of the same person, institution, day, items and amounts under another key 疑似重复; what no rule fits is suspect',
  20,
)

export function decodeDuplicates(
  fields: Static<typeof duplicatesShape> | undefined,
  say: Say,
): DuplicateRule[] | undefined {
  return fields?.map(({ from, until, action, care, sameTerminal, within_seconds, source }, i) => {
    const path = ['duplicates', i]
    checkSpan({ from, until: until ?? from }, path, say)
    if (within_seconds !== undefined && Number(within_seconds) < 1)
      say([...path, 'within_seconds'], 'found 0, expected at least 1')
    // Two injections a day are lawful (decision 20): what is refused is what cannot be two of them.
    if (action === 'refuse' && within_seconds === undefined)
      say(path, '"within_seconds" is missing: the same bill later that day may be lawful')
    return {
      from: from as Day,
      until: until as Day | undefined,
      action,
      care: maybeMany(care),
      sameTerminal: sameTerminal !== undefined && isTrue(sameTerminal),
      within_seconds: within_seconds === undefined ? undefined : Number(within_seconds),
      source,
    }
  })
}
