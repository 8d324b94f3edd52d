import type { Claim, Credential } from '../../engine/claim.ts'
import { eCardNumber } from '../../engine/eCard.ts'
import type { Institution } from '../../engine/institution.ts'
import type { MoveAsk, MoveBackAsk } from '../../engine/movementAsks.ts'
import type { ReverseAsk } from '../../engine/ports.ts'
import { credentialHash, keyHash } from './hashes.ts'
import type { Crypto } from './needs.ts'
import { type ResolvedMovement, resolveMovements } from './sql/movements.ts'
import { type ResolvedPerson, resolvePeople } from './sql/people.ts'
import {
  readInstitutions,
  type ResolvedOriginal,
  resolveOriginals,
  resolveCredentials,
  type ResolvedCredential,
  resolveSettlements,
  type ResolvedSettlement,
} from './sql/resolve.ts'
import type { Statement, Transaction } from './transaction.ts'

export const hex = (hash: Buffer): string => hash.toString('hex')

/** A token leads to its owner's e-card, where they have one. */
export const hashOf = (crypto: Crypto, credential: Credential): Buffer => {
  const { type, number, token } = credential
  return credentialHash(crypto, { type, number: token ? eCardNumber(token.owner) : number })
}

/** Statements whose rows are asked for later by a key; nothing is sent where there is nothing to ask. */
export class Lookup {
  readonly #credentials = new Map<string, Buffer>()
  readonly #institutions = new Set<string>()
  readonly #settlements = new Set<string>()
  readonly #originals = new Map<string, Buffer>()
  readonly #people = new Set<string>()
  readonly #named = new Set<string>()
  readonly #movements = new Set<string>()
  readonly #crypto: Crypto

  constructor(crypto: Crypto) {
    this.#crypto = crypto
  }

  addClaim({ credential, institution }: Claim): void {
    const hash = hashOf(this.#crypto, credential)
    this.#credentials.set(hex(hash), hash)
    this.#institutions.add(institution)
    if (credential.token) this.#named.add(credential.token.owner)
  }

  addUndo(institution: string, settlement: string): void {
    this.#institutions.add(institution)
    this.#settlements.add(settlement)
  }

  addReversal({ institution, original, person }: ReverseAsk): void {
    const hash = keyHash(this.#crypto, original)
    this.#institutions.add(institution)
    this.#originals.set(hex(hash), hash)
    this.#people.add(person)
  }

  addNamed(institution: string, owner: string, settlement?: string): void {
    this.#institutions.add(institution)
    this.#named.add(owner)
    if (settlement !== undefined) this.#settlements.add(settlement)
  }

  /** A collection names the settlement whose cash it is. */
  addMovement(ask: MoveAsk | MoveBackAsk): void {
    this.#institutions.add(ask.institution)
    if (ask.kind === 'moveBack') this.#movements.add(ask.movement)
    else this.#named.add(ask.movement.person)
    if (ask.kind === 'move' && ask.movement.settlement !== undefined)
      this.#settlements.add(ask.movement.settlement)
  }

  async read(transaction: Transaction, first: readonly Statement[]): Promise<Found> {
    const statements: Statement[] = [readInstitutions([...this.#institutions])]
    if (this.#credentials.size > 0)
      statements.push(resolveCredentials([...this.#credentials.values()]))
    if (this.#settlements.size > 0) statements.push(resolveSettlements([...this.#settlements]))
    if (this.#originals.size > 0)
      statements.push(resolveOriginals([...this.#originals.values()], [...this.#people]))
    if (this.#named.size > 0) statements.push(resolvePeople([...this.#named]))
    if (this.#movements.size > 0) statements.push(resolveMovements([...this.#movements]))
    const results = await transaction.send([...first, ...statements])
    const [institutions, ...others] = results.slice(first.length).map((result) => result.rows)
    return {
      institutions: new Map(institutions?.map((row) => [row.code, row.document])),
      credentials: new Map(
        (this.#credentials.size > 0 ? others.shift() : [])?.map((row) => [
          hex(row.number_hash),
          row,
        ]),
      ),
      settlements: new Map(
        (this.#settlements.size > 0 ? others.shift() : [])?.map((row) => [row.settlement_id, row]),
      ),
      originals: (this.#originals.size > 0 ? others.shift() : []) ?? [],
      people: new Map(
        (this.#named.size > 0 ? others.shift() : [])?.map((row) => [row.owner_id, row]),
      ),
      movements: new Map(
        (this.#movements.size > 0 ? others.shift() : [])?.map((row) => [row.movement_id, row]),
      ),
    }
  }
}

/** What was found of some asks, each under what it was looked up by. */
export interface Found {
  readonly institutions: ReadonlyMap<string, Institution>
  readonly credentials: ReadonlyMap<string, ResolvedCredential>
  readonly settlements: ReadonlyMap<string, ResolvedSettlement>
  readonly originals: readonly ResolvedOriginal[]
  readonly people: ReadonlyMap<string, ResolvedPerson>
  readonly movements: ReadonlyMap<string, ResolvedMovement>
}
