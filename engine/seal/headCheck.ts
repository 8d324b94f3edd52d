import { Edge } from './edge.ts'
import type { ExportStart } from './exportLine.ts'
import {
  changedWithin,
  type Finding,
  headFinding,
  isIncomplete,
  partsOfChange,
  wasChanged,
  wasRemoved,
  wasRestored,
} from './finding.ts'
import { sameHash } from './hash.ts'
import { type Head, hashOfHead, readHead, readNote, type SealKey, signerOf } from './head.ts'
import type { Checking } from './keyChain.ts'
import type { Placed } from './placed.ts'

/** The leaves of an export by position: as they are stored now, and as they were sealed where that is told. */
export interface ExportedLeaves {
  readonly stored: Pick<Placed, 'get' | 'most'>
  readonly sealed: Pick<Placed, 'get'>
  readonly postingAt: (position: number) => string
}

/** What heads proved of the leaves of an export. */
export interface Proved {
  readonly sealedUpTo: number
  readonly sealedAt: string | undefined
  readonly findings: readonly Finding[]
}

interface SignedHead extends Head {
  readonly note: string
}

/** Builds the tree of an export twice, of what is stored and of what was sealed, and holds both against its heads. */
export class HeadCheck {
  readonly #checking: Checking
  readonly #start: ExportStart
  readonly #keys: readonly SealKey[]
  readonly #leaves: ExportedLeaves
  readonly #findings: Finding[] = []
  /** Once it cannot be told where something was changed, every later head differs as well. */
  #isLost = false

  constructor(
    checking: Checking,
    start: ExportStart,
    keys: readonly SealKey[],
    leaves: ExportedLeaves,
  ) {
    this.#checking = checking
    this.#start = start
    this.#keys = keys
    this.#leaves = leaves
  }

  run(edge: Edge, notes: readonly string[], left: readonly string[]): Proved {
    const own = this.#read(notes).toSorted((a, b) => a.size - b.size)
    this.#checkChain(own)
    const known = this.#read(this.#ofThisLog(left))
    const heads = [...own, ...known].toSorted((a, b) => a.size - b.size)
    this.#checkForks(heads)
    this.#walk(edge, heads)
    for (const head of heads) this.#checkReach(head)
    const last = own.findLast(({ size }) => size <= this.#start.until)
    return { sealedUpTo: last?.size ?? 0, sealedAt: last?.at, findings: this.#findings }
  }

  /** Heads of other logs, which may have been kept in one file with those of this one, say nothing of it. */
  #ofThisLog(left: readonly string[]): string[] {
    const own = left.filter((note) => note.startsWith(`${this.#start.log}\n`))
    if (left.length > 0 && own.length === 0)
      this.#findings.push(
        isIncomplete(
          `None of the heads that were given is of ${this.#start.log}.`,
          `所给日志头均不属于 ${this.#start.log}。`,
        ),
      )
    return own
  }

