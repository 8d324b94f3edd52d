import type { Claim, FeeLine } from './claim.ts'
import {
  type Dossiers,
  type Entry,
  type Json,
  type Kept,
  keptOf,
  MoreNeeded,
  type Subject,
  subjectKey,
} from './dossier.ts'
import type { Billed, Found, Row } from './ports.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import type { Visit } from './visit.ts'

/** A package with its own code (药品追溯码, drug_trac_codg): nobody's, and sold once at a time anywhere. */
export const packageSubject = (code: string): Subject => ({
  owner: `trace:${code}`,
  name: 'package',
})

export const isPackage = ({ owner }: Subject): boolean => owner.startsWith('trace:')

/** A sale of a package, either settled (2102, 2207, 2304) or told by the seller's stock keeping (3505). */
export interface PackageSale {
  readonly person?: string | undefined
  readonly visit?: string | undefined
  readonly settlement?: string | undefined
  /** Opened and sold by the piece (拆零): what is left of it may be sold again by whoever opened it. */
  readonly loose: boolean
  /** Paid by the person alone (自费): never the sale of a settlement. */
  readonly unsettled?: boolean | undefined
}

/** The kinds of entries a package has, each with its body. */
interface PackageEntries {
  readonly settled: PackageSale & { readonly settlement: string }
  readonly undone: { readonly settlement: string }
  readonly sold: PackageSale & { readonly sale: string }
  readonly returned: { readonly sale: string }
}

const entryOf = <K extends keyof PackageEntries>(
  code: string,
  kind: K,
  body: PackageEntries[K],
): Entry => ({ subject: packageSubject(code), kind, body: body as unknown as Json })

type Standing = PackageSale & { readonly institution: string }

/** What stands of a package: the settlements in force that sold it, and the sales told and not returned. */
interface Package {
  readonly settled: Map<string, Standing>
  readonly told: Map<string, Standing>
  readonly undone: Set<string>
}

const effects: {
  [K in keyof PackageEntries]: (of: Package, body: PackageEntries[K], institution: string) => void
} = {
  settled({ settled, told, undone }, body, institution) {
    const { settlement } = body
    const sale = { ...body, institution }
    settled.set(settlement, sale)
    undone.delete(settlement)
    for (const [name, one] of told)
      if (one.settlement === undefined && isOneSale(one, sale))
        told.set(name, { ...one, settlement })
  },
  undone({ settled, undone }, { settlement }) {
    settled.delete(settlement)
    undone.add(settlement)
  },
  sold({ settled, told }, { sale, ...body }, institution) {
    const one = { ...body, institution }
    const [of] = [...settled.values()].filter((other) => isOneSale(one, other))
    told.set(sale, { ...one, settlement: one.settlement ?? of?.settlement })
  },
  returned({ told }, { sale }) {
    told.delete(sale)
  },
}

function readPackage(kept: readonly Kept[]): Package {
  const found: Package = { settled: new Map(), told: new Map(), undone: new Set() }
  for (const { kind, body, institution } of kept)
    (effects[kind as keyof PackageEntries] as (of: Package, body: unknown, by: string) => void)(
      found,
      body,
      institution,
    )
  return found
}

/** Whether what a seller told and what was settled are one sale: by the same institution, and nothing told differs. */
function isOneSale(told: Standing, settled: Standing): boolean {
  if (told.unsettled === true || told.institution !== settled.institution) return false
  const { settlement, person, visit } = told
  if (settlement !== undefined) return settlement === settled.settlement
  return person === undefined ? visit === settled.visit : person === settled.person
}

const arePieces = (one: Standing, other: Standing): boolean =>
  one.loose && other.loose && one.institution === other.institution

/** A sale told of a settlement that was undone keeps nobody from selling the package again. */
const told = ({ told: all, undone }: Package): Standing[] =>
  [...all.values()].filter(({ settlement }) => settlement === undefined || !undone.has(settlement))

