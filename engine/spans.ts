import type { CareKind } from './claim.ts'
import { type Day, dayAfter } from './day.ts'
import type { Surroundings } from './domain.ts'
import type { RegionPack, Rule, SchemePack } from './pack.ts'
import { type Complain, collide } from './table.ts'

/** For every kind of care and day of the period stated: one rule for every case, or the pack is not used. */
export function checkSpans(pack: SchemePack, region: RegionPack, complain: Complain): void {
  const until = (rule: Rule): Day => rule.until ?? pack.period.until
  const { rules, period } = pack
  for (const [index, rule] of rules.entries())
    if (rule.from < period.from || until(rule) > period.until)
      complain(
        ['rules', index],
        `${rule.id} lies outside the period ${period.from} to ${period.until}`,
      )
  for (const care of new Set(rules.flatMap((rule) => rule.care))) {
    const own = rules.filter((rule) => rule.care.includes(care))
    const starts = [period.from, ...own.map((r) => r.from), ...own.map((r) => dayAfter(until(r)))]
    for (const start of [...new Set(starts)]
      .filter((d) => d >= period.from && d <= period.until)
      .sort())
      checkDay(
        own.filter((r) => r.from <= start && start <= until(r)),
        { pack, region, care, start, complain },
      )
  }
}

function checkDay(
  rules: readonly Rule[],
  {
    pack,
    region,
    care,
    start,
    complain,
  }: { pack: SchemePack; region: RegionPack; care: CareKind; start: Day; complain: Complain },
): void {
  const { returningHome } = region.filing
  const at: Surroundings = { scheme: pack.scheme, care: [care], whens: [], returningHome }
  const special = rules.filter((rule) => Object.keys(rule.when).length > 0)
  const general = rules.filter((rule) => Object.keys(rule.when).length === 0)
  const say = (rule: Rule | undefined, message: string): void =>
    complain(rule?.path ?? ['rules'], `${care} from ${start}: ${message}`)
  if (general.length > 1)
    return say(general[1], `${general.map((r) => r.id).join(' and ')} both apply`)
  if (rules.length === 0)
    return say(undefined, `no rule in force, though the pack's period runs to ${pack.period.until}`)
  if (special.length === 0) return
  // The general rule takes what the special ones leave, so only without it must they cover everything.
  const found = collide(
    special.map((rule) => rule.when),
    at,
    general[0] ? 'apart' : 'only',
  )
  if (found) say(special[found.row ?? 0], found.message)
}

export function checkParameters(pack: SchemePack, region: RegionPack, complain: Complain): void {
  for (const [name, entries] of Object.entries(region.parameters)) {
    const first = entries[0]
    if (first && first.from > pack.period.from)
      complain(['period'], `parameter ${name} of the region starts only on ${first.from}`)
  }
}
