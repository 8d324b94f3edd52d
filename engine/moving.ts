import type { Loaded, Writing } from './books.ts'
import type { World } from './decide.ts'
import type { Fold } from './fold.ts'
import { add, subtract, toYuan, zero } from './money.ts'
import {
  isOfDesk,
  mayMove,
  move,
  type Movement,
  type Moved,
  type MovementRow,
  refuseAmounts,
  takeBack,
} from './movement.ts'
import type { MoveAsk, MoveBackAsk, MovementFacts } from './movementAsks.ts'
import type { Ids, UndoFacts } from './ports.ts'
import { type Refusal, isRefusal, refuse } from './refusal.ts'
import { isEffective } from './undo.ts'
import { foundBy } from './written.ts'

interface Naming {
  readonly ids: Ids
}

/** A movement is booked once of its source, in the books of a region that is served here. */
export function writeMove(
  one: Loaded,
  ask: MoveAsk,
  fold: Fold,
  world: World,
  { ids }: Naming,
): Writing | Refusal {
  const { movement, institution } = ask
  const { owner, movement: found } = one
  const served = world.regions.serves(movement.region)
  if (!served || !mayMove(institution, movement))
    return refuse('institution-unknown', { institution })
  if (owner === undefined || !found) return refuse('person-unknown')
  const facts = fold.movementFacts(found)
  const id = ids.next(owner, world.now)
  const more = ask.within?.enter({ ...foundBy(one, world), dossiers: fold.dossiers(one) }, id)
  if (isRefusal(more)) return more
  const refusal = refuseMovement(movement, facts, one.undo, world)
  if (refusal) return refusal
  const booked = writing(one, owner, move(movement, facts.balances.get(owner) ?? zero), {
    id,
    movement: id,
    sequence: 1,
    kind: 'movement',
    postedAt: world.now,
    booking: facts.bookings + 1,
  })
  if (!more) return booked
  const { entries, result } = more
  const told = result !== undefined && { result }
  return { ...booked, entries, answer: { ...booked.answer, ...told } }
}

function refuseMovement(
  movement: Movement,
  { person, standing }: MovementFacts,
  settled: UndoFacts | undefined,
  world: World,
): Refusal | undefined {
  const { day } = movement
  if (day > world.today) return refuse('day-in-future', { day })
  return (
    refuseAmounts(movement) ??
    refuseFund(movement, world) ??
    refuseStranger(movement, person, world) ??
    (movement.kind === 'collection' ? refuseCollection(movement, settled) : undefined) ??
    (standing === undefined
      ? undefined
      : refuse('movement-already-booked', { movement: standing, reference: movement.reference }))
  )
}

/** A fund that no rule of the scheme names, and that is not called like the scheme itself, is a slip of the pen. */
function refuseFund(
  { funds, scheme, region }: Movement,
  { rulebooks }: World,
): Refusal | undefined {
  const rules = rulebooks.of(region)?.rules.filter((rule) => rule.scheme === scheme) ?? []
  const known = new Set<string | undefined>(['pool', scheme])
  for (const { layers } of rules) for (const { payer } of layers) known.add(payer)
  const other = funds.find(({ fund }) => !known.has(fund) || notFunds.has(fund))
  return other && refuse('fund-unknown', { fund: other.fund, scheme: scheme ?? '' })
}

/** What rules name as payers without being funds. */
const notFunds = new Set(['hospital', 'employer'])

/** Money of a scheme moves only for those who are, were or will be insured under it in this very region. */
function refuseStranger(
  { scheme, region, day }: Movement,
  person: MovementFacts['person'],
  { regions }: World,
): Refusal | undefined {
  const insured = person?.coverages.some(
    (row) => row.scheme === scheme && regions.regionOf(row.region)?.division === region,
  )
  return scheme === undefined || insured ? undefined : refuse('not-insured', { scheme, day })
}

/** No more cash is collected than a settlement in force left to the person. */
function refuseCollection(
  { person, institution, settlement = '', total }: Movement,
  settled: UndoFacts | undefined,
): Refusal | undefined {
  const head = settled?.head
  if (!head || head.content.person !== person || head.content.institution !== institution)
    return refuse('settlement-unknown', { settlement })
  if (!isEffective(head)) return refuse('already-undone', { settlement, by: head.id })
  const { employerShare, receivable = zero } = head.content
  const cash = subtract(head.content.cash, add(employerShare, receivable))
  return total > cash
    ? refuse('movement-amounts-wrong', {
        total: toYuan(total),
        from: toYuan(cash),
        to: toYuan(total),
      })
    : undefined
}

/** A movement is taken back by whoever may book it; to anybody else it is not there. */
export function writeMoveBack(
  one: Loaded,
  ask: MoveBackAsk,
  fold: Fold,
  world: World,
  { ids }: Naming,
): Writing | Refusal {
  const { movement, institution } = ask
  const { owner, movement: found } = one
  const head = found?.head
  const may = head && mayMove(institution, head.content) && isForAsker(ask, head.content)
  if (owner === undefined || !found || !may) return refuse('movement-unknown', { movement })
  const facts = fold.movementFacts(found)
  const taken = takeBack(head, facts.transfers, facts.balances.get(owner) ?? zero)
  if (isRefusal(taken)) return taken
  return writing(one, owner, taken, {
    id: ids.next(owner, world.now),
    movement: head.movement,
    sequence: head.sequence + 1,
    kind: 'cancellation',
    undoes: head.id,
    postedAt: world.now,
    booking: head.booking,
  })
}

/** What the desk booked by two people is taken back by nobody alone. */
const isForAsker = ({ collection }: MoveBackAsk, { kind }: Movement): boolean =>
  !isOfDesk(kind) && (collection === true) === (kind === 'collection')

function writing(
  { ask }: Loaded,
  owner: string,
  { content, transfers, balances }: Moved,
  place: Omit<MovementRow, 'content'>,
): Writing & { readonly answer: Extract<Writing['answer'], { kind: 'moved' }> } {
  const row: MovementRow = { ...place, content }
  return {
    ask,
    owner,
    answer: { kind: 'moved', movement: row },
    movement: row,
    transfers,
    balances,
    counters: [],
    entries: [],
  }
}
