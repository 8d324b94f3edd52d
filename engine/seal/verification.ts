import { type Columns, columnsOf, columnsThatDiffer } from './columns.ts'
import { Edge } from './edge.ts'
import {
  type ExportEnd,
  type ExportedPosting,
  type ExportStart,
  readExportLine,
} from './exportLine.ts'
import {
  type Finding,
  isIncomplete,
  isStray,
  isUnreadable,
  partsOfChange,
  wasAdded,
  wasChanged,
} from './finding.ts'
import { leafHash, sameHash } from './hash.ts'
import { HeadCheck, type Proved } from './headCheck.ts'
import { type Checking, trustedKeys } from './keyChain.ts'
import { Placed } from './placed.ts'
import { placeText, postingText } from './posting.ts'

const tileWidth = 256
const hashBytes = 32
const idBytes = 30

/** What whoever checks was given by other ways than the export. */
export interface Given {
  /** The public key of the log, or of the first of its keys. */
  readonly publicKey?: string | undefined
  /** Heads that were left with them before: signed texts. */
  readonly heads?: readonly string[]
}

/** What came of a verification (核验结果). */
export interface Verdict {
  readonly log: string
  /** The first position. */
  readonly from: number
  readonly postings: number
  readonly heads: number
  /** The last position that a head has, and when it was signed. */
  readonly sealedUpTo: number
  readonly sealedAt: string | undefined
  /** Positions after it, which no head has yet. */
  readonly unsealed: number
  /** The names and public keys that signed, and whether the first was given by other ways. */
  readonly keys: readonly { readonly name: string; readonly publicKey: string }[]
  readonly isKeyGiven: boolean
  /** In order of positions. Nothing was changed where there are none. */
  readonly findings: readonly Finding[]
}

/** Findings that one verification tells, at most: of a log that is wrong everywhere nobody reads all. */
const mostFindings = 1_000

/** Checks an audit export, a line at a time and in whatever order they come (离线核验). */
export class Verification {
  readonly #checking: Checking
  readonly #given: Given
  readonly #sealed = new Placed(hashBytes)
  readonly #stored = new Placed(hashBytes)
  readonly #notes: string[] = []
  readonly #findings: Finding[] = []
  readonly #postings = new Placed(idBytes)
  #lines = 0
  #found = 0
  #start: ExportStart | undefined
  #end: ExportEnd | undefined
  readonly #counts = { posting: 0, entry: 0 }

  constructor(checking: Checking, given: Given = {}) {
    this.#checking = checking
    this.#given = given
  }

