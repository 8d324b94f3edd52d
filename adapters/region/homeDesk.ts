import canonicalize from 'canonicalize'
import type { AwayClaim, RegionAsk, RegionReply, ToldSplit } from '../../engine/awayClaim.ts'
import type { Division } from '../../engine/claim.ts'
import { regionAsker } from '../../engine/institution.ts'
import type { Outcome } from '../../engine/outcome.ts'
import type { Key, Row } from '../../engine/ports.ts'
import type { Taken } from '../../engine/process.ts'
import { isRefusal, refuse, type Refusal } from '../../engine/refusal.ts'
import type { Settlement } from '../../engine/settlement.ts'
import { claimTreatedAway } from '../../engine/treatedAway.ts'
import { isEffective } from '../../engine/undo.ts'
import type { HomeWorld } from './crossingNeeds.ts'
import { Lookout } from './lookout.ts'
import type { RegionDesk } from './needs.ts'

/** Two transactions of claims run at once beside these; a pool has some ten connections. */
const looks = { atOnce: 4, longest_ms: 1_500 }

/** Answers other regions about people who are insured here (参保地). What only looks does so a few at a time. */
export function createHomeDesk(world: HomeWorld): RegionDesk {
  const lookout = new Lookout(looks)
  return {
    async answer(from, asked, to) {
      switch (asked.kind) {
        case 'identify':
          return lookout.look(async () => identify(asked, world))
        case 'preview':
          return lookout.look(async () => preview(from, asked.claim, world))
        case 'settle':
          return settle(from, asked, world)
        case 'query':
          return lookout.look(async () => query(from, asked.reference, world))
        case 'cancel':
          return cancel(from, asked, world)
        case 'reverse':
          return reverse(from, asked, world)
        case 'statement':
          return statement({ from, to }, asked, world)
      }
    },
  }
}

type Asked<K extends RegionAsk['kind']> = Extract<RegionAsk, { kind: K }>

async function identify({ credential }: Asked<'identify'>, world: HomeWorld): Promise<RegionReply> {
  const visitor = await world.insured(credential)
  if (!visitor)
    return refused(refuse(credential.type === 'card' ? 'card-unknown' : 'person-unknown'))
  return isRefusal(visitor) ? refused(visitor) : { kind: 'identified', visitor }
}

/** A region asks for what was treated in its own places. */
const isTheirs = (from: Division, { scoped }: AwayClaim, { areaOf }: HomeWorld): boolean =>
  areaOf(scoped.careRegion) === areaOf(from)

async function preview(from: Division, away: AwayClaim, world: HomeWorld): Promise<RegionReply> {
  const { careRegion } = away.scoped
  if (!isTheirs(from, away, world))
    return refused(refuse('care-region-not-served', { region: careRegion }))
  const looked = await world.preview(claimTreatedAway(away))
  switch (looked.kind) {
    case 'preview':
      return { kind: 'previewed', split: splitOf(looked.settlement) }
    case 'refused':
      return refused(looked.refusal)
    case 'asking':
      return refused(refuse('home-region-not-served', { region: looked.to }))
  }
}

async function settle(
  from: Division,
  { reference, claim }: Asked<'settle'>,
  world: HomeWorld,
): Promise<RegionReply> {
  if (!isTheirs(from, claim, world))
    return refused(refuse('care-region-not-served', { region: claim.scoped.careRegion }))
  const key = keyOf(from, reference, claim, world)
  const taken = await world.take({ kind: 'settle', key, claim: claimTreatedAway(claim) }, 'away')
  return taken.kind === 'settled' ? settled(taken.row) : otherwise(taken)
}

/** Whoever asks what became of a settlement is told as well whether it stands. */
async function query(from: Division, reference: string, world: HomeWorld): Promise<RegionReply> {
  const outcome = await world.answered(regionAsker(from), reference)
  if (!outcome) return { kind: 'absent' }
  switch (outcome.kind) {
    case 'settled': {
      const head = (await world.chain(outcome.row.settlement))?.at(-1)
      const undone = head !== undefined && !isEffective(head)
      return { ...settled(outcome.row), ...(undone && { undone }) }
    }
    case 'undone':
      return { kind: 'cancelled', postedAt: outcome.row.postedAt, affected: outcome.affected }
    case 'reversed':
      return reversed(outcome.row)
    default:
      return otherwise(outcome)
  }
}

