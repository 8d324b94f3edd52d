import type { Binding } from '../../engine/books.ts'
import type { Answer, Key, Row } from '../../engine/ports.ts'
import type { Refusal } from '../../engine/refusal.ts'
import type { Json } from '../../engine/dossier.ts'
import { canonicalJson, decodeMovement, decodeRow, firstDifference } from './document.ts'
import type { Crypto, Sealed } from './needs.ts'
import type { Resolved } from './resolution.ts'
import { readBindings, type StoredBinding } from './sql/resolve.ts'
import type { Statement } from './transaction.ts'

/** What an answer keeps beside the row: the row itself stands in its settlement and is not written twice. */
interface AnswerBody {
  readonly affected?: readonly string[]
  readonly refusal?: Refusal
  /** Only beside a refusal: under which key it was asked, of which else only the hash is known. */
  readonly key?: string
  readonly result?: Json | undefined
}

const answerPlace = (hash: Buffer): Buffer => Buffer.concat([Buffer.from('answer'), hash])
const inputPlace = (hash: Buffer): Buffer => Buffer.concat([Buffer.from('input'), hash])

export const sealInput = ({ cipher }: Crypto, hash: Buffer, input: string): Sealed =>
  cipher.encrypt(Buffer.from(input), inputPlace(hash))

export function sealAnswer(
  { cipher }: Crypto,
  hash: Buffer,
  answer: Answer,
  { key }: Pick<Key, 'key'>,
): Sealed {
  return cipher.encrypt(Buffer.from(canonicalJson(bodyOf(answer, key))), answerPlace(hash))
}

function bodyOf(answer: Answer, key: string): AnswerBody {
  switch (answer.kind) {
    case 'refused':
      return { refusal: answer.refusal, key }
    case 'undone':
      return { affected: answer.affected, result: answer.result }
    case 'settled':
    case 'entered':
      return { result: answer.result }
    case 'moved':
      return answer.result === undefined ? {} : { result: answer.result }
    case 'reversed':
      return {}
  }
}

/** The fingerprint of a key that a reversal blocked before its request arrived: whatever comes finds the refusal. */
export const blocked = ''

export const openInput = (
  { cipher }: Crypto,
  { input, key_hash }: Pick<StoredBinding, 'input' | 'key_hash'>,
): string => cipher.decrypt(input, inputPlace(key_hash)).toString('utf8')

/** What a key is bound to. A request without an answer waits for another region. */
export function readBinding(crypto: Crypto, key: Key, stored: StoredBinding | undefined): Binding {
  if (!stored) return { kind: 'fresh' }
  if (stored.fingerprint !== blocked && stored.fingerprint !== key.fingerprint) {
    const input = openInput(crypto, stored)
    return { kind: 'differs', field: firstDifference(input, key.input) ?? 'input' }
  }
  if (stored.kind === null || stored.body === null) return { kind: 'fresh', asked: true }
  return { kind: 'answered', answer: openAnswer(crypto, stored.kind, stored.body, stored) }
}

/** A refusal with the key that it was asked under; one that was kept before keys were kept beside it has none. */
export function openRefusal(
  { cipher }: Crypto,
  { body, key_hash }: { readonly body: Buffer; readonly key_hash: Buffer },
): { readonly refusal: Refusal; readonly key?: string | undefined } {
  const text = cipher.decrypt(body, answerPlace(key_hash)).toString('utf8')
  const { refusal, key } = JSON.parse(text) as AnswerBody
  return { refusal: refusal as Refusal, key }
}

/** What the sender was told beside the row. */
export function openResult(
  { cipher }: Crypto,
  { body, key_hash }: { readonly body: Buffer; readonly key_hash: Buffer },
): Json | undefined {
  const text = cipher.decrypt(body, answerPlace(key_hash)).toString('utf8')
  return (JSON.parse(text) as AnswerBody).result
}

function openAnswer(
  { cipher }: Crypto,
  kind: Answer['kind'],
  sealed: Buffer,
  { key_hash, canonical, subject }: StoredBinding,
): Answer {
  const text = cipher.decrypt(sealed, answerPlace(key_hash)).toString('utf8')
  const body: AnswerBody = JSON.parse(text)
  if (kind === 'moved') {
    const movement = decodeMovement(canonical as Buffer)
    return { kind, movement, ...(body.result !== undefined && { result: body.result }) }
  }
  const row = canonical === null ? undefined : decodeRow(canonical)
  switch (kind) {
    case 'settled':
      return { kind, row: row as Row, result: body.result }
    case 'entered':
      return { kind, subject: subject ?? '', result: body.result }
    case 'undone':
      return { kind, row: row as Row, affected: body.affected ?? [], result: body.result }
    case 'reversed':
      return { kind, row }
    case 'refused':
      return { kind, refusal: body.refusal as Refusal }
  }
}

export const bindingsOf = (resolved: readonly Resolved[]): Statement =>
  readBindings(
    resolved.flatMap((one) => (one.originalHash ? [one.keyHash, one.originalHash] : [one.keyHash])),
  )

export function noteBindings(resolved: readonly Resolved[], rows: readonly StoredBinding[]): void {
  const byKey = new Map(rows.map((row) => [row.key_hash.toString('hex'), row]))
  for (const one of resolved) {
    one.stored = byKey.get(one.keyHash.toString('hex'))
    one.storedOriginal = one.originalHash && byKey.get(one.originalHash.toString('hex'))
  }
}
