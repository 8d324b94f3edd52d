import type { Instant } from '../../engine/day.ts'
import { readCardSerial } from './cardSerial.ts'
import { type Certificate, readCertificate } from './certificate.ts'
import { isOwnChallenge } from './challenge.ts'
import { chipMessage } from './macMessages.ts'
import { sameBytes } from './sameBytes.ts'
import { sm2Verify, sm2VerifyDer } from './sm2.ts'

/** What a card of the third generation proves itself with (数字证书): its certificates, and a signature over a challenge. */
export interface ChipSignature {
  /** In DER: the card's certificate, then that of whoever issued it, and so on; the root may be left away. */
  readonly chain: readonly Uint8Array[]
  /** A challenge of `newChallenge`. */
  readonly challenge: Uint8Array
  /** r and s, 64 bytes. */
  readonly signature: Uint8Array
  /** 卡识别码 (card_sn) that the card is presented with. */
  readonly serial: string
  readonly now: Instant
}

/** Which authorities are believed, in a form that a worker thread can be given. */
export interface CardRoots {
  readonly roots: readonly Certificate[]
  /** Certificates that were revoked, each `SERIAL issuer's common name`. */
  readonly revoked: ReadonlySet<string>
}

/**
 * `malformed`: cannot be read, or too many certificates. `challenge`: not one of this centre. `other-card`: the certificate is
 * of another serial. `unknown-root`: ends at no root that is configured. `usage`: a certificate may not be used so. `chain`: a
 * certificate was not signed by the next. `signature`: not the card's over this challenge.
 */
export type ChipProblem =
  | 'malformed'
  | 'challenge'
  | 'other-card'
  | 'unknown-root'
  | 'usage'
  | 'not-yet-valid'
  | 'expired'
  | 'revoked'
  | 'chain'
  | 'signature'

const mostCertificates = 4

/** Whether the card holds the key of its certificate and an authority that we know vouches for it. Takes about 0.75 ms. */
export function verifyChipSignature(
  chip: ChipSignature,
  trusted: CardRoots,
): 'genuine' | ChipProblem {
  const serial = readCardSerial(chip.serial)
  if (!serial || chip.signature.length !== 64 || chip.chain.length > mostCertificates)
    return 'malformed'
  if (!isOwnChallenge(chip.challenge)) return 'challenge'
  const read = chip.chain.map(readCertificate)
  if (read.length === 0 || read.includes(undefined)) return 'malformed'
  const certificates = read as [Certificate, ...Certificate[]]
  const [card] = certificates
  if (!isOf(card, chip.serial)) return 'other-card'
  const chain = completed(certificates, trusted.roots)
  if (!chain) return 'unknown-root'
  const problem = chainProblem(chain, chip.now, trusted.revoked)
  if (problem) return problem
  const digits = Buffer.from(chip.signature).toString('hex')
  return sm2Verify(card.publicKey, chipMessage(serial, chip.challenge), digits)
    ? 'genuine'
    : 'signature'
}

/** A certificate names one card, in its common name or its serial number attribute. */
function isOf({ subject }: Certificate, serial: string): boolean {
  const named = [...subject.commonNames, ...subject.serialNumbers].filter(readCardSerial)
  return named.length > 0 && named.every((each) => each === serial)
}

/** The chain with its root at the end; undefined where it leads to none of ours. */
function completed(
  certificates: readonly Certificate[],
  known: readonly Certificate[],
): Certificate[] | undefined {
  const last = certificates.at(-1) as Certificate
  const itself = known.some((root) => sameBytes(root.whole, last.whole))
  if (itself) return certificates.length > 1 ? [...certificates] : undefined
  const root = known.find(({ subject }) => subject.der === last.issuer.der)
  return root && [...certificates, root]
}

function chainProblem(
  chain: readonly Certificate[],
  now: Instant,
  revoked: ReadonlySet<string>,
): ChipProblem | undefined {
  for (const [place, certificate] of chain.entries()) {
    const issuer = chain[place + 1]
    if (!mayBeAt(certificate, place)) return 'usage'
    if (now < certificate.from) return 'not-yet-valid'
    if (now > certificate.until) return 'expired'
    if (revoked.has(certificateId(certificate))) return 'revoked'
    if (issuer && !signed(certificate, issuer)) return 'chain'
  }
  return undefined
}

/** The card's own certificate signs for the card; all others sign certificates, so many steps down and no more. */
const mayBeAt = ({ authority, usage }: Certificate, place: number): boolean =>
  place === 0
    ? !authority && usage.has('digitalSignature')
    : !!authority && usage.has('keyCertSign') && place - 1 <= authority.pathLength

/** Whether the issuer signed this certificate, in its name. */
export const signed = (
  { issuer, signed: bytes, signature }: Certificate,
  by: Certificate,
): boolean => issuer.der === by.subject.der && sm2VerifyDer(by.publicKey, bytes, signature)

/** How the list of revoked certificates names one. */
export const certificateId = ({ serial, issuer }: Certificate): string =>
  `${serial} ${issuer.commonNames[0] ?? ''}`
