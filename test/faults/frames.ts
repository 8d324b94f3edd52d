/** One message of the PostgreSQL protocol with its header; `type` is empty for those that open a connection. */
export interface Frame {
  readonly type: string
  readonly bytes: Buffer
}

const untypedHeader = 4
const typedHeader = 5
const requestCodes: Readonly<Record<number, Opening>> = {
  80877102: 'cancel',
  80877103: 'encryption',
  80877104: 'encryption',
}

/** What a message without a type asks for. */
type Opening = 'startup' | 'encryption' | 'cancel'

export const openingOf = ({ bytes }: Frame): Opening =>
  requestCodes[bytes.readInt32BE(4)] ?? 'startup'

/** Cuts a stream into messages. The client's side of a connection begins with messages that have no type. */
export class Framer {
  #rest: Buffer = Buffer.alloc(0)
  #opening: boolean

  constructor(side: 'client' | 'server') {
    this.#opening = side === 'client'
  }

  push(chunk: Buffer): Frame[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const frames: Frame[] = []
    for (let frame = this.#cut(); frame; frame = this.#cut()) frames.push(frame)
    return frames
  }

  #cut(): Frame | undefined {
    const header = this.#opening ? untypedHeader : typedHeader
    if (this.#rest.length < header) return undefined
    const length = this.#rest.readInt32BE(header - 4) + header - 4
    if (this.#rest.length < length) return undefined
    const bytes = this.#rest.subarray(0, length)
    this.#rest = this.#rest.subarray(length)
    if (!this.#opening) return { type: String.fromCharCode(bytes[0] as number), bytes }
    const frame = { type: '', bytes }
    // After a request for encryption the client opens again; after anything else messages have types.
    if (openingOf(frame) !== 'encryption') this.#opening = false
    return frame
  }
}

const commit = /^\s*(commit|end)\b/i
/** What only a transaction of claims writes, or of what another region is asked for one; the journal and the clock commit too. */
const ofClaims = /\binsert into (answer|dossier_entry)\b/i

/** Follows what a client has prepared and bound, to tell which message makes the server commit, and what. */
export class CommitFinder {
  readonly #statements = new Map<string, string>()
  readonly #portals = new Map<string, string>()
  /** Whether the transaction that is open settles, refuses or undoes claims, or records something of them. */
  writesAnswers = false

  /** True for a Query or an Execute of COMMIT. */
  commits({ type, bytes }: Frame): boolean {
    if (type === 'Q') return this.#runs(textAt(bytes, 5).text)
    if (type === 'P') {
      const name = textAt(bytes, 5)
      this.#statements.set(name.text, textAt(bytes, name.end).text)
    } else if (type === 'B') {
      const portal = textAt(bytes, 5)
      const statement = textAt(bytes, portal.end).text
      this.#portals.set(portal.text, this.#statements.get(statement) ?? '')
    } else if (type === 'E') {
      return this.#runs(this.#portals.get(textAt(bytes, 5).text) ?? '')
    }
    return false
  }

  #runs(sql: string): boolean {
    if (/^\s*begin\b/i.test(sql)) this.writesAnswers = false
    if (ofClaims.test(sql)) this.writesAnswers = true
    return commit.test(sql)
  }
}

function textAt(bytes: Buffer, from: number): { text: string; end: number } {
  const stop = bytes.indexOf(0, from)
  return { text: bytes.toString('utf8', from, stop), end: stop + 1 }
}

/** After one of these the server answers up to ReadyForQuery. */
export const awaitsReady = ({ type }: Frame): boolean => type === 'Q' || type === 'S'

export const readyForQuery = 'Z'

/** The server's word that a statement failed, as it would send it, followed by ReadyForQuery outside a transaction. */
export function failure(code: string, message: string): Buffer {
  const fields = Buffer.from(`SERROR\0VERROR\0C${code}\0M${message}\0\0`)
  const header = Buffer.alloc(5)
  header.write('E')
  header.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([header, fields, Buffer.from([0x5a, 0, 0, 0, 5, 0x49])])
}

/** Whether the server says that it has done that. */
export const tells = ({ type, bytes }: Frame, command: string): boolean =>
  type === 'C' && textAt(bytes, 5).text === command

/** A simple Query. */
export function query(text: string): Buffer {
  const body = Buffer.from(`${text}\0`)
  const header = Buffer.alloc(5)
  header.write('Q')
  header.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([header, body])
}
