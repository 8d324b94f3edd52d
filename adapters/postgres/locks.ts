import { isPackage } from '../../engine/packages.ts'
import type { Resolved } from './resolution.ts'
import { takeLocks } from './sql/resolve.ts'
import type { Statement } from './transaction.ts'

/**
 * The locks of a transaction: its keys, so that a lost commit can be waited for, and its people. Packages have none: a
 * stay may sell thousands, and of two sales of one at the same moment the versions let only one commit.
 */
export function locksOf(resolved: readonly Resolved[]): Statement {
  const names = resolved.flatMap(
    ({ keyHash, originalHash, party: { owner, others, subjects } }) => [
      keyLock(keyHash),
      ...subjects.filter((one) => !isPackage(one)).map((subject) => `person ${subject.owner}`),
      ...(originalHash ? [keyLock(originalHash)] : []),
      ...(owner === undefined ? [] : [owner, ...others].map((person) => `person ${person}`)),
    ],
  )
  return takeLocks(names)
}

export const keyLock = (hash: Buffer): string => `key ${hash.toString('hex')}`
