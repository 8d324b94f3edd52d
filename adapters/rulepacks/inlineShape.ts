import type { Static } from 'typebox'
import { needs } from '../../engine/pack.ts'
import { accountShape, crossRegionShape, deductibleShape, layerShape } from './layerShape.ts'
import { datesShape, scopeShape } from './packShapes.ts'
import { closed, leaf, list, maybe, named, oneOf, truth, word, yuan } from './shapes.ts'

const inlineLayer = closed(
  {
    ...layerShape.properties,
    id: maybe(layerShape.properties.id),
    name: maybe(layerShape.properties.name),
    source: maybe(layerShape.properties.source),
  },
  'a layer; id, name and source may be left out',
)
export const inlineLayers = list(inlineLayer, 'layers in the order they pay', 60)

export const inlineRule = closed(
  {
    layers: inlineLayers,
    deductible: maybe(deductibleShape),
    careGroup: maybe(word),
    countsAdmission: maybe(truth('does it count as an admission?')),
    needs: maybe(list(oneOf(needs, 'what a claim must bring'), 'what a claim must bring')),
    scope: maybe(scopeShape),
    dates: maybe(datesShape),
    account: maybe(closed({ ...accountShape.properties, source: maybe(word) })),
    crossRegion: maybe(closed({ ...crossRegionShape.properties, source: maybe(word) })),
    parameters: maybe(named(yuan, '^[A-Za-z][A-Za-z0-9]{0,40}$', 'amounts such as averageWage')),
    yearStarts: maybe(leaf('a day of the year as 01-01', '^\\d{2}-\\d{2}$')),
  },
  'a rule for this case alone',
)

export type InlineRuleFields = Static<typeof inlineRule>
export type InlineLayerFields = Static<typeof inlineLayer>
