import type { Caller, Sent } from '../nhsa/client.ts'
import type { Fault } from './hospitalDayScript.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- Whoever asked knows the tables of what they asked.
export type Output = any

/** One message of the day, and what it came to: unknown where nobody waited for the answer. */
export interface Noted {
  readonly caller: Caller
  readonly infno: string
  readonly msgid: string
  readonly input: unknown
  readonly homeRegion?: string | undefined
  readonly sent: Sent
  /** It was refused, and had to be. */
  readonly turnedAway: boolean
  readonly took_ms: number
}

/** What the whole day notes: every message in order, and what was not as it had to be. */
export interface Notebook {
  readonly noted: Noted[]
  readonly wrong: string[]
  readonly onNoted?: ((noted: Noted) => void) | undefined
}

/** A course cannot go on: why stands among what is wrong. */
export class CourseBroken extends Error {
  override name = 'CourseBroken'
}

/** Whose message it is, under which name, and how long its answer is waited for. */
export interface About {
  readonly homeRegion?: string | undefined
  readonly msgid?: string | undefined
  readonly patience_ms?: number | undefined
}

/** Whose settlement it is that times out. */
export interface Whose {
  readonly psn_no: string
  readonly homeRegion: string
}

/** With so little patience some messages never arrive, some are on their way when they are reversed, some are answered. */
const patiences_ms = [3, 12, 50]

const operator = { opter_no: 'OP01' }

/** A terminal (终端) of an institution, which notes everything that it sends. */
export class Desk {
  readonly code: string
  readonly #caller: Caller
  readonly #book: Notebook
  #signNo = ''
  #hasty = 0

  constructor(code: string, caller: Caller, book: Notebook) {
    this.code = code
    this.#caller = caller
    this.#book = book
  }

  complain(what: string): void {
    this.#book.wrong.push(`${this.code}: ${what}`)
  }

  async #send(infno: string, input: unknown, about: About, turnedAway = false): Promise<Sent> {
    const msgid = about.msgid ?? this.#caller.newMessageId()
    const words = { ...about, msgid, envelope: { sign_no: this.#signNo } }
    for (;;) {
      const began = performance.now()
      const sent = await this.#caller.send(infno, input, words)
      const took_ms = performance.now() - began
      // Nothing was done where the other end was busy, and it is sent again under its name.
      if (sent.kind === 'again') continue
      const { homeRegion } = about
      const caller = this.#caller
      const noted = { caller, infno, msgid, input, homeRegion, sent, turnedAway, took_ms }
      this.#book.noted.push(noted)
      this.#book.onNoted?.(noted)
      return sent
    }
  }

  /** Sends what must be done, and gives its output. */
  async done(infno: string, input: unknown, about: About = {}): Promise<Output> {
    const sent = await this.#send(infno, input, about)
    if (sent.kind === 'done') return sent.output
    this.complain(`${infno} ${sent.msgid} ${wordsOf(sent)}`)
    throw new CourseBroken(`${infno} ${wordsOf(sent)}`)
  }

  /** Sends what must be refused, with these words in the refusal. */
  async refused(infno: string, input: unknown, words: string, about: About = {}): Promise<void> {
    const sent = await this.#send(infno, input, about, true)
    if (sent.kind === 'refused' && sent.message.includes(words)) return
    this.complain(`${infno} ${sent.msgid} had to be refused (${words}): it ${wordsOf(sent)}`)
  }

  /** Sends what times out, and takes it back by its name (冲正 2601), whatever became of it. */
  async timedOut(how: Fault, infno: string, input: unknown, whose: Whose): Promise<void> {
    const { psn_no, homeRegion } = whose
    const msgid = this.#caller.newMessageId()
    const about = { homeRegion, msgid }
    if (how === 'hasty') {
      this.#hasty += 1
      const patience_ms = patiences_ms[this.#hasty % patiences_ms.length]
      await this.#send(infno, input, { ...about, patience_ms })
    }
    if (how === 'lost') await this.#send(infno, input, about)
    const data = { psn_no, omsgid: msgid, oinfno: infno.slice(0, 4) }
    await this.done('2601', { data }, { homeRegion })
    // What was reversed before it came is refused once it does come.
    if (how === 'unsent') await this.refused(infno, input, '冲正', about)
  }

  /** Signs in (签到), and gives the server's day; every message carries the sign_no until it signs out (签退). */
  async signIn(): Promise<string> {
    const asked = { ...operator, mac: '02-00-00-00-00-01', ip: '127.0.0.1' }
    const { signinoutb } = await this.done('9001', { signIn: asked })
    this.#signNo = signinoutb.sign_no
    return String(signinoutb.sign_time).slice(0, 10)
  }

  async signOut(): Promise<void> {
    await this.done('9002', { signOut: { sign_no: this.#signNo, ...operator } })
    this.#signNo = ''
  }
}

const wordsOf = (sent: Sent): string =>
  `came to ${sent.kind}${'message' in sent ? `: ${sent.message}` : ''}`
