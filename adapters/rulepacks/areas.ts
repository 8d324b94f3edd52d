import type { Static } from 'typebox'
import type { PoolingArea } from '../../engine/route.ts'
import { closed, division, leaf, list, sourceId, sources, text } from './shapes.ts'
import type { Say } from './tables.ts'

/** The division of a province (省级区划), such as 510000. */
export const province = leaf('a province such as 510000', '^[1-9]\\d0000$', { editor: 'number' })

/** A file of pooling areas that have no rules here, and must be known all the same: to route to them and to file for them. */
export const areasFile = closed({
  province,
  sources,
  areas: list(
    closed({
      division,
      name: text('the name of the pooling area'),
      divisions: list(division, 'every division of the pooling area, 市本级 included'),
      source: sourceId,
    }),
    'the pooling areas 统筹区 of one province',
  ),
})

export type AreasFields = Static<typeof areasFile>

export function decodeAreas(
  { province: of, areas }: AreasFields,
  file: string,
  say: Say,
): PoolingArea[] {
  return areas.map(({ division: own, name, divisions, source }, i) => {
    const path = ['areas', i]
    if (!divisions.includes(own)) say([...path, 'divisions'], `${own} itself is missing`)
    return { file, path, division: own, name, divisions, province: of, source }
  })
}
