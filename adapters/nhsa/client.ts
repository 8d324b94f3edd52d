import { randomBytes, randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Instant } from '../../engine/day.ts'
import { compact, writeMoment } from './moment.ts'
import type { Seals } from './needs.ts'
import { canonical } from './secrecy.ts'
import { signatureOf } from './signature.ts'
import { readRefusal } from './tell.ts'

/** What a client of our own needs to speak for an institution: for tests, the demo and benchmarks. */
export interface CallerOptions {
  /** Where the server is, such as http://127.0.0.1:8080. */
  readonly url: string
  readonly paasid: string
  readonly secret: string
  readonly institution: { readonly code: string; readonly name: string; readonly division: string }
  readonly operator?: { readonly number: string; readonly name: string } | undefined
  /** The time that messages are named by and say they were sent at; the machine's unless told. */
  readonly now?: (() => Instant) | undefined
  /** How long an answer is waited for before its outcome counts as unknown. */
  readonly patience_ms?: number | undefined
  /** How long to wait before a reversal that nobody answered is sent again, by attempt. */
  readonly pause_ms?: ((attempt: number) => number) | undefined
  /** Keys in hexadecimal, where the institution signs (SM2) or encrypts (SM4). */
  readonly keys?: CallerKeys | undefined
  /** For who watches: every message with its answer, or none. */
  readonly onMessage?: ((exchange: Exchange) => void) | undefined
}

export interface CallerKeys {
  readonly seals: Seals
  readonly signingKey?: string | undefined
  readonly gatewayKey?: string | undefined
  readonly encryptionKey?: string | undefined
}

/** A message with what came back, in clear. */
export interface Exchange {
  readonly request: Readonly<Record<string, unknown>>
  readonly response: Readonly<Record<string, unknown>> | undefined
}

/** What stands around one input, where it is not as usual. */
export interface Words {
  /** Given to send a message again under its name; a fresh one otherwise. */
  readonly msgid?: string | undefined
  /** The insured's region (参保地, insuplc_admdvs), wherever the input names a person. */
  readonly homeRegion?: string | undefined
  readonly patience_ms?: number | undefined
  /** Fields of the envelope to be other than usual. */
  readonly envelope?: Readonly<Record<string, unknown>> | undefined
}

/** What a message came to. Unknown means that nobody knows yet, the caller least of all. */
export type Sent =
  | {
      readonly kind: 'done'
      readonly msgid: string
      // oxlint-disable-next-line typescript/no-explicit-any -- Whoever asked knows the tables of what they asked.
      readonly output: any
      readonly warning: string
    }
  | { readonly kind: 'refused'; readonly msgid: string; readonly message: string }
  /** Nothing was done: it may be sent again under the same name. */
  | { readonly kind: 'again'; readonly msgid: string; readonly message: string }
  | { readonly kind: 'unknown'; readonly msgid: string }

/** What a message came to once it is certain: its outcome, or that it was reversed (冲正 2601) and did nothing. */
export type Settled =
  | Extract<Sent, { kind: 'done' | 'refused' }>
  | { readonly kind: 'reversed'; readonly msgid: string; readonly reversal: string }

export interface Caller {
  /** Sends a message once. */
  send(infno: string, input: unknown, words?: Words): Promise<Sent>
  /**
   * Sends a message that moves money and follows the time-out discipline: what is not answered or unknown is reversed by
   * its msgid and infno, again and again under one name, until that is answered.
   */
  settle(infno: string, input: unknown, person: string, words?: Words): Promise<Settled>
  /** Signs in; from then on every message carries the sign_no. */
  signIn(): Promise<string>
  signOut(): Promise<void>
  newMessageId(): string
  /** The envelope that would be sent. */
  wrap(infno: string, input: unknown, words?: Words): Record<string, unknown>
  /** Headers that are good for one request. */
  headers(): Record<string, string>
}

export const createCaller = (options: CallerOptions): Caller => new Terminal(options)

const usualPatience_ms = 30_000
const usualPause_ms = (attempt: number): number => Math.min(60_000, 500 * 2 ** attempt)

class Terminal implements Caller {
  readonly #options: CallerOptions
  readonly #now: () => Instant
  #serial = randomInt(10_000)
  #signNo: string | undefined

  constructor(options: CallerOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
  }

