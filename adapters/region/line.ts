import {
  type RegionAsk,
  RegionFault,
  type RegionLine,
  type RegionReply,
} from '../../engine/awayClaim.ts'
import type { Division } from '../../engine/claim.ts'
import type { Metrics } from '../metrics.ts'
import { Breaker, type BreakerOptions } from './breaker.ts'
import type { Partner } from './directory.ts'
import { openAgent } from './exchange.ts'
import { Hanging } from './hanging.ts'
import {
  type Company,
  type Message,
  messageOf,
  type SendingOptions,
  sendTogether,
  type Way,
} from './sending.ts'
import { Turnstile } from './turnstile.ts'

export interface LineOptions extends SendingOptions {
  readonly count: Metrics['exchanged']
  /** Told of every change, and why where a region is left alone. */
  readonly onBreaker: (region: Division, state: number, fault?: unknown) => void
  readonly breaker?: BreakerOptions | undefined
}

/** The lines to other regions (跨区域连线), each with its own limit and breaker, shared by whoever asks. */
export interface RegionLines {
  /** The line of one of our divisions: what it asks is asked, and later found, in that division's name. */
  from(division: Division): RegionLine
  /** Whether a region would be asked now: it is not left alone, and not too many wait for it, nor for long. */
  hasRoom(to: Division): boolean
  /** Ends kept connections. */
  close(): void
}

/** What belongs to one region that is asked. */
interface Wire extends Way {
  readonly turnstile: Turnstile<Message>
  readonly hanging: Hanging
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
      if (wire === undefined || wire.breaker.isClosed) return false
      return !wire.turnstile.isFull && !wire.hanging.isFull
    },
    close: () => {
      for (const { agent } of wires.values()) agent.destroy()
    },
  }
}

/** Somebody stands at a window for it. An advice is told, and a question asked, by whoever sweeps. */
const isAwaited = ({ kind }: RegionAsk): boolean =>
  kind === 'settle' || kind === 'identify' || kind === 'preview' || kind === 'cancel'

/** As many as would hang where each went in an envelope of its own, one under way and one behind it. */
const hangingOf = (atOnce: number): number => 2 * atOnce

/** A try ends within the time of an exchange; whatever keeps it from saying so does not keep the region from being tried again. */
const tryOver_ms = 5_000

function openWire(partner: Partner, options: LineOptions): Wire {
  const { division, url, atOnce, timeOut_ms } = partner
  const { onBreaker, breaker = {} } = options
  onBreaker(division, 0)
  const way = {
    partner,
    agent: openAgent(url, atOnce),
    breaker: new Breaker({
      longestTry_ms: timeOut_ms + tryOver_ms,
      ...breaker,
      onChange: (state, fault) => onBreaker(division, state, fault),
    }),
  }
  const send = async (messages: Company): Promise<void> => sendTogether(messages, way, options)
  return {
    ...way,
    turnstile: new Turnstile(partner, send),
    hanging: new Hanging({ most: hangingOf(atOnce), slow_ms: timeOut_ms / 2 }),
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
    const asking = async () => attempt(end, asked, until, passage === 'as-try')
    return isAwaited(asked) ? end.wire.hanging.during(asking) : asking()
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

/** Enters and waits for the answer; a place that was not had says nothing about the region. */
async function attempt(
  { wire: { turnstile, breaker }, from }: End,
  asked: RegionAsk,
  until: number,
  isTry: boolean,
): Promise<RegionReply> {
  const message = messageOf(asked, from, { until, isTry })
  try {
    await turnstile.enter(message, until - performance.now())
  } catch (error) {
    if (isTry) breaker.failed(true, error)
    throw error
  }
  return message.reply
}

const unsent = (message: string): RegionFault => new RegionFault('unsent', message)
