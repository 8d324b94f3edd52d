import type { Settlement } from '../../engine/settlement.ts'
import { type Chain, headOf, type Held, stands } from './books.ts'
import type { Inhabitant } from './people.ts'
import { checkVisit, type Standing } from './told.ts'
import type { Visit } from './hospital.ts'

/** Everything that must hold once nothing is pending any more; gives what does not. */
export function checkAll(
  held: readonly Held[],
  people: readonly Inhabitant[],
  visits: readonly Visit[],
): string[] {
  const standing = standingIn(held)
  return [
    ...held.flatMap(({ problems }) => problems),
    ...mirrored(held),
    ...halves(held),
    ...balanced(held),
    ...charged(held, people),
    ...visits.flatMap((visit) => checkVisit(visit, standing)),
  ]
}

const sideOf = ({ chains }: Held, side: 'home' | 'care'): Map<string, Chain> =>
  new Map(
    [...chains.values()]
      .filter((chain) => headOf(chain).content.side === side)
      .map((chain) => [headOf(chain).content.reference as string, chain]),
  )

/** What is due from another region is due to us there, by pair, scheme and month. */
function mirrored(held: readonly Held[]): string[] {
  const from = new Map<string, bigint>()
  const to = new Map<string, bigint>()
  for (const { sums } of held)
    for (const [account, fen] of sums) {
      const [kind, one, other, ...rest] = account.split(':')
      if (kind === 'due-from') add(from, [other, one, ...rest].join(':'), fen)
      if (kind === 'due-to') add(to, [one, other, ...rest].join(':'), -fen)
    }
  return [...new Set([...from.keys(), ...to.keys()])]
    .filter((pair) => (from.get(pair) ?? 0n) !== (to.get(pair) ?? 0n))
    .map((pair) => `${pair}: ${from.get(pair)} due from it, ${to.get(pair)} due to us`)
}

const add = (sums: Map<string, bigint>, name: string, fen: bigint): void =>
  void sums.set(name, (sums.get(name) ?? 0n) + fen)

/** Every care half has its home half under the same reference, with the same amounts, standing or not; and the reverse. */
function halves(held: readonly Held[]): string[] {
  return held.flatMap((care, i) => {
    const here = sideOf(care, 'care')
    const home = new Map(held.flatMap((one, j) => (i === j ? [] : [...sideOf(one, 'home')])))
    const homes = [...home].filter(
      ([, chain]) => !held.some((one, j) => j !== i && isCaredFor(one, headOf(chain).content)),
    )
    return [
      ...[...here].flatMap(([reference, chain]) => unlike(reference, chain, home.get(reference))),
      ...homes
        .filter(([reference, chain]) => !here.has(reference) && stands(chain))
        .map(([reference]) => `${reference} stands at home, and nobody here knows of it`),
    ]
  })
}

/** Whether a region's own hospital is the one of a half that another keeps. */
const isCaredFor = ({ chains }: Held, { institution }: Settlement): boolean =>
  [...chains.values()].some((chain) => {
    const { content } = headOf(chain)
    return content.side !== 'home' && content.institution === institution
  })

function unlike(reference: string, care: Chain, home: Chain | undefined): string[] {
  if (!home) return [`${reference} has no half at home`]
  const [ours, theirs] = [headOf(care).content, headOf(home).content]
  const differing = (['total', 'fundTotal', 'account', 'cash', 'scheme', 'day'] as const).filter(
    (part) => ours[part] !== theirs[part],
  )
  return [
    ...differing.map(
      (part) => `${reference}: ${part} is ${ours[part]} here, ${theirs[part]} at home`,
    ),
    ...(stands(care) === stands(home)
      ? []
      : [`${reference}: ${headOf(care).kind} here, ${headOf(home).kind} at home`]),
  ]
}

/** The trial balance of each region comes to nothing. */
const balanced = (held: readonly Held[]): string[] =>
  held.flatMap(({ sums }) => {
    const difference = [...sums.values()].reduce((a, b) => a + b, 0n)
    return difference === 0n ? [] : [`the trial balance differs by ${difference}`]
  })

/** An account has what was in it less what stands, each settlement once. */
function charged(held: readonly Held[], people: readonly Inhabitant[]): string[] {
  const expected = new Map(people.map(({ person, opening }) => [person.id, opening as bigint]))
  const balances = new Map(held.flatMap((one) => [...one.balances]))
  for (const { chains } of held)
    for (const chain of chains.values())
      if (stands(chain))
        for (const { owner, amount } of headOf(chain).content.draws) add(expected, owner, -amount)
  return [...expected]
    .filter(([owner, fen]) => (balances.get(owner) ?? 0n) !== fen)
    .map(([owner, fen]) => `the account of ${owner} has ${balances.get(owner)}, not ${fen}`)
}

/** What stands by what its hospital called it, and whether it does at home. */
function standingIn(held: readonly Held[]): Standing {
  const rows = new Map<string, { readonly care: boolean; readonly home: boolean }>()
  const homes = new Set(
    held.flatMap((one) =>
      [...sideOf(one, 'home')].flatMap(([reference, chain]) => (stands(chain) ? [reference] : [])),
    ),
  )
  for (const { chains } of held)
    for (const [settlement, chain] of chains)
      rows.set(settlement, {
        care: stands(chain),
        home: homes.has(headOf(chain).content.reference ?? ''),
      })
  return { rows, homes }
}
