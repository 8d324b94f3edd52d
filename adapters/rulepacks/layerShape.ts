import type { Static } from 'typebox'
import { chargeClasses } from '../../engine/claim.ts'
import { burdenParts, capPeriods, deductibleModes } from '../../engine/pack.ts'
import {
  anyWord,
  closed,
  emptyOrList,
  factor,
  leaf,
  list,
  maybe,
  oneOf,
  oneOrMany,
  sourceId,
  text,
  truth,
  word,
  yuan,
} from './shapes.ts'
import { amountTable, factorTable, flattened, rateTable, when } from './when.ts'

export const className = oneOf([...chargeClasses, '甲', '乙', '丙'], 'a charge class 收费项目等级')
export const accumulatorName = leaf(
  'the name of an accumulator 累计 such as pool.inpatient',
  '^[A-Za-z][A-Za-z0-9.-]{0,79}$',
)
const part = oneOf(burdenParts, "a part of the person's side of the bill")
const by = oneOf(['disease', 'institution'], 'counted apart by')

export const deductibleShape = closed(
  {
    mode: oneOf(deductibleModes, 'how the deductible is charged 起付线方式'),
    amount: amountTable('the standard 起付标准'),
    adjust: maybe(
      list(
        closed({ ...flattened, times: maybe(factor), less: maybe(yuan) }),
        'changes to the standard, in order; each has times or less',
      ),
    ),
    accumulator: maybe(accumulatorName),
    by: maybe(by),
    source: maybe(sourceId),
  },
  'the deductible 起付线',
)

const cap = closed(
  {
    per: oneOf(capPeriods, 'the period a cap holds for'),
    amount: amountTable('the cap 封顶线'),
    counts: maybe(oneOf(['paid', 'base'], 'limits what is paid, or the base it is paid from')),
    accumulator: maybe(accumulatorName),
    by: maybe(by),
    source: maybe(sourceId),
  },
  'a limit over a period',
)

const tiers = closed(
  {
    countedFrom: oneOf(['zero', 'deductible'], 'where segments count from'),
    over: oneOf(['visit', 'year'], 'the period segments count over'),
    accumulator: maybe(accumulatorName),
    segments: list(
      closed({ upTo: maybe(amountTable('the upper boundary')), rate: rateTable('the rate') }),
      'segments in rising order; the last has no upTo',
      50,
    ),
  },
  'segments 分段',
)

export const layerShape = closed(
  {
    id: word,
    name: closed({ zh: text('the name in Chinese'), en: text('the name in English') }),
    payer: word,
    when: maybe(when),
    base: maybe(oneOrMany(part, 'the parts this layer pays from; default inScope')),
    lines: maybe(
      closed(
        {
          kind: maybe(oneOrMany(anyWord, 'kinds of item')),
          exceptKind: maybe(oneOrMany(anyWord, 'kinds of item left out')),
          class: maybe(oneOrMany(className, 'charge classes')),
          items: maybe(oneOrMany(anyWord, 'item codes')),
        },
        'only these fee lines',
      ),
    ),
    deductible: maybe(deductibleShape),
    pays: closed(
      {
        rate: maybe(rateTable('the rate paid')),
        tiers: maybe(tiers),
        fixed: maybe(amountTable('a fixed amount 定额')),
      },
      'exactly one of rate, tiers and fixed',
    ),
    bonus: maybe(rateTable('added to the rate, at most 100 % together')),
    selfTimes: maybe(factorTable("the person's own rate is this times what the rate leaves")),
    reduced: maybe(truth('does a cross-region reduction apply?')),
    caps: maybe(list(cap, 'limits', 20)),
    feeds: maybe(emptyOrList(accumulatorName, 'accumulators that grow by what is paid', 30)),
    feedsBase: maybe(emptyOrList(accumulatorName, 'accumulators that grow by the base', 30)),
    source: sourceId,
    illustrative: maybe(truth('invented, 示例')),
  },
  'one payer’s step 支付层',
)

export const layers = list(layerShape, 'layers in the order they pay', 60)

export const accountShape = closed(
  {
    own: emptyOrList(part, 'what the own account may pay'),
    family: emptyOrList(part, 'what a family account may pay'),
    relations: emptyOrList(anyWord, 'relations whose accounts may be drawn on'),
    order: oneOf(['own-first', 'family-first'], 'which account pays first'),
    countsAsBurden: maybe(truth('does what accounts pay still count as burden? Default yes')),
    source: sourceId,
  },
  'what personal accounts may pay 个人账户',
)

export const crossRegionShape = closed(
  {
    coefficient: maybe(rateTable('multiplies the rates of reduced layers')),
    points: maybe(rateTable('taken off the rates of reduced layers')),
    firstPay: maybe(rateTable('set aside of the in-scope amount before the deductible')),
    source: sourceId,
  },
  'how less is paid away from home 异地降低待遇',
)

export type LayerFields = Static<typeof layerShape>
export type DeductibleFields = Static<typeof deductibleShape>
export type CapFields = Static<typeof cap>
export type TierFields = Static<typeof tiers>
export type AccountFields = Static<typeof accountShape>
export type CrossRegionFields = Static<typeof crossRegionShape>