  newMessageId(): string {
    this.#serial = (this.#serial + 1) % 10_000
    const serial = String(this.#serial).padStart(4, '0')
    return `${this.#options.institution.code}${compact(this.#now(), 14)}${serial}`
  }

  headers(): Record<string, string> {
    const { paasid, secret } = this.#options
    const timestamp = String(Math.trunc(Date.now() / 1000))
    const nonce = randomBytes(16).toString('hex')
    return {
      'content-type': 'application/json;charset=UTF-8',
      'x-tif-paasid': paasid,
      'x-tif-timestamp': timestamp,
      'x-tif-nonce': nonce,
      'x-tif-signature': signatureOf(timestamp, secret, nonce),
    }
  }

  wrap(infno: string, input: unknown, words: Words = {}): Record<string, unknown> {
    const { institution, operator = { number: 'OP01', name: '演示操作员' } } = this.#options
    return {
      infno,
      msgid: words.msgid ?? this.newMessageId(),
      mdtrtarea_admvs: institution.division,
      insuplc_admdvs: words.homeRegion ?? '',
      recer_sys_code: 'JIESUAN',
      dev_no: '',
      dev_safe_info: '',
      infver: 'V1.0',
      opter_type: '1',
      opter: operator.number,
      opter_name: operator.name,
      inf_time: writeMoment(this.#now()),
      fixmedins_code: institution.code,
      fixmedins_name: institution.name,
      sign_no: this.#signNo ?? '',
      ...this.#seal(input),
      ...words.envelope,
    }
  }

  /** The input with what signature and encryption make of it. */
  #seal(input: unknown): Record<string, unknown> {
    const { keys } = this.#options
    const { seals, signingKey, encryptionKey } = keys ?? {}
    const sealed: Record<string, unknown> = { cainfo: '', signtype: '', enctype: '', input }
    if (seals && signingKey !== undefined) {
      sealed.signtype = 'SM2'
      sealed.cainfo = seals.sign(signingKey, Buffer.from(canonical(input)))
    }
    if (seals && encryptionKey !== undefined) {
      sealed.enctype = 'SM4'
      sealed.input = seals.encrypt(encryptionKey, JSON.stringify(input))
    }
    return sealed
  }

  async send(infno: string, input: unknown, words: Words = {}): Promise<Sent> {
    const request = this.wrap(infno, input, words)
    const msgid = String(request.msgid)
    const response = await this.#post(request, words.patience_ms)
    this.#options.onMessage?.({ request: { ...request, input }, response })
    if (!response) return { kind: 'unknown', msgid }
    if (Number(response.infcode) === 0)
      return {
        kind: 'done',
        msgid,
        output: response.output,
        warning: typeof response.warn_msg === 'string' ? response.warn_msg : '',
      }
    const message = String(response.err_msg)
    const kind = readRefusal(message)
    return kind === 'unknown' ? { kind, msgid } : { kind, msgid, message }
  }

  /** What came back in clear; undefined where nothing came that can be believed. */
  async #post(
    request: Record<string, unknown>,
    patience_ms = this.#options.patience_ms ?? usualPatience_ms,
  ): Promise<Record<string, unknown> | undefined> {
    try {
      const reply = await fetch(`${this.#options.url}/fsi/api/${String(request.infno)}`, {
        method: 'POST',
        headers: this.headers(),
        body: JSON.stringify(request),
        signal: AbortSignal.timeout(patience_ms),
        redirect: 'error',
      })
      const response = (await reply.json()) as Record<string, unknown>
      return 'infcode' in response ? this.#open(response) : undefined
    } catch {
      return undefined
    }
  }

  #open(response: Record<string, unknown>): Record<string, unknown> | undefined {
    const { seals, encryptionKey, gatewayKey } = this.#options.keys ?? {}
    if (!seals || Number(response.infcode) !== 0) return response
    const output =
      encryptionKey === undefined
        ? response.output
        : JSON.parse(seals.decrypt(encryptionKey, String(response.output)) ?? 'null')
    if (
      gatewayKey !== undefined &&
      !seals.verify(gatewayKey, Buffer.from(canonical(output)), String(response.cainfo))
    )
      return undefined
    return { ...response, output }
  }

  async settle(infno: string, input: unknown, person: string, words: Words = {}): Promise<Settled> {
    const msgid = words.msgid ?? this.newMessageId()
    const { pause_ms = usualPause_ms } = this.#options
    for (let attempt = 0; ; attempt++) {
      const sent = await this.send(infno, input, { ...words, msgid })
      if (sent.kind === 'unknown') break
      if (sent.kind !== 'again') return sent
      await sleep(pause_ms(attempt))
    }
    // Nationally nobody can ask what became of a message, so it is taken back by its name.
    const reversal = this.newMessageId()
    const asked = { data: { psn_no: person, omsgid: msgid, oinfno: infno.slice(0, 4) } }
    for (let attempt = 0; ; attempt++) {
      const sent = await this.send('2601', asked, { homeRegion: words.homeRegion, msgid: reversal })
      if (sent.kind === 'done') return { kind: 'reversed', msgid, reversal }
      if (sent.kind === 'refused') return sent
      await sleep(pause_ms(attempt))
    }
  }

  async signIn(): Promise<string> {
    const { operator } = this.#options
    const number = operator?.number ?? 'OP01'
    const sent = await this.send('9001', {
      signIn: { opter_no: number, mac: '02-00-00-00-00-01', ip: '127.0.0.1' },
    })
    if (sent.kind !== 'done') throw new Error(`The sign-in was not done: ${JSON.stringify(sent)}`)
    const signNo = String(sent.output.signinoutb.sign_no)
    this.#signNo = signNo
    return signNo
  }

  async signOut(): Promise<void> {
    const sent = await this.send('9002', {
      signOut: { sign_no: this.#signNo, opter_no: this.#options.operator?.number ?? 'OP01' },
    })
    if (sent.kind !== 'done') throw new Error(`The sign-out was not done: ${JSON.stringify(sent)}`)
    this.#signNo = undefined
  }
}
