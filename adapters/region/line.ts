import type http from 'node:http'
import {
  type RegionAsk,
  RegionFault,
  type RegionLine,
  type RegionReply,
} from '../../engine/awayClaim.ts'
import type { Division } from '../../engine/claim.ts'
import type { Metrics } from '../metrics.ts'
import { referenceOf } from './admission.ts'
import { Breaker, type BreakerOptions } from './breaker.ts'
import { type Partner, type RegionDirectory, signingKey } from './directory.ts'
import { messagesPath, requestBase, version, writeHeaders } from './envelope.ts'
import { openAgent, post } from './exchange.ts'
import { checkFit } from './fitting.ts'
import { askForm, replyForm } from './messageForms.ts'
import { type Reading, readReply, type Sent, TurnedAway } from './reply.ts'
import { Turnstile } from './turnstile.ts'

export interface LineOptions extends Omit<Reading, 'replyForm'> {
  readonly directory: RegionDirectory
  /** 32 hexadecimal digits that nobody can guess. */
  newNonce(): string
  readonly count: Metrics['exchanged']
  readonly onBreaker: Metrics['breaker']
  readonly breaker?: BreakerOptions | undefined
}

/** The lines to other regions (跨区域连线), each with its own limit and breaker, shared by whoever asks. */
export interface RegionLines {
  /** The line of one of our divisions: what it asks is asked, and later found, in that division's name. */
  from(division: Division): RegionLine
  /** Whether a region would be asked now: it is not left alone, and not too many wait for it. */
  hasRoom(to: Division): boolean
  /** Ends kept connections. */
  close(): void
}

/** What belongs to one region that is asked. */
interface Wire {
  readonly partner: Partner
  readonly agent: http.Agent
  readonly turnstile: Turnstile
  readonly breaker: Breaker
}

export function openLines(options: LineOptions): RegionLines {
  const { directory } = options
  const wires = new Map(
    [...directory.partners].map(([division, partner]) => [division, openWire(partner, options)]),
  )
  return {
    from: (division) => ({
      async ask(to, asked, within_ms) {
        const wire = wires.get(to)
        if (!wire) throw unsent(`region ${to} is not in the directory`)
        return askOver({ wire, from: division, options }, asked, within_ms)
      },
    }),
    hasRoom(to) {
      const wire = wires.get(to)
      return wire !== undefined && !wire.breaker.isClosed && !wire.turnstile.isFull
    },
    close: () => {
      for (const { agent } of wires.values()) agent.destroy()
    },
  }
}

function openWire(partner: Partner, { onBreaker, breaker = {} }: LineOptions): Wire {
  const { division, url, atOnce } = partner
  onBreaker(division, 0)
  return {
    partner,
    agent: openAgent(url, atOnce),
    turnstile: new Turnstile(partner),
    breaker: new Breaker({ ...breaker, onChange: (state) => onBreaker(division, state) }),
  }
}

/** One asker's end of a wire. */
interface End {
  readonly wire: Wire
  readonly from: Division
  readonly options: LineOptions
}

async function askOver(
  end: End,
  asked: RegionAsk,
  within_ms = Number.POSITIVE_INFINITY,
): Promise<RegionReply> {
  return counted(end, asked, async () => {
    const { partner, breaker } = end.wire
    const passage = breaker.pass(asked.kind === 'query')
    if (passage === 'closed') throw unsent('the region has not answered lately and is left alone')
    const until = performance.now() + Math.min(partner.timeOut_ms, within_ms)
    if (passage === 'after-try') await tryWhetherBack(end, until)
    return attempt(end, asked, until, passage === 'as-try')
  })
}

/** A question that changes nothing goes first; nobody has that reference. */
async function tryWhetherBack(end: End, until: number): Promise<void> {
  const query = { kind: 'query', reference: `line-try ${end.options.newNonce()}` } as const
  try {
    await counted(end, query, async () => attempt(end, query, until, true))
  } catch (error) {
    throw new RegionFault('unsent', 'the region was tried first and did not answer', error)
  }
}

async function counted(
  { wire, options }: End,
  { kind }: RegionAsk,
  work: () => Promise<RegionReply>,
): Promise<RegionReply> {
  const began = performance.now()
  const count = (outcome: string): void => {
    const region = wire.partner.division
    const took_ms = performance.now() - began
    options.count({ direction: 'out', region, kind, outcome, took_ms })
  }
  try {
    const reply = await work()
    count(reply.kind)
    return reply
  } catch (error) {
    count(error instanceof RegionFault ? error.kind : 'bug')
    throw error
  }
}

/** Enters, asks, and tells the breaker how it went; a place that was not had says nothing about the region. */
async function attempt(
  end: End,
  asked: RegionAsk,
  until: number,
  isTry: boolean,
): Promise<RegionReply> {
  const { turnstile, breaker } = end.wire
  const left_ms = (): number => until - performance.now()
  try {
    await turnstile.enter(left_ms())
  } catch (error) {
    if (isTry) breaker.failed()
    throw error
  }
  try {
    const reply = await exchange(end, asked, Math.max(left_ms(), 0))
    breaker.succeeded()
    return reply
  } catch (error) {
    if (error instanceof TurnedAway) breaker.succeeded()
    else breaker.failed()
    throw error
  } finally {
    turnstile.leave()
  }
}

async function exchange(end: End, asked: RegionAsk, time_ms: number): Promise<RegionReply> {
  const { wire, options } = end
  const body = Buffer.from(JSON.stringify(askForm.write(asked)))
  const { sent, headers } = seal(end, asked, body)
  const url = new URL(messagesPath, wire.partner.url)
  const raw = await post({ url, headers, body, agent: wire.agent, time_ms })
  const reply = readReply(raw, sent, { ...options, replyForm: answers })
  checkFit(asked, reply)
  return reply
}

function seal(
  { wire: { partner }, from, options }: End,
  asked: RegionAsk,
  body: Buffer,
): { readonly sent: Sent; readonly headers: Record<string, string> } {
  const created = options.now()
  const key = signingKey(options.directory, from, created)
  if (!key) throw unsent(`no key of ${from} is valid today`)
  const digest = options.seals.digest(body)
  const nonce = options.newNonce()
  const envelope = {
    version,
    sender: from,
    receiver: partner.division,
    key: key.id,
    created,
    reference: referenceOf(asked),
    nonce,
  }
  const signature = key.sign(requestBase({ method: 'POST', path: messagesPath }, envelope, digest))
  return {
    sent: { partner, envelope, request: { nonce, digest } },
    headers: { ...writeHeaders(envelope, signature), 'content-type': 'application/json' },
  }
}

const unsent = (message: string): RegionFault => new RegionFault('unsent', message)

/** Answers are only read here, so that no sentences of ours are needed. */
const answers = replyForm(() => ({ en: '', zh: '' }))
