import type { AwayClaim } from './awayClaim.ts'
import type { Claim } from './claim.ts'
import { parseDay } from './day.ts'
import type { Institution } from './institution.ts'
import { add, type Fen, parseQuantity, parseUnitPrice, subtract, sum, toYuan } from './money.ts'
import type { ScopedClaim } from './scoped.ts'
import { type Amounts, assertIdentities } from './settlement.ts'

/** What a care region asks its person's home region about a bill it has classified. */
export function awayClaimOf(claim: Claim, scoped: ScopedClaim): AwayClaim {
  const { type, number, cardSn, proof, pinChecked, eCredential } = claim.credential
  return {
    scoped,
    credential: { type, number, cardSn, proof, pinChecked, eCredential },
    scheme: claim.scheme,
    externalInjury: claim.externalInjury,
    earlier: claim.earlier,
  }
}

const one = parseQuantity('1')

/** The claim as the home region decides on it: its lines keep what they came to, and not what they were made of. */
export function claimTreatedAway(away: AwayClaim): Claim {
  const { scoped, credential, scheme, externalInjury, earlier } = away
  return {
    institution: scoped.institution.code,
    day: scoped.day,
    credential,
    scheme,
    care: scoped.care,
    visit: scoped.visit,
    earlier,
    stay: scoped.stay,
    useAccount: scoped.useAccount,
    useFamilyAccount: scoped.useFamilyAccount,
    injury: scoped.injury,
    externalInjury,
    maternity: scoped.maternity,
    disease: scoped.disease,
    emergency: scoped.emergency,
    prescription: scoped.prescription,
    away: scoped,
    total: scoped.total,
    lines: scoped.lines.map(({ id, item, day, amount }) => ({
      id,
      item,
      at: day,
      quantity: one,
      unitPrice: parseUnitPrice(toYuan(amount)),
      amount,
    })),
  }
}

const always = parseDay('1900-01-01')

/** An institution that is designated by another region, as that region tells of it. */
export const institutionAway = ({ careRegion, institution }: ScopedClaim): Institution => ({
  code: institution.code,
  name: institution.code,
  type: institution.type,
  level: institution.level,
  deductibleLevel: institution.deductibleLevel,
  division: careRegion,
  // Whether the card was proved is for the care region to see to.
  cardEvidence: 'reader-trusted',
  agreements: institution.agreements.map((kind) => ({ kind, from: always })),
})

/**
 * Whether what another region says of a bill can be true: it adds up in every identity, and it is about these very lines.
 * Anything else is no answer.
 */
export function addsUp(told: Amounts, scoped: ScopedClaim): boolean {
  const { lines, total } = scoped
  const all = (part: (line: (typeof lines)[number]) => Fen): Fen => sum(lines.map(part))
  const same =
    told.total === total &&
    told.selfPaid === all((line) => line.selfPaid) &&
    told.overLimit === all((line) => line.overLimit) &&
    told.firstSelfPay === all((line) => line.firstSelfPay) &&
    told.inScope === all((line) => line.inScope)
  if (!same || !isAskedFor(told, scoped) || told.receivable !== undefined) return false
  try {
    assertIdentities({ ...told, lines }, balanceBefore(told))
    return true
  } catch {
    return false
  }
}

/** Accounts pay where the institution asked for it, and then only. */
const isAskedFor = ({ account, familyAccount }: Amounts, scoped: ScopedClaim): boolean =>
  (scoped.useAccount || account === familyAccount) &&
  (scoped.useFamilyAccount || familyAccount === 0n)

/** What was in the person's own account before: the home region tells what is there afterwards. */
export const balanceBefore = ({ accountBalance, account, familyAccount }: Amounts): Fen =>
  add(accountBalance, subtract(account, familyAccount))
