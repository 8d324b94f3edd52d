import { province } from './areas.ts'
import { cardsShape } from './cardPolicyShape.ts'
import { clearingShape } from './clearingPolicyShape.ts'
import { duplicatesShape } from './duplicateShape.ts'
import { filingShape } from './filingShape.ts'
import type { Static } from 'typebox'
import { careKinds, catalogueFunds, schemes } from '../../engine/claim.ts'
import { hospitalLevels } from '../../engine/institution.ts'
import { needs } from '../../engine/pack.ts'
import { accountShape, className, crossRegionShape, layers } from './layerShape.ts'
import {
  anyWord,
  closed,
  day,
  division,
  emptyOrList,
  leaf,
  list,
  maybe,
  named,
  oneOf,
  oneOrMany,
  optional,
  price,
  rate,
  sourceId,
  sources,
  text,
  truth,
  word,
  yuan,
} from './shapes.ts'
import { when } from './when.ts'

const scheme = oneOf(schemes, 'a scheme 险种')
const care = oneOrMany(oneOf(careKinds, 'a kind of care'), 'kinds of care 医疗类别')
const settlesUnder = closed(
  optional(schemes, scheme),
  'schemes settled by the rules of another, such as unemployment: employee',
)
const basis = oneOf(['admission', 'discharge', 'settlement'], 'which day decides')

export const scopeShape = closed(
  {
    catalogue: oneOf(catalogueFunds, "which fund's catalogue classifies the lines"),
    firstSelfPay: maybe(oneOf(['apply', 'none'], 'is there a first self-payment of class B?')),
    priceLimit: maybe(oneOf(['apply', 'none'], 'do price ceilings apply?')),
    rates: maybe(
      list(
        closed({ kind: anyWord, rate }),
        'first self-payment by kind of item, before the catalogue’s',
      ),
    ),
  },
  'how lines are classified',
)

export const datesShape = closed(
  {
    entitlement: maybe(basis),
    group: maybe(basis),
    benefit: maybe(basis),
    year: maybe(basis),
    catalogue: maybe(oneOf(['line', 'admission', 'discharge', 'settlement'], 'which day decides')),
    acrossYears: maybe(oneOf(['whole', 'split', 'forced-interim'], 'a stay over the year’s end')),
  },
  'which day decides what 待遇日期口径; default settlement, line, whole',
)

const shared = {
  scope: maybe(scopeShape),
  dates: maybe(datesShape),
  account: maybe(accountShape),
  crossRegion: maybe(crossRegionShape),
}

export const ruleShape = closed(
  {
    id: word,
    care,
    when: maybe(when),
    from: maybe(day),
    until: maybe(day),
    careGroup: word,
    countsAdmission: maybe(truth('does it count as an admission? default: careGroup is inpatient')),
    needs: maybe(list(oneOf(needs, 'what a claim must bring'), 'what a claim must bring')),
    ...shared,
    source: sourceId,
    layers,
  },
  'the rule of some kinds of care over a span of days',
)

const period = closed({ from: day, until: day }, 'the days this file claims to cover without a gap')

export const schemeFile = closed({
  region: division,
  scheme,
  period,
  sources,
  defaults: maybe(closed(shared, 'what rules have unless they say otherwise')),
  rules: list(ruleShape, 'rules', 200),
})

export const regionFile = closed({
  division,
  name: text('the name of the region'),
  divisions: list(division, 'every division of the pooling area'),
  province,
  yearStarts: leaf(
    'the first day of the benefit year as 01-01',
    '^(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
  ),
  sources,
  parameters: maybe(
    named(
      list(closed({ from: day, amount: yuan, source: sourceId }), 'dated amounts'),
      '^[A-Za-z][A-Za-z0-9]{0,40}$',
      'dated amounts that rules refer to, such as averageWage 社会平均工资',
    ),
  ),
  carryOver: maybe(
    closed({
      regions: maybe(oneOf(['restart', 'carry'], 'accumulators when moving between regions')),
      schemes: maybe(oneOf(['restart', 'carry'], 'accumulators when changing scheme')),
    }),
  ),
  undo: closed(
    {
      acrossMonths: truth('may a settlement of an earlier month be cancelled at the window?'),
      acrossYears: truth('and of an earlier benefit year?'),
      laterSettlements: oneOf(['refuse', 'list', 'resettle'], 'with later settlements in the year'),
    },
    'when a settlement may be undone 撤销',
  ),
  settlesUnder: maybe(settlesUnder),
  funds: maybe(
    named(
      closed({ zh: text('the name in Chinese'), en: text('the name in English') }),
      '^[A-Za-z][A-Za-z0-9.-]{0,79}$',
      'funds 基金 that only this region has, by the word that layers name as payer',
    ),
  ),
  externalInjury: oneOf(
    ['declaration', 'refuse', 'advance'],
    'external injury 外伤: with a declaration, never, or in advance 先行支付',
  ),
  cards: maybe(cardsShape),
  desk: maybe(
    closed(
      {
        approvalAbove: maybe(yuan),
        setOff: maybe(truth('may what is owed be set off against what is to be paid?')),
      },
      "the agency's desk 经办: above which sum a second approval is due, 抵扣",
    ),
  ),
  clearing: maybe(clearingShape),
  filing: maybe(filingShape),
  duplicates: maybe(duplicatesShape),
})

export const overlayFile = closed({
  name: leaf('a name such as demo-illustrative', '^[a-z][a-z0-9-]{0,60}$'),
  regions: list(division, 'the regions it is added to'),
  schemes: list(scheme, 'the schemes it is added to'),
  care,
  period,
  settlesUnder: maybe(settlesUnder),
  sandboxOnly: truth('is it kept out of production?'),
  sources,
  layers,
})

export const catalogueFile = closed({
  regions: list(division, 'the provinces or regions it holds for; the closest wins'),
  sources,
  items: list(
    closed({
      code: anyWord,
      name: text('the name of the item'),
      class: className,
      firstSelfPayRate: maybe(rate),
      limits: maybe(closed(optional(hospitalLevels, price), 'price ceilings by hospital level')),
      funds: list(oneOf(catalogueFunds, 'a fund'), 'whose catalogue it stands in'),
      kind: maybe(anyWord),
      diseases: maybe(emptyOrList(anyWord, 'special diseases whose directory holds it')),
      prescriptionOnly: maybe(truth('sold only on prescription?')),
      from: day,
      until: maybe(day),
      source: sourceId,
    }),
    'items of the catalogue 目录',
    10_000,
  ),
})

export type SchemeFields = Static<typeof schemeFile>
export type RuleFields = Static<typeof ruleShape>
export type RegionFields = Static<typeof regionFile>
export type OverlayFields = Static<typeof overlayFile>
export type CatalogueFields = Static<typeof catalogueFile>
export type ScopeFields = Static<typeof scopeShape>
export type DateFields = Static<typeof datesShape>
