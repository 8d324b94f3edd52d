import type { NewPinProblem } from './keyStore.ts'
import { sameBytes } from './sameBytes.ts'

const length = 6

/** Why these digits may not be chosen, if so. The initial PIN (初始密码) is named first where several reasons apply. */
export function newPinProblem(
  digits: Buffer,
  initialPin: Buffer,
): Exclude<NewPinProblem, 'unreadable'> | undefined {
  if (digits.length !== length) return 'not-six-digits'
  if (sameBytes(digits, initialPin)) return 'initial'
  const steps = new Set<number>()
  for (let i = 1; i < digits.length; i++)
    steps.add(((digits[i] as number) - (digits[i - 1] as number) + 10) % 10)
  if (steps.size > 1) return undefined
  if (steps.has(0)) return 'all-the-same'
  // 890123 and 321098 are runs too: after nine comes zero.
  return steps.has(1) || steps.has(9) ? 'run' : undefined
}
