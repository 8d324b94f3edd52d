import type { Transaction } from './transaction.ts'
import { signIn } from './transactions/9001.ts'
import { signOut } from './transactions/9002.ts'

/** All transactions (交易), in order of infno: one import and one line each. */
const all = [
  signIn, // 9001
  signOut, // 9002
]

/** By infno without a suffix. */
export const transactions: ReadonlyMap<string, Transaction> = new Map(
  all.map((each) => [each.infno, each as unknown as Transaction]),
)
