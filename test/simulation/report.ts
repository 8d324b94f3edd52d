import type { Report } from './simulation.ts'

/** What was counted, and what is wrong, for people. */
export function describe({ counts, violations }: Report): string {
  const rows: readonly (readonly [string, string])[] = [
    ['between regions', 'asked '],
    ['faults', 'fault '],
    ['told to hospitals', 'told '],
    ['refused with', 'refused '],
  ]
  const table = rows.map(([name, prefix]) => {
    const each = counts.group(prefix).each.map(([what, count]) => `${what} ${count}`)
    return `${name.padEnd(18)} ${each.join(', ')}`
  })
  return [...table, ...violations.map((what) => `violation: ${what}`)].join('\n')
}

/** The one line that says it all. */
export function summary(report: Report, wall_s: number): string {
  const { seed, claims, counts, violations, virtualHours, trace } = report
  const of = (name: string): number => counts.of(name)
  return [
    `seed=${seed} claims=${claims}:`,
    `${counts.group('fault ').sum} faults, ${of('kills')} kills,`,
    `${of('told unknown')} unknown, ${of('asked query')} queries, ${of('asked reverse')} reversals, ${of('alarms')} alarms;`,
    `${virtualHours} virtual hours in ${wall_s.toFixed(1)} s; trace ${trace};`,
    violations.length === 0 ? 'no violation' : `${violations.length} violations`,
  ].join(' ')
}
