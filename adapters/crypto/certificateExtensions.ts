import { derTags, type Element, readElements, readInside, unsignedBytes } from './der.ts'

/** What a certificate says that its key may be used for. */
export interface Extensions {
  /** Of an authority (basicConstraints), with how many authorities may stand between it and a card; undefined if none. */
  readonly authority: { readonly pathLength: number } | undefined
  /** keyUsage; nothing where it does not say. */
  readonly usage: ReadonlySet<Usage>
}

export type Usage = 'digitalSignature' | 'keyCertSign'

const basicConstraints = '0603551d13'
const keyUsage = '0603551d0f'

/** Reads [3]; undefined where it cannot be read, says a thing twice or has a critical part that we do not know. */
export function readExtensions({ tag, content }: Element): Extensions | undefined {
  const listed = tag === 0xa3 ? readInside(content, derTags.sequence) : undefined
  const read = listed?.map(readExtension)
  if (!read || read.includes(undefined)) return undefined
  const extensions = read as Extension[]
  const known = new Map(extensions.map((each) => [each.oid, each.value]))
  const strange = ({ oid, critical }: Extension): boolean =>
    critical && oid !== basicConstraints && oid !== keyUsage
  if (known.size < extensions.length || extensions.some(strange)) return undefined
  const authority = readAuthority(known.get(basicConstraints))
  const usage = readUsage(known.get(keyUsage))
  return authority && usage ? { authority: authority.of, usage } : undefined
}

interface Extension {
  readonly oid: string
  readonly critical: boolean
  readonly value: Uint8Array
}

function readExtension({ whole }: Element): Extension | undefined {
  const parts = readInside(whole, derTags.sequence)
  if (!parts || parts.length < 2 || parts.length > 3) return undefined
  const [oid, value] = [parts[0] as Element, parts.at(-1) as Element]
  // DER writes true only; false is the default and stands nowhere.
  const critical = parts.length === 3
  if (critical && hexOf((parts[1] as Element).whole) !== '0101ff') return undefined
  if (oid.tag !== derTags.oid || value.tag !== derTags.octets) return undefined
  return { oid: hexOf(oid.whole), critical, value: value.content }
}

function readAuthority(value: Uint8Array | undefined): { of: Extensions['authority'] } | undefined {
  if (!value) return { of: undefined }
  const parts = readInside(value, derTags.sequence)
  if (!parts || parts.length > 2) return undefined
  const [flag, length] = parts
  if (!flag) return { of: undefined }
  if (hexOf(flag.whole) !== '0101ff') return undefined
  if (!length) return { of: { pathLength: Number.POSITIVE_INFINITY } }
  const digits = unsignedBytes(length)
  return digits?.length === 1 ? { of: { pathLength: digits[0] as number } } : undefined
}

function readUsage(value: Uint8Array | undefined): ReadonlySet<Usage> | undefined {
  if (!value) return new Set()
  const [bits, ...rest] = readElements(value) ?? []
  if (bits?.tag !== derTags.bits || rest.length > 0 || bits.content.length < 2) return undefined
  const first = bits.content[1] as number
  const usage = new Set<Usage>()
  if ((first & 0x80) !== 0) usage.add('digitalSignature')
  if ((first & 0x04) !== 0) usage.add('keyCertSign')
  return usage
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
