import { type Poison, spoil } from './spoil.ts'

const inRegion = (name: string, from: string, to: string, says: RegExp): Poison =>
  spoil(name, ['990100-test/region.yaml', from, to], says)

const inAreas = (name: string, from: string, to: string, says: RegExp, line?: number): Poison =>
  spoil(name, ['pooling-areas/990000-test.yaml', from, to], says, line)

/** What a region decided about filings that cannot be used. */
export const poisonedFilings: readonly Poison[] = [
  inRegion('a kind of filing nobody knows', 'referral: {', 'referal: {', /unknown field "referal"/),
  inRegion(
    'a document nobody knows',
    '[commitment]',
    '[promise]',
    /found "promise", expected a document/,
  ),
  inRegion(
    'a filing that holds for nothing',
    'holds_months: 12',
    'holds_months: 0',
    /found 0, expected at least 1/,
  ),
  inRegion(
    'a precedence that leaves one out',
    '[referral, long-term, emergency, other]',
    '[referral, long-term, emergency, referral]',
    /expected each of long-term, referral, emergency, other once/,
  ),
  inRegion(
    'a free place that is misspelt',
    "['990200', '990000']",
    "['990200', '999000']",
    /found 999000, expected a pooling area or a province that is listed/,
  ),
  inRegion(
    'a decision by no source',
    'returningHome: {is: local}',
    'returningHome: {is: local, source: none}',
    /expected a source listed/,
  ),
  inRegion(
    'who is away at home without rules for it',
    'returningHome: {is: local}',
    'returningHome: {is: elsewhere}',
    /found "elsewhere"/,
  ),
]

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