/** A region names a settlement as it asked for it. */
async function settlementOf(
  from: Division,
  reference: string,
  world: HomeWorld,
): Promise<string | undefined> {
  const outcome = await world.answered(regionAsker(from), reference)
  return outcome?.kind === 'settled' ? outcome.row.settlement : undefined
}

async function cancel(
  from: Division,
  asked: Asked<'cancel'>,
  world: HomeWorld,
): Promise<RegionReply> {
  const { reference, settlement: named, institution, person } = asked
  const settlement = await settlementOf(from, named, world)
  if (settlement === undefined) return refused(refuse('settlement-unknown', { settlement: named }))
  const key = keyOf(from, reference, asked, world)
  const taken = await world.take({ kind: 'cancel', key, settlement, institution, person }, 'away')
  return taken.kind === 'undone'
    ? { kind: 'cancelled', postedAt: taken.row.postedAt, affected: taken.affected }
    : otherwise(taken)
}

/** A settlement that was undone another way is reversed as well as it can be. */
async function reverse(
  from: Division,
  asked: Asked<'reverse'>,
  world: HomeWorld,
): Promise<RegionReply> {
  const { reference, of, settlement, institution, person } = asked
  const key = keyOf(from, reference, asked, world)
  const original = { institution: regionAsker(from), key: of }
  const taken = await world.take({ kind: 'reverse', key, institution, original, person }, 'away')
  if (taken.kind === 'reversed') return reversed(taken.row)
  const isOver = taken.kind === 'refused' && taken.refusal.code === 'already-undone'
  return isOver && of === settlement ? { kind: 'reversed', as: 'turned' } : otherwise(taken)
}

/** The rows of one of our regions with the asker, whichever of the two treated the other's people. */
async function statement(
  { from, to }: { readonly from: Division; readonly to: Division },
  { side: asked, from: first, until, after, limit }: Asked<'statement'>,
  world: HomeWorld,
): Promise<RegionReply> {
  const side = asked ?? 'home'
  const [ours, theirs] = [world.areaOf(to) ?? to, world.areaOf(from) ?? from]
  const pair = side === 'home' ? { home: ours, care: theirs } : { home: theirs, care: ours }
  const { rows, next } = await world.statement({ side, ...pair, from: first, until, after, limit })
  return { kind: 'statement', rows, ...(next !== undefined && { next }) }
}

function keyOf(from: Division, key: string, asked: unknown, { fingerprint }: HomeWorld): Key {
  const input = canonicalize(plain(asked)) as string
  return { institution: regionAsker(from), key, fingerprint: fingerprint(input), input }
}

/** Amounts and rates as text, so that the same request is the same text. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}` : each)))

const refused = (refusal: Refusal): RegionReply => ({ kind: 'refused', refusal })

const settled = (row: Row): RegionReply => ({
  kind: 'settled',
  settlement: row.settlement,
  postedAt: row.postedAt,
  split: splitOf(row.content),
})

const reversed = (row: Row | undefined): RegionReply => {
  const as = !row ? 'nothing' : row.kind === 'restoration' ? 'restored' : 'turned'
  return { kind: 'reversed', as }
}

/** What is told when it is neither done nor refused: nobody knows yet, or it is under way. */
function otherwise(taken: Taken | Outcome): RegionReply {
  if (taken.kind === 'refused') return refused(taken.refusal)
  if (taken.kind === 'asking')
    return refused(refuse('home-region-not-served', { region: taken.crossing.to }))
  if (taken.kind === 'differs') return refused(refuse('original-differs', { key: taken.field }))
  return { kind: 'open' }
}

/** What the care region is told: everything but whose accounts were drawn on and which sums changed. */
function splitOf(s: Settlement): ToldSplit {
  const { total, selfPaid, overLimit, firstSelfPay, inScope, deductible, crossRegionFirstPay } = s
  const { shares, fundTotal, personTotal, account, familyAccount, cash, hospitalShare } = s
  const { employerShare, accountBalance, visitSums, crossRegion, trace, rules } = s
  const { scheme, warnings, packHash, receivable } = s
  const scope = { total, selfPaid, overLimit, firstSelfPay, inScope, deductible }
  const payers = { shares, fundTotal, personTotal, account, familyAccount, cash, hospitalShare }
  const more = { crossRegionFirstPay, employerShare, receivable, accountBalance, visitSums }
  const told = { crossRegion, trace, rules, scheme, warnings, packHash }
  return { ...scope, ...payers, ...more, ...told }
}
