import { type Poison, spoil } from './spoil.ts'

const inAreas = (name: string, from: string, to: string, says: RegExp, line?: number): Poison =>
  spoil(name, ['pooling-areas/990000-test.yaml', from, to], says, line)

/** Lists of pooling areas without rules that cannot be used. */
export const poisonedAreas: readonly Poison[] = [
  inAreas(
    'an area of no province',
    "province: '990000'\n",
    '',
    /"province" is missing, expected a province/,
    1,
  ),
  inAreas(
    'a province that is a city',
    "province: '990000'",
    "province: '990100'",
    /found "990100", expected a province/,
  ),
  inAreas('an area that leaves itself out', "['990300']", "['990301']", /990300 itself is missing/),
  inAreas(
    'a division in two areas',
    "['990300']",
    "['990300', '990201']",
    /990201 belongs to 990200 乙市 in pooling-areas\/990000-test.yaml already/,
  ),
  inAreas(
    'an area that has a pack',
    "['990300']",
    "['990300', '990100']",
    /990100 belongs to 990100-test\/region.yaml already/,
  ),
  inAreas(
    'an area without a source',
    "'990300'], source: made",
    "'990300'], source: none",
    /expected a source listed/,
  ),
]
