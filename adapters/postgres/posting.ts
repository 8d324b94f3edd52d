import { add, type Fen, subtract } from '../../engine/money.ts'
import type { Instant } from '../../engine/day.ts'
import { type Entry, type Subject, subjectKey } from '../../engine/dossier.ts'
import { type MovementRow, sourceOf } from '../../engine/movement.ts'
import type { UndoWriting, Writing } from '../../engine/books.ts'
import type { Answer, Key, Row } from '../../engine/ports.ts'
import { assert, type Refusal } from '../../engine/refusal.ts'
import { isEffective } from '../../engine/undo.ts'
import { CardPosting } from './cardPosting.ts'
import { ClearingPostings } from './clearingPostings.ts'
import { blocked, sealAnswer, sealInput } from './bind.ts'
import { sealEntry } from './entries.ts'
import { encodeRow } from './document.ts'
import type { Standing } from './facts.ts'
import { billHash, keyHash, nameHashes } from './hashes.ts'
import { MoneyPosting } from './moneyPosting.ts'
import type { Crypto } from './needs.ts'
import { sealIdentity } from './register.ts'
import {
  type AnswerRow,
  insertAccountVersions,
  insertAnswers,
  insertRequests,
  insertTransfers,
  insertUnjournaled,
  insertYearVersions,
  type RequestRow,
} from './sql/inserts.ts'
import { clearDue, setDue } from './sql/due.ts'
import { type EntryRow, insertEntries } from './sql/entries.ts'
import { insertMovements, type MovementInsert } from './sql/movements.ts'
import { changePeople, type PersonChange } from './sql/people.ts'
import { insertSettlements, type SettlementRow } from './sql/settlement.ts'
import type { Statement } from './transaction.ts'
import { yearOf } from './years.ts'

/** Whose key a writing answers, and whether a row for it stands already. */
export interface KeyStanding {
  readonly hash: Buffer
  readonly bound: boolean
}

/** The rows of many claims, folded one after the other onto where their accounts and years stand. */
export class Posting {
  readonly #crypto: Crypto
  readonly #standing: Standing
  readonly #at: Instant
  readonly #requests: RequestRow[] = []
  readonly #answers: AnswerRow[] = []
  readonly #settlements: SettlementRow[] = []
  readonly #money: MoneyPosting
  readonly #entries: EntryRow[] = []
  readonly #due = new Map<string, readonly [Subject, Instant | 'never']>()
  readonly #people: PersonChange[] = []
  readonly #cards: CardPosting
  readonly #clearing: ClearingPostings
  readonly #movements: MovementInsert[] = []

  constructor(crypto: Crypto, standing: Standing, at: Instant) {
    this.#crypto = crypto
    this.#standing = standing
    this.#at = at
    this.#money = new MoneyPosting(crypto, standing)
    this.#cards = new CardPosting(crypto, standing.cards, at)
    this.#clearing = new ClearingPostings(crypto, at)
  }

