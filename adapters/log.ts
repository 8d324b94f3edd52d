import { destination, type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'
import type { Config } from './config.ts'

/** A name as it may be shown: the family name alone (张*). */
export const maskName = (name: string): string => `${Array.from(name).slice(0, 1).join('')}*`

/** A citizen number (公民身份号码) as it may be shown: 510***********1234. */
export const maskCitizenNumber = (number: string): string =>
  number.length < 8 ? '*'.repeat(number.length) : mask(number, 3, 4)

/** A card number as it may be shown: its last four characters. */
export const maskCardNumber = (number: string): string =>
  number.length <= 4 ? '*'.repeat(number.length) : mask(number, 0, 4)

const mask = (text: string, first: number, last: number): string =>
  text.slice(0, first) + '*'.repeat(text.length - first - last) + text.slice(text.length - last)

/**
 * Takes out of a text of others whatever may name a person. It is the second line: the first is that nothing a
 * caller sent is handed to the log at all. Long digits go whole, for a driver's message may quote any column.
 */
export const scrub = (text: string): string =>
  text
    .replace(/(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])/g, maskCitizenNumber)
    .replace(/(?<![0-9A-Za-z])(?=[0-9A-Za-z]*\d{6})[0-9A-Za-z]{8,}/g, maskCardNumber)

/** What is logged of an error: its kind, its code and where it came from, not the values that made it. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code } = error as { code?: unknown }
  return {
    type: error.name,
    message: scrub(error.message),
    ...(typeof code === 'string' && { code }),
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => line.startsWith('    at '))
      .slice(0, 12),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  }
}

/** The process's log: one JSON object a line. Requests appear by route pattern and id, never by address or body. */
export function createLog(
  level: Config['logLevel'],
  stream: DestinationStream = openOutput().stream,
): Logger {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: {
      err: describeError,
      error: describeError,
      req: (request: { id?: string; method?: string; routeOptions?: { url?: string } }) => ({
        id: request.id,
        method: request.method,
        path: request.routeOptions?.url,
      }),
      res: (reply: { statusCode?: number }) => ({ status: reply.statusCode }),
    },
  }
  return pino(options, stream)
}

/** So many bytes at most go into a pipe whole, where several processes write to one; lines are shorter. */
const mostAtOnce = 4096
/** What may wait for a slow reader of the log, in characters. */
const mostBuffered = 1024 * 1024

export interface Output {
  readonly stream: DestinationStream
  /** Lines that nobody took. */
  readonly dropped: () => number
}

/** Standard output that never holds up a claim: while nobody reads the log, lines are dropped and counted. */
export function openOutput(): Output {
  const stream = destination({
    dest: 1,
    sync: false,
    maxLength: mostBuffered,
    maxWrite: mostAtOnce,
  })
  let dropped = 0
  stream.on('drop', () => dropped++)
  return { stream, dropped: () => dropped }
}
