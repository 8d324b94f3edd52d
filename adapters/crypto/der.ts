/** One element of DER: its tag byte, what is in it, and the whole of it. */
export interface Element {
  readonly tag: number
  readonly content: Uint8Array
  readonly whole: Uint8Array
}

export const derTags = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/**
 * The elements that these bytes are, one after the other. Undefined unless every length is definite, as short as it can be and
 * right, so that no two byte strings are read alike.
 */
export function readElements(bytes: Uint8Array): Element[] | undefined {
  const elements: Element[] = []
  for (let at = 0; at < bytes.length; ) {
    const element = readElement(bytes, at)
    if (!element) return undefined
    elements.push(element)
    at += element.whole.length
  }
  return elements
}

/** The elements in the one element of this tag that these bytes are. */
export function readInside(bytes: Uint8Array, tag: number): Element[] | undefined {
  const [only, ...rest] = readElements(bytes) ?? []
  return only?.tag === tag && rest.length === 0 ? readElements(only.content) : undefined
}

function readElement(bytes: Uint8Array, at: number): Element | undefined {
  const tag = bytes[at] as number
  const first = bytes[at + 1]
  // Tags of more than one byte occur in nothing that is read here.
  if (first === undefined || (tag & 0x1f) === 0x1f) return undefined
  const long = first >= 0x80 ? first - 0x80 : 0
  const length = long === 0 ? first : readLength(bytes.subarray(at + 2, at + 2 + long), long)
  if (length === undefined || first === 0x80) return undefined
  const from = at + 2 + long
  const end = from + length
  if (end > bytes.length) return undefined
  return { tag, content: bytes.subarray(from, end), whole: bytes.subarray(at, end) }
}

function readLength(digits: Uint8Array, count: number): number | undefined {
  if (count > 3 || digits.length < count || digits[0] === 0) return undefined
  const length = digits.reduce((sum, digit) => sum * 256 + digit, 0)
  return length < 0x80 ? undefined : length
}

/** The bytes of an integer that is not negative, without the zero before a first bit; undefined where it is not minimal. */
export function unsignedBytes({ tag, content }: Element): Uint8Array | undefined {
  const [first, second = 0] = content
  if (tag !== derTags.integer || first === undefined || first >= 0x80) return undefined
  if (first !== 0 || content.length === 1) return content
  return second >= 0x80 ? content.subarray(1) : undefined
}
