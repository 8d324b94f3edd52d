import type { AwayClaim, RegionAsk, RegionReply } from '../../../engine/awayClaim.ts'
import { regionAsker } from '../../../engine/institution.ts'
import type { Ask, Key, Row } from '../../../engine/ports.ts'
import type { Taken } from '../../../engine/process.ts'
import { refuse } from '../../../engine/refusal.ts'
import type { Settlement } from '../../../engine/settlement.ts'
import { isEffective } from '../../../engine/undo.ts'
import { Ledger, person } from './ledgers.ts'

const asker = regionAsker('care')
const keyOf = (key: string): Key => ({ institution: asker, key, fingerprint: '', input: '' })

/** What the claim of a schedule comes to at home: it may be refused by rule. */
export interface ModelClaim {
  readonly refused: boolean
  readonly scoped: { readonly institution: { readonly code: string } }
}

/** The home region: it answers each message in one transaction, and remembers nothing else. */
export class Home {
  readonly ledger: Ledger

  constructor(options: { readonly fenced?: boolean } = {}) {
    this.ledger = new Ledger((ledger, { ask }) => {
      const { claim } = ask as Extract<Ask, { kind: 'settle' }>
      if ((claim as unknown as ModelClaim).refused)
        return { ...none, answer: { kind: 'refused', refusal: refuse('not-insured') } }
      const row = ledger.row({
        person,
        institution: 'H',
        side: 'home',
        reference: ask.key.key,
        homeRegion: 'home',
        careRegion: 'care',
        draws: [],
        counters: [],
      } as unknown as Settlement)
      return { ...none, row, answer: { kind: 'settled', row } }
    }, options)
  }

  answer(asked: RegionAsk): RegionReply {
    switch (asked.kind) {
      case 'settle':
        return this.#settle(asked.reference, asked.claim)
      case 'query':
        return this.#query(asked.reference)
      case 'cancel':
        return this.#cancel(asked)
      case 'reverse':
        return this.#reverse(asked)
      default:
        throw new Error(`no schedule asks to ${asked.kind}`)
    }
  }

  #settle(reference: string, claim: AwayClaim): RegionReply {
    const key = keyOf(reference)
    const taken = this.ledger.take({ kind: 'settle', key, claim: claim as never })
    return taken.kind === 'settled' ? settled(taken.row) : otherwise(taken)
  }

  #query(reference: string): RegionReply {
    const answer = this.ledger.answered(keyOf(reference))
    if (answer?.kind === 'settled') {
      const head = this.ledger.chains.get(answer.row.settlement)?.at(-1) as Row
      return { ...settled(answer.row), undone: !isEffective(head) }
    }
    if (answer?.kind === 'undone') return cancelled
    if (answer?.kind === 'reversed') return reversed(answer.row)
    if (answer?.kind === 'refused') return { kind: 'refused', refusal: answer.refusal }
    return { kind: 'absent' }
  }

  #cancel({ reference, settlement: named }: Extract<RegionAsk, { kind: 'cancel' }>): RegionReply {
    const answer = this.ledger.answered(keyOf(named))
    if (answer?.kind !== 'settled')
      return { kind: 'refused', refusal: refuse('settlement-unknown', { settlement: named }) }
    const { settlement } = answer.row
    const key = keyOf(reference)
    const taken = this.ledger.take({ kind: 'cancel', key, settlement, institution: 'H', person })
    return taken.kind === 'undone' ? cancelled : otherwise(taken)
  }

  #reverse(asked: Extract<RegionAsk, { kind: 'reverse' }>): RegionReply {
    const { reference, of, settlement } = asked
    const original = { institution: asker, key: of }
    const key = keyOf(reference)
    const taken = this.ledger.take({ kind: 'reverse', key, institution: 'H', original, person })
    if (taken.kind === 'reversed') return reversed(taken.row)
    const isOver = taken.kind === 'refused' && taken.refusal.code === 'already-undone'
    return isOver && of === settlement ? { kind: 'reversed', as: 'turned' } : otherwise(taken)
  }
}

const none = { transfers: [], balances: [], counters: [], entries: [] }

const settled = ({ settlement, postedAt }: Row): Extract<RegionReply, { kind: 'settled' }> => ({
  kind: 'settled',
  settlement,
  postedAt,
  split: {} as never,
})

const cancelled: RegionReply = { kind: 'cancelled', postedAt: 0, affected: [] }

const reversed = (row: Row | undefined): RegionReply => ({
  kind: 'reversed',
  as: !row ? 'nothing' : row.kind === 'restoration' ? 'restored' : 'turned',
})

const otherwise = (taken: Taken): RegionReply =>
  taken.kind === 'refused' ? { kind: 'refused', refusal: taken.refusal } : { kind: 'open' }
