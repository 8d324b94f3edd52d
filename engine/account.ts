import type { Burden } from './burden.ts'
import { covers, type Day } from './day.ts'
import { type Fen, least, subtract, sum, zero } from './money.ts'
import type { AccountPolicy, BurdenPart } from './pack.ts'
import type { FamilyShare } from './person.ts'
import type { AccountDraw } from './settlement.ts'

/** Whose accounts may pay, and what they hold. */
export interface Purse {
  readonly person: string
  readonly useAccount: boolean
  readonly useFamilyAccount: boolean
  readonly families: readonly FamilyShare[]
  readonly balances: ReadonlyMap<string, Fen>
  readonly on: Day
}

/** Draws on personal accounts (个人账户支付, 家庭共济) for the parts they may pay, never beyond a balance. */
export function drawAccounts(purse: Purse, policy: AccountPolicy, burden: Burden): AccountDraw[] {
  const own = (): AccountDraw[] =>
    purse.useAccount ? draw(purse, [purse.person], policy.own, burden) : []
  const family = (): AccountDraw[] =>
    purse.useFamilyAccount ? draw(purse, familyOwners(purse, policy), policy.family, burden) : []
  return policy.order === 'own-first' ? [...own(), ...family()] : [...family(), ...own()]
}

function draw(
  purse: Purse,
  owners: readonly string[],
  parts: readonly BurdenPart[],
  burden: Burden,
): AccountDraw[] {
  return owners.flatMap((owner) => {
    const open = sum([...new Set(parts)].map((part) => burden.of(part)))
    const amount = least(purse.balances.get(owner) ?? zero, open)
    burden.pay(amount, parts)
    return amount > 0n ? [{ owner, amount }] : []
  })
}

/** The owners whose filed leave holds on the day, in the order in which it is to be used. */
function familyOwners({ families, on, person }: Purse, policy: AccountPolicy): string[] {
  const usable = families.filter(
    (f) => covers(f, on) && policy.relations.includes(f.relation) && f.owner !== person,
  )
  // Leave filed twice is still one account.
  return [...new Set(usable.map((f) => f.owner))]
}

/** What is left in an account after its draws. */
export function balanceAfter(balance: Fen, owner: string, draws: readonly AccountDraw[]): Fen {
  const drawn = sum(draws.filter((d) => d.owner === owner).map((d) => d.amount))
  return subtract(balance, drawn)
}