/** The dossier of a package; where nobody named it, it must be looked for first. */
function find(dossiers: Dossiers, codes: readonly string[]): Map<string, Package> {
  const subjects = codes.map(packageSubject)
  const missing = subjects.filter((subject) => !dossiers.has(subjectKey(subject)))
  if (missing.length > 0) throw new MoreNeeded(missing)
  return new Map(codes.map((code) => [code, readPackage(keptOf(dossiers, packageSubject(code)))]))
}

const codesOf = (lines: readonly FeeLine[]): string[] => [
  ...new Set(lines.flatMap(({ packages = [] }) => packages)),
]

const alreadySold = (code: string): Refusal => refuse('package-already-sold', { trace: code })

/** Sells the packages of a claim's lines with its settlement (decision 20); each is there once, or by the piece. */
function sellPackages(
  dossiers: Dossiers,
  { institution, visit, lines }: Pick<Claim, 'institution' | 'visit' | 'lines'>,
  { settlement, person }: { readonly settlement: string; readonly person: string },
): Entry[] | Refusal {
  const found = find(dossiers, codesOf(lines))
  const sold = new Map<string, boolean>()
  for (const { packages = [], loose = false } of lines)
    for (const code of packages) {
      const sale = { settlement, person, visit, loose, institution }
      const state = found.get(code) as Package
      const before = sold.get(code)
      const free =
        (before === undefined || (before && loose)) &&
        [...state.settled.values()].every((other) => arePieces(sale, other)) &&
        told(state).every((other) => isOneSale(other, sale) || arePieces(sale, other))
      if (!free) return alreadySold(code)
      sold.set(code, loose)
    }
  return [...sold].map(([code, loose]) =>
    entryOf(code, 'settled', { settlement, person, visit, loose }),
  )
}

/** The traced packages of a bill's lines are sold with it; a preview says where they cannot be. */
export const sellBilled = (
  { dossiers }: Pick<Found, 'dossiers'>,
  { claim, settlement: { person } }: Billed,
  settlement: string,
): Entry[] | Refusal => sellPackages(dossiers, claim, { settlement, person })

/** What a settlement of a visit sold is given back when it is undone, and sold again when it is restored. */
export function turnPackages(
  dossiers: Dossiers,
  visit: Visit,
  { settlement, kind, content: { person } }: Row,
): Entry[] | Refusal {
  const numbers = new Set(visit.settlements.get(settlement)?.lines)
  const lines = [...visit.lines.values()]
    .map(({ line }) => line)
    .filter(({ id }) => numbers.has(id))
  if (kind === 'restoration') {
    const sale = { institution: visit.institution, visit: visit.id, lines }
    return sellPackages(dossiers, sale, { settlement, person })
  }
  const codes = codesOf(lines)
  find(dossiers, codes)
  return codes.map((code) => entryOf(code, 'undone', { settlement }))
}

/** Notes a sale that a seller tells of (商品销售 3505). What a settlement sold already is told again, not sold again. */
export function tellSale(
  dossiers: Dossiers,
  codes: readonly string[],
  sale: PackageSale & { readonly sale: string; readonly institution: string },
): Entry[] | Refusal {
  const { institution: _, ...body } = sale
  for (const [code, state] of find(dossiers, codes)) {
    const free =
      told(state).every((other) => arePieces(sale, other)) &&
      [...state.settled.values()].every((other) => isOneSale(sale, other) || arePieces(sale, other))
    if (!free) return alreadySold(code)
  }
  return [...new Set(codes)].map((code) => entryOf(code, 'sold', body))
}

/** Notes that packages came back (商品销售退货 3506): of each the institution's own sale that was told last. */
export function tellReturn(
  dossiers: Dossiers,
  codes: readonly string[],
  institution: string,
): Entry[] | Refusal {
  const entries = [...find(dossiers, codes)].map(([code, state]) => {
    const own = [...state.told].findLast(([, one]) => one.institution === institution)
    return own
      ? entryOf(code, 'returned', { sale: own[0] })
      : refuse('package-not-sold', { trace: code })
  })
  return entries.find(isRefusal) ?? (entries as Entry[])
}
