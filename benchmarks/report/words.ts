/** Ratios with two digits behind the point, times with as many as tell something, counts as whole numbers. */
export function exactly(value: number, unit: string): string {
  if (unit === '') return value.toFixed(2)
  const digits = unit === 'ms' ? (value < 10 ? 2 : value < 100 ? 1 : 0) : value < 10 ? 2 : 0
  return `${value.toFixed(digits)}${unit.startsWith('/') ? unit : ` ${unit}`}`
}

/** 75 s is 1:15. */
export const clock = (seconds: number): string =>
  `${Math.trunc(seconds / 60)}:${String(Math.trunc(seconds % 60)).padStart(2, '0')}`