  /** Of one size there is one log. */
  #checkForks(heads: readonly SignedHead[]): void {
    for (const [i, head] of heads.entries()) {
      const before = heads[i - 1]
      if (before?.size === head.size && !sameHash(before.root, head.root))
        this.#findings.push(
          headFinding(
            'head',
            head.size,
            'was signed twice, of two histories: one of them was changed.',
            '曾对两种不同的历史签名：其一被篡改。',
          ),
        )
    }
  }

  /** What a head stands for has to be in the file, or nothing is known of it. */
  #checkReach({ size, at }: SignedHead): void {
    const { from, until, last } = this.#start
    if (size > until && until >= last) this.#findings.push(wasRestored(size, until, at))
    else if (size > until || size < from - 1)
      this.#findings.push(
        isIncomplete(
          `The head of ${size} positions is not covered by positions ${from} to ${until}, and was not checked.`,
          `含 ${size} 个位置的日志头不在第 ${from} 至 ${until} 号范围内，未予核对。`,
        ),
      )
  }

  /** Heads that one of the keys signed; what is none is told. */
  #read(notes: readonly string[]): SignedHead[] {
    return notes.flatMap((note) => {
      const read = readNote(note)
      const head = read && readHead(read.text)
      if (!read || !head) {
        this.#findings.push(
          headFinding(
            'signature',
            undefined,
            'A head is no signed text.',
            '某日志头不是签名文本。',
          ),
        )
        return []
      }
      const { digest, verify } = this.#checking
      if (!signerOf(digest, verify, read, this.#keys)) {
        this.#findings.push(
          headFinding(
            'signature',
            head.size,
            'is signed by no key that can be trusted.',
            '的签名不属于任何可信密钥。',
          ),
        )
        return []
      }
      if (head.origin !== this.#start.log) {
        this.#findings.push(
          headFinding(
            'head',
            head.size,
            `is of another log, ${head.origin}.`,
            `属于另一日志 ${head.origin}。`,
          ),
        )
        return []
      }
      return [{ ...head, note }]
    })
  }

  /** Each names the one before; which is before the first of an export only a larger one would tell. */
  #checkChain(heads: readonly SignedHead[]): void {
    for (const [i, head] of heads.entries()) {
      const before = heads[i - 1]
      const isRight = before
        ? isHash(head.previous, hashOfHead(this.#checking.digest, before.note))
        : this.#start.from > 1 || head.previous === undefined
      if (!isRight)
        this.#findings.push(
          headFinding(
            'head',
            head.size,
            'does not follow the head before it: one was removed or changed.',
            '与其前一日志头不相接：有日志头被删除或篡改。',
          ),
        )
    }
  }

  #walk(edge: Edge, heads: readonly SignedHead[]): void {
    const { from, until } = this.#start
    const stored = new Tree(edge)
    const sealed = new Tree(new Edge(this.#checking.digest, edge.size, edge.hashes))
    const due = heads.filter(({ size }) => size >= from - 1 && size <= until)
    // What a file says of its end may be anything: nobody counts further than there is something.
    const end = Math.min(until, Math.max(from - 1, this.#leaves.stored.most, due.at(-1)?.size ?? 0))
    let [window, next]: [Window, number] = [{ from, missing: 0, differing: [] }, 0]
    for (let position = from - 1; position <= end; position++) {
      if (position >= from) {
        const leaves = this.#leavesAt(position)
        stored.add(leaves.stored)
        sealed.add(leaves.sealed)
        this.#note(window, position, leaves)
      }
      for (; due[next]?.size === position; next++) {
        const { root } = due[next] as SignedHead
        this.#judge(window, position, stored.isAt(root), sealed.isAt(root))
        window = { from: position + 1, missing: 0, differing: [] }
      }
    }
    if (end < until) this.#findings.push(wasRemoved(end + 1, until))
  }

  #leavesAt(position: number): Leaf {
    const stored = this.#leaves.stored.get(position)
    return { stored, sealed: this.#leaves.sealed.get(position) ?? stored }
  }

  #note(window: Window, position: number, { stored, sealed }: Leaf): void {
    if (!stored) {
      window.missing += 1
      this.#tellRemoved(position)
    } else if (sealed && !sameHash(stored, sealed)) window.differing.push(position)
  }

  /** Positions that were removed one after the other are told as one. */
  #tellRemoved(position: number): void {
    const last = this.#findings.at(-1)
    const isNext = last?.kind === 'removed' && (last.until ?? last.position) === position - 1
    if (isNext) this.#findings.splice(-1, 1, wasRemoved(last.position as number, position))
    else this.#findings.push(wasRemoved(position))
  }

  /** What a head says of the positions since the one before it. */
  #judge(window: Window, size: number, isStoredRight: boolean, isSealedRight: boolean): void {
    const { from, differing } = window
    if (isStoredRight) {
      if (differing.length > 0) this.#findings.push(tilesWereChanged(size))
      return
    }
    if (isSealedRight) {
      for (const position of differing)
        this.#findings.push(
          wasChanged(position, this.#leaves.postingAt(position), partsOfChange.place),
        )
      return
    }
    // Neither what is stored nor what was said to be sealed is what was signed: nobody can tell which position it is.
    if (this.#isLost) return
    this.#isLost = true
    this.#findings.push(from <= size ? changedWithin(from, size) : isOfAnother(size))
  }
}

const isOfAnother = (size: number): Finding =>
  headFinding(
    'head',
    size,
    'is not of what comes before it here: another history was signed, or it was put before other positions.',
    '与其之前的内容不符：所签历史不同，或被移到其他位置之前。',
  )

/** What is stored at a position, and what was sealed there. */
interface Leaf {
  readonly stored: Uint8Array | undefined
  readonly sealed: Uint8Array | undefined
}

/** The positions since the head before. */
interface Window {
  readonly from: number
  missing: number
  readonly differing: number[]
}

/** A tree that is built for as long as no leaf is missing. */
class Tree {
  readonly #edge: Edge
  #isWhole = true

  constructor(edge: Edge) {
    this.#edge = edge
  }

  add(leaf: Uint8Array | undefined): void {
    if (leaf && this.#isWhole) this.#edge.add(leaf)
    else this.#isWhole = false
  }

  isAt(root: Uint8Array): boolean {
    return this.#isWhole && sameHash(this.#edge.root, root)
  }
}

const tilesWereChanged = (size: number): Finding =>
  headFinding(
    'head',
    size,
    'is right, but hashes of the tiles below it were changed.',
    '正确，但其下的哈希瓦片被篡改。',
  )

const isHash = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
  a !== undefined && sameHash(a, b)