  add(writing: Writing, key: KeyStanding): void {
    const { answer, ask, owner, row, movement, undone } = writing
    assert(owner !== '', 'what is written has an owner')
    if (!key.bound) {
      const { keyVersion, bytes } = sealInput(this.#crypto, key.hash, ask.key.input)
      const { fingerprint } = ask.key
      this.#requests.push({
        keyHash: key.hash,
        fingerprint,
        input: bytes,
        keyVersion,
        owner,
        at: this.#at,
      })
    }
    if (answer) this.#addAnswer(answer, writing, key.hash)
    this.#block(writing)
    if (undone) this.#addUndone(undone, writing)
    if (row) this.#addRow(row, writing)
    if (movement) this.#addMovement(movement, writing)
    for (const entry of writing.entries) this.#addEntry(entry, writing)
    for (const change of writing.cards ?? []) this.#cards.add(change)
    if (writing.person ?? writing.identity) this.#addPerson(writing)
    // Its entries are added by now, and their versions with them.
    if (writing.clearing)
      this.#clearing.add(writing.clearing, (of, name) => {
        const version = this.#standing.subjects.get(subjectKey({ owner: of, name }))
        assert(version !== undefined, `an entry of ${name} goes with what it moves`)
        return version
      })
  }

  #addAnswer(answer: Answer, { ask, owner, row, movement }: Writing, keyHash: Buffer): void {
    const { keyVersion, bytes } = sealAnswer(this.#crypto, keyHash, answer, ask.key)
    const { kind } = answer
    const posting = kind === 'reversed' ? answer.row?.id : (row ?? movement)?.id
    this.#answers.push({
      owner,
      keyHash,
      kind,
      posting,
      subject: kind === 'entered' ? answer.subject : undefined,
      refused: kind === 'refused' ? refusedOf(ask.key, answer.refusal) : undefined,
      body: bytes,
      keyVersion,
      at: this.#at,
    })
  }

  /** The row that is undone first stands before the one that takes its place, with its own entries and versions. */
  #addUndone(undone: UndoWriting, { ask, owner, answer }: Writing): void {
    const writing = { ...undone, ask, owner, answer }
    this.#addRow(undone.row, writing)
    for (const entry of undone.entries) this.#addEntry(entry, writing)
  }

  #addEntry({ subject, kind, body, due }: Entry, { ask, row }: Writing): void {
    const key = subjectKey(subject)
    const before = this.#standing.subjects.get(key)
    assert(before !== undefined, `what is kept of ${key} was read`)
    const version = before + 1
    this.#standing.subjects.set(key, version)
    const place = { subject, version, kind, institution: ask.key.institution }
    const { keyVersion, bytes } = sealEntry(this.#crypto, place, body)
    this.#entries.push({ ...place, at: this.#at, posting: row?.id, body: bytes, keyVersion })
    if (due !== undefined) this.#due.set(key, [subject, due])
  }

  #addPerson({ owner, person, identity }: Writing): void {
    const version = this.#standing.people.get(owner)
    const before = this.#standing.identities.get(owner)
    assert(version !== undefined && before !== undefined, 'whoever is changed was read')
    this.#people.push({
      owner,
      version,
      document: person,
      identity: identity && sealIdentity(this.#crypto, owner, identity),
      names: identity && nameHashes(this.#crypto, identity.name),
      at: this.#at,
    })
    if (identity) this.#cards.rename(owner, before, identity)
  }

  /** A key that was reversed before its request arrived is bound to nothing, and answered with a refusal. */
  #block({ blocks, owner }: Writing): void {
    if (!blocks) return
    const hash = keyHash(this.#crypto, blocks)
    const input = sealInput(this.#crypto, hash, '')
    const { refusal, bound = false } = blocks
    const body = sealAnswer(this.#crypto, hash, { kind: 'refused', refusal }, blocks)
    const common = { keyHash: hash, owner, at: this.#at }
    if (!bound)
      this.#requests.push({
        ...common,
        fingerprint: blocked,
        input: input.bytes,
        keyVersion: input.keyVersion,
      })
    this.#answers.push({
      ...common,
      kind: 'refused',
      posting: undefined,
      subject: undefined,
      // Where nobody has asked under it yet, nobody was refused.
      refused: bound ? refusedOf(blocks, refusal) : undefined,
      body: body.bytes,
      keyVersion: body.keyVersion,
    })
  }

  #addMovement(row: MovementRow, writing: Writing): void {
    const { owner } = writing
    const canonical = encodeRow(row)
    this.#movements.push({ row, source: sourceOf(row.content), canonical })
    this.#money.add(writing, { posting: row.id, document: canonical, participants: [owner] })
  }

  #addRow(row: Row, writing: Writing): void {
    const { owner, transfers } = writing
    const participants = [...new Set([owner, ...transfers.map((t) => t.owner)])]
    const benefitYear = yearOf(row)
    const canonical = encodeRow(row)
    this.#settlements.push({
      row,
      participants,
      benefitYear,
      billHash: billHash(this.#crypto, owner, row.content),
      accountBefore:
        row.content.side === 'care'
          ? accountBeforeAsTold(row)
          : (this.#standing.balances.get(owner)?.balance ?? 0n),
      canonical,
      card: writing.card,
    })
    this.#money.add(writing, {
      posting: row.id,
      document: canonical,
      participants,
      years: new Set([benefitYear, ...writing.counters.map(({ year }) => year)]),
    })
  }

  #dues(): (Statement | undefined)[] {
    const dues = [...this.#due.values()]
    const later = dues.flatMap(([subject, at]): [Subject, Instant][] =>
      at === 'never' ? [] : [[subject, at]],
    )
    const over = dues.flatMap(([subject, at]) => (at === 'never' ? [subject] : []))
    return [fill((rows) => setDue(new Map(rows)), later), fill(clearDue, over)]
  }

  statements(): Statement[] {
    return [
      fill(insertRequests, this.#requests),
      fill(insertAnswers, this.#answers),
      fill(insertYearVersions, this.#money.years),
      fill(insertAccountVersions, this.#money.balances),
      fill(insertSettlements, this.#settlements),
      fill(insertMovements, this.#movements),
      fill(insertTransfers, this.#money.transfers),
      fill(insertUnjournaled, this.#money.unjournaled),
      fill(insertEntries, this.#entries),
      fill(changePeople, this.#people),
      ...this.#cards.statements(),
      ...this.#clearing.statements(),
      ...this.#dues(),
    ].filter((statement) => statement !== undefined)
  }
}

const refusedOf = ({ institution }: Pick<Key, 'institution'>, { code }: Refusal) => ({
  code,
  institution,
})

/** The account is kept by another region, which told what is there afterwards. */
function accountBeforeAsTold(row: Row): Fen {
  const { accountBalance, account, familyAccount } = row.content
  const own = subtract(account, familyAccount)
  return isEffective(row) ? add(accountBalance, own) : subtract(accountBalance, own)
}

function fill<T>(
  insert: (rows: readonly T[]) => Statement,
  rows: readonly T[],
): Statement | undefined {
  return rows.length > 0 ? insert(rows) : undefined
}