  take(text: string): void {
    this.#lines += 1
    const line = readExportLine(text)
    switch (line?.kind) {
      case undefined:
        return this.#find(isUnreadable(this.#lines))
      case 'export':
        if (this.#start) this.#find(isTwice)
        this.#start ??= line
        return
      case 'end':
        if (this.#end) this.#find(isTwice)
        this.#end ??= line
        return
      case 'head':
        this.#notes.push(line.note)
        return
      case 'stray':
        return this.#find(isStray(line.table, line.owner, line.row))
      case 'tile':
        return this.#takeTile(line.tile, line.hashes)
      case 'posting':
        return this.#takePosting(line)
      case 'entry':
        return this.#takeEntry(line.position, line.text)
    }
  }

  get #taken(): number {
    return this.#counts.posting + this.#counts.entry
  }

  #find(finding: Finding): void {
    this.#found += 1
    if (this.#findings.length < mostFindings) this.#findings.push(finding)
  }

  #takeTile(tile: number, base64: string): void {
    const hashes = bytesOf(base64)
    if (hashes?.length !== tileWidth * hashBytes) return this.#find(isUnreadable(this.#lines))
    for (let i = 0; i < tileWidth; i++)
      this.#sealed.set(
        tile * tileWidth + i + 1,
        hashes.subarray(i * hashBytes, (i + 1) * hashBytes),
      )
  }

  #takeEntry(position: number, text: string): void {
    this.#counts.entry += 1
    if (this.#stored.get(position)) return this.#find(wasAdded(position, 'entry'))
    this.#stored.set(position, leafHash(this.#checking.digest, encoder.encode(text)))
  }

  #takePosting(line: ExportedPosting): void {
    const { digest } = this.#checking
    const { position, at, owner, posting } = line
    this.#counts.posting += 1
    if (this.#stored.get(position)) return this.#find(wasAdded(position, posting))
    const written = digest(encoder.encode(postingText(line)))
    const kept = line.digest === undefined ? written : bytesOf(line.digest)
    if (!kept || !sameHash(kept, written))
      this.#find(wasChanged(position, posting, partsOfChange.written))
    const said = (kept ?? written).toBase64()
    const leaf = placeText({ position, at, owner, posting, digest: said })
    this.#stored.set(position, leafHash(digest, encoder.encode(leaf)))
    this.#checkColumns(line)
    // Whoever is told of a position wants to know the posting; of those that are right nobody asks.
    this.#postings.set(position, encoder.encode(posting))
  }

  #checkColumns(line: ExportedPosting): void {
    const { columns, position, posting } = line
    if (!columns) return
    const differ = differingColumns(this.#checking, line, columns)
    if (differ.length > 0) this.#find(wasChanged(position, posting, partsOfChange.columns(differ)))
  }

  /** What came of it, once all lines are there. */
  end(): Verdict {
    const start = this.#start
    if (!start)
      this.#find(
        isIncomplete('The file has no first line of an export.', '文件缺少审计导出的首行。'),
      )
    const keys = trustedKeys(this.#checking, start?.keys ?? [], this.#given.publicKey)
    const proved = start && this.#prove(start, keys)
    this.#checkEnd(start)
    if (start) this.#checkRange(start)
    for (const finding of proved?.findings ?? []) this.#find(finding)
    const left = this.#found - this.#findings.length
    if (left > 0)
      this.#findings.push(
        isIncomplete(`${left} more findings are not told.`, `另有 ${left} 项未列出。`),
      )
    return {
      log: start?.log ?? '',
      from: start?.from ?? 0,
      postings: this.#taken,
      heads: this.#notes.length,
      sealedUpTo: proved?.sealedUpTo ?? 0,
      sealedAt: proved?.sealedAt,
      unsealed: start
        ? Math.max(0, start.until - Math.max(start.from - 1, proved?.sealedUpTo ?? 0))
        : 0,
      keys: keys.map(({ name, publicKey }) => ({ name, publicKey })),
      isKeyGiven: this.#given.publicKey !== undefined,
      findings: this.#findings.toSorted(byPosition),
    }
  }

  #prove(start: ExportStart, keys: ReturnType<typeof trustedKeys>): Proved {
    const { digest } = this.#checking
    const before = start.edge.map(bytesOf)
    let edge: Edge
    try {
      edge = new Edge(
        digest,
        start.from - 1,
        before.filter((hash) => hash?.length === hashBytes) as Uint8Array[],
      )
    } catch {
      this.#find(
        isIncomplete(
          'The first line does not say what is before its first position.',
          '首行未说明其首个位置之前的内容。',
        ),
      )
      edge = new Edge(digest)
    }
    const check = new HeadCheck(this.#checking, start, keys, {
      stored: this.#stored,
      sealed: this.#sealed,
      postingAt: (position) => nameOf(this.#postings.get(position)),
    })
    return check.run(edge, this.#notes, this.#given.heads ?? [])
  }

  /** What is not between the first position and the last is proved by nothing, nor are rows of another log. */
  #checkRange({ from, until, log }: ExportStart): void {
    const { least, most } = this.#stored
    if (least < from || most > until || from > until + 1)
      this.#find(
        isIncomplete(
          `There are positions outside ${from} to ${until}, which the file says it has.`,
          `存在第 ${from} 至 ${until} 号范围之外的位置。`,
        ),
      )
    const stranger = log.endsWith(' access') ? this.#counts.posting : this.#counts.entry
    if (stranger > 0)
      this.#find(
        isIncomplete(
          `There are ${stranger} rows of another log.`,
          `含有 ${stranger} 行其他日志的内容。`,
        ),
      )
  }

  #checkEnd(start: ExportStart | undefined): void {
    const end = this.#end
    if (start && (!end || end.postings > this.#taken || end.heads > this.#notes.length))
      this.#find(
        isIncomplete('The file is not whole: lines of it are missing.', '文件不完整：缺少若干行。'),
      )
  }
}

const encoder = new TextEncoder()
const nameOf = (bytes: Uint8Array | undefined): string =>
  new TextDecoder().decode(bytes).replaceAll('\0', '')

const placeOf = ({ position }: Finding): number => position ?? Number.MAX_SAFE_INTEGER
const byPosition = (a: Finding, b: Finding): number => placeOf(a) - placeOf(b)

function bytesOf(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.fromBase64(base64)
  } catch {
    return undefined
  }
}

/** A document that is no JSON any more was changed, whatever it says; columns may be nested to no end. */
function differingColumns({ digest }: Checking, line: ExportedPosting, columns: Columns): string[] {
  try {
    const expected = columnsOf(digest, line)
    return expected ? columnsThatDiffer(columns, expected) : ['?']
  } catch {
    return ['?']
  }
}

const isTwice = isIncomplete('The file holds more than one export.', '文件中含有不止一份审计导出。')
