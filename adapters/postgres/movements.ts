import type { Claim } from '../../engine/claim.ts'
import type { Institution } from '../../engine/institution.ts'
import { type MovementRow, sourceOf } from '../../engine/movement.ts'
import type { MoveAsk, MoveBackAsk, MovementFacts } from '../../engine/movementAsks.ts'
import type { Ask, Previewed } from '../../engine/ports.ts'
import type { Person } from '../../engine/person.ts'
import { decodeMovement } from './document.ts'
import { readTransfer } from './facts.ts'
import type { Party } from './resolution.ts'
import type { StoredTransfer } from './sql/chains.ts'
import { readPeople } from './sql/facts.ts'
import {
  readMovementHeads,
  readMovementTransfers,
  readSources,
  type StoredSource,
} from './sql/movements.ts'
import type { ResolvedSettlement } from './sql/resolve.ts'
import type { Result, Statement } from './transaction.ts'

type MovementAsk = MoveAsk | MoveBackAsk

export const isMovement = (ask: Ask | Previewed | Claim): ask is MovementAsk =>
  'kind' in ask && (ask.kind === 'move' || ask.kind === 'moveBack')

interface Asked {
  readonly ask: MovementAsk
  readonly party: Party
}

interface Known {
  readonly institutions: ReadonlyMap<string, Institution>
  readonly people: ReadonlyMap<string, { readonly owner_id: string }>
  readonly settlements: ReadonlyMap<string, ResolvedSettlement>
  readonly movements: ReadonlyMap<string, { readonly owner_id: string }>
}

/** Whose money it is; for a collection with the settlement whose cash it is. */
export function partyOfMovement(ask: MovementAsk, known: Known): Party {
  const institution = known.institutions.get(ask.institution)
  const subjects = ask.kind === 'move' ? (ask.within?.subjects ?? []) : []
  const plain = { institution, card: undefined, others: [], subjects }
  if (ask.kind === 'moveBack')
    return { ...plain, owner: known.movements.get(ask.movement)?.owner_id }
  const { person, settlement } = ask.movement
  const owner = known.people.get(person)?.owner_id
  const settled = known.settlements.get(settlement ?? '')
  return { ...plain, owner, ...(settled?.owner_id === owner && { settlement }) }
}

type MovementTransfer = Omit<StoredTransfer, 'settlement_id'> & { readonly movement_id: string }

/** What a transaction reads for movements: the people, what stands of their sources, and rows that are taken back. */
export class MovementReader {
  readonly #asked: readonly Asked[]
  readonly #people = new Map<string, Person>()
  readonly #sources = new Map<string, StoredSource>()
  readonly #heads = new Map<string, MovementRow>()
  #transfers: readonly MovementTransfer[] = []

  constructor(asked: readonly Asked[]) {
    this.#asked = asked.filter(({ party }) => party.owner !== undefined)
  }

  plan(): { readonly statement: Statement; readonly take: (result: Result) => void }[] {
    return [...this.#planMoves(), ...this.#planBacks()]
  }

  #planMoves(): ReturnType<MovementReader['plan']> {
    const moves = this.#asked.flatMap(({ ask }) => (ask.kind === 'move' ? [ask.movement] : []))
    if (moves.length === 0) return []
    const owners = moves.map(({ person }) => person)
    return [
      {
        statement: readPeople([...new Set(owners)]),
        take: ({ rows }) => {
          for (const row of rows) this.#people.set(row.owner_id, row.document)
        },
      },
      {
        statement: readSources(owners, moves.map(sourceOf)),
        take: ({ rows }) => {
          for (const row of rows as StoredSource[])
            this.#sources.set(`${row.owner_id} ${row.source}`, row)
        },
      },
    ]
  }

  #planBacks(): ReturnType<MovementReader['plan']> {
    // Each movement once, however many ask about it: its transfers are to be mirrored once.
    const byId = new Map(
      this.#asked.flatMap(({ ask, party }): [string, string][] =>
        ask.kind === 'moveBack' ? [[ask.movement, party.owner as string]] : [],
      ),
    )
    if (byId.size === 0) return []
    const [movements, owners] = [[...byId.keys()], [...byId.values()]]
    return [
      {
        statement: readMovementHeads(owners, movements),
        take: ({ rows }) => {
          for (const row of rows) this.#heads.set(row.movement_id, decodeMovement(row.canonical))
        },
      },
      {
        statement: readMovementTransfers(owners, movements),
        take: ({ rows }) => void (this.#transfers = rows),
      },
    ]
  }

  factsOf(
    ask: MovementAsk,
    owner: string | undefined,
    balances: MovementFacts['balances'],
  ): MovementFacts | undefined {
    if (owner === undefined) return undefined
    if (ask.kind === 'move') {
      const last = this.#sources.get(`${owner} ${sourceOf(ask.movement)}`)
      return {
        person: this.#people.get(owner),
        balances,
        bookings: last?.booking ?? 0,
        standing: last?.stands ? last.movement_id : undefined,
        transfers: [],
      }
    }
    return {
      person: undefined,
      balances,
      bookings: 0,
      head: this.#heads.get(ask.movement),
      transfers: this.#transfers
        .filter((row) => row.movement_id === ask.movement)
        .map((row) => readTransfer(row)),
    }
  }
}
