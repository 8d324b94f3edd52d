import { statSync } from 'node:fs'
import type { KnownCaller } from '../../engine/role.ts'
import { callerNamedIn, hashOfCallerKey, sandboxCallerKey } from './callerKeys.ts'
import { type CallerEntry, callerOf, parseCallers } from './callersFile.ts'
import { readOwnFile } from './ownFile.ts'
import { sameBytes } from './sameBytes.ts'

/** Everybody with a key (调用方名册). */
export interface Callers {
  /** Whose key this is; undefined where it is nobody's. */
  find(key: string): KnownCaller | undefined
  /** Has the list changed into something that cannot be read? Those of before are known still. */
  isStale(): boolean
}

export interface CallersOptions {
  /** CALLERS_FILE. */
  readonly file: string | undefined
  readonly mode: 'sandbox' | 'production'
  /** Hears that a changed file could not be read: those of before go on being known. */
  readonly onTrouble: (error: Error) => void
  /** So often the file is looked at, at most. */
  readonly every_ms?: number
}

/** The callers of every sandbox: one of each role, and one institution. */
export const sandboxCallers: readonly Omit<CallerEntry, 'keys'>[] = [
  { id: 'auditor', role: 'auditor', name: '演示审计' },
  { id: 'desk', role: 'desk', name: '演示经办' },
  { id: 'policy-author', role: 'policy-author', name: '演示政策' },
  { id: 'operator', role: 'operator', name: '演示运维' },
  { id: 'hospital', role: 'institution', name: '演示医院', institution: 'H51010000001' },
]

/** Opens the list of callers; a file that is wrong stops the start. */
export function openCallers(options: CallersOptions): Callers {
  const { file, mode } = options
  const sandbox = mode === 'sandbox' ? sandboxCallers.map(withKey) : []
  return file === undefined ? new Book(sandbox) : new FileBook(file, sandbox, options)
}

const withKey = (caller: Omit<CallerEntry, 'keys'>): CallerEntry => ({
  ...caller,
  keys: [hashOfCallerKey(sandboxCallerKey(caller.id))],
})

interface Listed {
  readonly caller: KnownCaller
  readonly hashes: readonly Buffer[]
}

const listed = (entry: CallerEntry): [string, Listed] => [
  entry.id,
  { caller: callerOf(entry), hashes: entry.keys.map((hash) => Buffer.from(hash, 'hex')) },
]

/** Whoever is not listed is compared with this, so that the time tells nobody who is. */
const nobody: Listed = {
  caller: { kind: 'staff', id: '', name: '', role: 'auditor' },
  hashes: [Buffer.alloc(32)],
}

class Book implements Callers {
  #listed: ReadonlyMap<string, Listed>

  constructor(entries: readonly CallerEntry[]) {
    this.#listed = new Map(entries.map(listed))
  }

  protected replace(entries: readonly CallerEntry[]): void {
    this.#listed = new Map(entries.map(listed))
  }

  find(key: string): KnownCaller | undefined {
    const id = callerNamedIn(key)
    if (id === undefined) return undefined
    const given = Buffer.from(hashOfCallerKey(key), 'hex')
    const { caller, hashes } = this.#listed.get(id) ?? nobody
    // All are compared, so that the time does not tell which one it was.
    const same = hashes.map((hash) => sameBytes(hash, given))
    return same.includes(true) && caller.id !== '' ? caller : undefined
  }

  isStale(): boolean {
    return false
  }
}

const variable = 'CALLERS_FILE'

/** The list of a file, which is read again within a second of its change: a key that was revoked is good for nothing then. */
class FileBook extends Book {
  readonly #file: string
  readonly #sandbox: readonly CallerEntry[]
  readonly #options: CallersOptions
  #mark = ''
  #lookedAt = 0
  #isStale = false

  constructor(file: string, sandbox: readonly CallerEntry[], options: CallersOptions) {
    super([])
    this.#file = file
    this.#sandbox = sandbox
    this.#options = options
    this.#read()
  }

  override find(key: string): KnownCaller | undefined {
    this.#look()
    return super.find(key)
  }

  override isStale(): boolean {
    this.#look()
    return this.#isStale
  }

  #look(): void {
    const now = performance.now()
    if (now - this.#lookedAt < (this.#options.every_ms ?? 1_000)) return
    this.#lookedAt = now
    try {
      if (markOf(this.#file) !== this.#mark) this.#read()
      this.#isStale = false
    } catch (error) {
      this.#isStale = true
      this.#options.onTrouble(error as Error)
    }
  }

  #read(): void {
    const mark = markOf(this.#file)
    const entries = parseCallers(readOwnFile(this.#file, variable), variable)
    if (this.#options.mode === 'production') refuseSandboxKeys(entries)
    const own = new Set(entries.map(({ id }) => id))
    this.replace([...this.#sandbox.filter(({ id }) => !own.has(id)), ...entries])
    this.#mark = mark
  }
}

/** What of a file changes when it does. */
function markOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false })
  return found ? `${found.ino} ${found.size} ${found.mtimeMs} ${found.mode}` : 'gone'
}

/** A key of the sandbox is one for the id that stands in it, whatever role the file gives that id. */
function refuseSandboxKeys(entries: readonly CallerEntry[]): void {
  const known = entries.find(({ id, keys }) => keys.includes(hashOfCallerKey(sandboxCallerKey(id))))
  if (known)
    throw new Error(
      `${variable} has the sandbox key of ${known.id}, which everybody knows. Make a new one.`,
    )
}
