import { X509Certificate } from 'node:crypto'
import type { Instant } from '../../engine/day.ts'
import { derTags, type Element, readElements, readInside, unsignedBytes } from './der.ts'
import { type Extensions, readExtensions } from './certificateExtensions.ts'
import { publicHead } from './sm2.ts'

/** What a certificate (X.509, signed with SM2 and SM3) says; nothing of it is believed before its issuer's signature is. */
export interface Certificate extends Extensions {
  /** The serial number in hexadecimal, in upper case and without zeros before it, as openssl prints it. */
  readonly serial: string
  readonly issuer: Name
  readonly subject: Name
  readonly from: Instant
  readonly until: Instant
  /** 04 and the point, in hexadecimal. */
  readonly publicKey: string
  /** The bytes that the signature is over, and the signature in DER. */
  readonly signed: Uint8Array
  readonly signature: Uint8Array
  readonly whole: Uint8Array
}

export interface Name {
  /** The name in DER: issuer and subject are the same where these bytes are. */
  readonly der: string
  readonly commonNames: readonly string[]
  readonly serialNumbers: readonly string[]
}

/** SM2 with SM3 (1.2.156.10197.1.501), without parameters or with the empty ones that some authorities write. */
const algorithms = ['300a06082a811ccf55018375', '300c06082a811ccf550183750500']
const version3 = 'a003020102'
const mostBytes = 4096

/**
 * Reads a certificate; undefined for whatever is none of an SM2 key signed with SM2. What encloses the signed bytes is read
 * strictly, so that one certificate has one encoding, and OpenSSL has to read the whole as well.
 */
export function readCertificate(der: Uint8Array): Certificate | undefined {
  if (der.length > mostBytes) return undefined
  const [tbs, algorithm, bits, ...rest] = readInside(der, derTags.sequence) ?? []
  if (!tbs || !algorithm || !bits || rest.length > 0) return undefined
  if (bits.tag !== derTags.bits || bits.content[0] !== 0) return undefined
  if (!algorithms.includes(hexOf(algorithm.whole)) || !opensslReads(der)) return undefined
  const fields = readFields(tbs, hexOf(algorithm.whole))
  if (!fields) return undefined
  return { ...fields, signed: tbs.whole, signature: bits.content.subarray(1), whole: der }
}

type Fields = Omit<Certificate, 'signed' | 'signature' | 'whole'>

function readFields(tbs: Element, outerAlgorithm: string): Fields | undefined {
  const parts = tbs.tag === derTags.sequence ? readElements(tbs.content) : undefined
  const [version, serial, algorithm, issuer, validity, subject, key, extensions, ...rest] =
    parts ?? []
  if (!version || !serial || !algorithm || !issuer || !validity || !subject || !key || !extensions)
    return undefined
  if (hexOf(version.whole) !== version3 || hexOf(algorithm.whole) !== outerAlgorithm)
    return undefined
  const number = unsignedBytes(serial)
  const names = [issuer, subject].map(readName)
  const [from, until] = (readInside(validity.whole, derTags.sequence) ?? []).map(readTime)
  const publicKey = readKey(key)
  const read = readExtensions(extensions)
  const [issuerName, subjectName] = names
  if (!number || !issuerName || !subjectName || !publicKey || !read || rest.length > 0)
    return undefined
  if (from === undefined || until === undefined) return undefined
  const digits = hexOf(number).toUpperCase()
  return {
    ...read,
    serial: digits,
    issuer: issuerName,
    subject: subjectName,
    from,
    until,
    publicKey,
  }
}

function readKey({ whole }: Element): string | undefined {
  const digits = hexOf(whole)
  return digits.length === publicHead.length + 130 && digits.startsWith(publicHead)
    ? digits.slice(publicHead.length)
    : undefined
}

const commonName = '0603550403'
const serialNumber = '0603550405'
/** UTF8String, PrintableString and IA5String. */
const textTags = [0x0c, 0x13, 0x16]

function readName(element: Element): Name | undefined {
  const parts = (readInside(element.whole, derTags.sequence) ?? []).flatMap(({ whole }) =>
    (readInside(whole, derTags.set) ?? []).map((part) => readInside(part.whole, derTags.sequence)),
  )
  const texts = (oid: string): string[] =>
    parts.flatMap((part) => {
      const [kind, text] = part ?? []
      const found = kind && text && hexOf(kind.whole) === oid && textTags.includes(text.tag)
      return found ? [Buffer.from(text.content).toString('utf8')] : []
    })
  if (parts.length === 0 || parts.some((part) => part?.length !== 2)) return undefined
  const der = hexOf(element.whole)
  return { der, commonNames: texts(commonName), serialNumbers: texts(serialNumber) }
}

const timeForms: Readonly<Record<number, RegExp>> = {
  [derTags.utcTime]: /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/,
  [derTags.time]: /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/,
}

function readTime({ tag, content }: Element): Instant | undefined {
  const found = timeForms[tag]?.exec(Buffer.from(content).toString('latin1'))
  if (!found) return undefined
  const [, year, ...rest] = found as unknown as [string, string, ...string[]]
  // Two digits mean 1950 to 2049.
  const full = year.length === 4 ? year : `${Number(year) < 50 ? '20' : '19'}${year}`
  const [month, day, hour, minute, second] = rest
  const text = `${full}-${month}-${day}T${hour}:${minute}:${second}.000Z`
  const instant = Date.parse(text)
  return !Number.isNaN(instant) && new Date(instant).toISOString() === text ? instant : undefined
}

function opensslReads(der: Uint8Array): boolean {
  try {
    return new X509Certificate(der).raw.length === der.length
  } catch {
    return false
  }
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
