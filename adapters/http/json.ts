import { Complaint } from './complaint.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Our deepest body nests five levels; what nests deeper was not written for us. */
const deepest = 32
const usualKeys = 100

/** Reads a body as JSON and refuses whatever two readers might understand differently. */
export function readJson(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    throw new Complaint('json-invalid', { expected: 'text in UTF-8' })
  }
  return parseJson(text)
}

export function parseJson(text: string, mostKeys = usualKeys): unknown {
  if (text.charCodeAt(0) === 0xfeff)
    throw new Complaint('json-invalid', { expected: 'no byte order mark' })
  inspect(text, mostKeys)
  try {
    return JSON.parse(text)
  } catch {
    throw new Complaint('json-invalid', { expected: 'one JSON value' })
  }
}

interface Frame {
  /** The keys met so far, absent in an array, and how many there may be. */
  readonly keys: Set<string> | undefined
  readonly mostKeys: number
  at: string | number
}

const quote = 34
const comma = 44
const colon = 58
const minus = 45

/**
 * Walks over the text once before it is parsed. JSON.parse keeps the last of two equal keys, takes half a surrogate
 * pair and rounds long numbers without a word; money must not depend on any of them. What is not JSON at all is left
 * to JSON.parse to refuse.
 */
function inspect(text: string, mostKeys: number): void {
  const frames: Frame[] = []
  let expectKey = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const frame = frames.at(-1)
    if (code === quote) {
      const end = endOfString(text, at)
      if (end < 0) return
      const value = readString(text, at, end, frames)
      if (expectKey && frame) noteKey(value, frame, frames)
      expectKey = false
      at = end
    } else if (code === 123 || code === 91) {
      if (frames.length >= deepest)
        throw new Complaint('json-invalid', { expected: `at most ${deepest} levels` })
      frames.push({ keys: code === 123 ? new Set() : undefined, mostKeys, at: 0 })
      expectKey = code === 123
    } else if (code === 125 || code === 93) {
      frames.pop()
      expectKey = false
    } else if (code === comma && frame) {
      expectKey = frame.keys !== undefined
      if (typeof frame.at === 'number') frame.at++
    } else if (code === colon) expectKey = false
    else if (code >= 48 && code <= 57) at = endOfNumber(text, at, frames)
  }
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text.charCodeAt(at - 1 - slashes) === 92) slashes++
  return slashes % 2 === 1
}

function readString(text: string, start: number, end: number, frames: readonly Frame[]): string {
  const raw = text.slice(start + 1, end)
  if (!raw.includes('\\')) return raw
  let value: string
  try {
    value = JSON.parse(text.slice(start, end + 1)) as string
  } catch {
    return raw
  }
  if (!value.isWellFormed() || value.includes('\0'))
    throw new Complaint('json-invalid', {
      field: pointer(frames),
      expected: 'text without NUL and without half a character',
    })
  return value
}

function noteKey(key: string, frame: Frame, frames: readonly Frame[]): void {
  const keys = frame.keys as Set<string>
  const repeated = keys.has(key)
  frame.at = key
  if (repeated) throw new Complaint('json-key-repeated', { field: pointer(frames) })
  if (key === '__proto__' || keys.size >= frame.mostKeys)
    throw new Complaint('field-invalid', { field: pointer(frames), expected: 'no such field' })
  keys.add(key)
}

function endOfNumber(text: string, start: number, frames: readonly Frame[]): number {
  let end = start
  let digits = 0
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code >= 48 && code <= 57) digits++
    else if (code !== 46 && code !== 43 && code !== minus && (code | 32) !== 101) break
  }
  if (digits > 15 || isOutOfRange(text.slice(start, end)))
    throw new Complaint('field-invalid', {
      field: pointer(frames),
      expected: 'a number of at most 15 digits',
    })
  return end - 1
}

/** JSON.parse makes infinity of 1e999 and nothing of 1e-999. */
function isOutOfRange(number: string): boolean {
  const [mantissa = '', exponent] = number.split(/e/i)
  if (exponent === undefined) return false
  const value = Number(number)
  return value === Number.POSITIVE_INFINITY || (value === 0 && /[1-9]/.test(mantissa))
}

/** Where the walk stands, as a JSON pointer (RFC 6901), kept short enough to be shown. */
function pointer(frames: readonly Frame[]): string {
  const steps = frames.map((frame) => escapeStep(String(frame.at)))
  return `/${steps.join('/')}`.slice(0, 200)
}

export const escapeStep = (step: string): string => step.replaceAll('~', '~0').replaceAll('/', '~1')
