import smCrypto from 'sm-crypto'
import { bits, der, extension, integer, name, sequence, utcTime } from './der.ts'
import { sandboxPrivateKey } from './masters.ts'
import { publicKeyOf, signSteadily } from './sm2.ts'

/** What a certificate is to say. */
export interface CertificateWish {
  readonly subject: string
  readonly issuer: string
  /** Whose keys: words from which the sandbox's keys are made. */
  readonly key: string
  readonly issuerKey: string
  readonly from: string
  readonly until: string
  /** Of an authority, how many authorities may stand below it; undefined for a card. */
  readonly pathLength: number | undefined
}

const algorithm = '300a06082a811ccf55018375'
const keyKind = '301306072a8648ce3d020106082a811ccf5501822d'

/** A certificate in DER, the same whenever it is made. */
export function issueCertificate(wish: CertificateWish): Buffer {
  const { subject, issuer, key, issuerKey, from, until, pathLength } = wish
  const point = publicKeyOf(sandboxPrivateKey(key))
  const tbs = sequence(
    'a003020102',
    integer(BigInt(`0x${smCrypto.sm3(`${issuer}/${subject}/${from}/${until}`).slice(0, 16)}`)),
    algorithm,
    name(issuer),
    sequence(utcTime(from), utcTime(until)),
    name(subject),
    sequence(keyKind, bits(point)),
    der('a3', sequence(...extensions(pathLength))),
  )
  const { r, s } = signSteadily(sandboxPrivateKey(issuerKey), tbs)
  const signature = bits(sequence(integer(r), integer(s)))
  return Buffer.from(sequence(tbs, algorithm, signature), 'hex')
}

/** basicConstraints and keyUsage, both critical. */
function extensions(pathLength: number | undefined): string[] {
  const authority = pathLength === undefined ? '' : `0101ff${integer(BigInt(pathLength))}`
  return [
    extension('0603551d13', true, sequence(authority)),
    extension('0603551d0f', true, pathLength === undefined ? '03020780' : '03020106'),
  ]
}

const rootName = 'jiesuan sandbox root'
const issuingName = 'jiesuan sandbox card authority'

/** The root of the sandbox; adapters/crypto has it as a constant. */
export const sandboxRootCertificate = (): Buffer =>
  issueCertificate({
    subject: rootName,
    issuer: rootName,
    key: 'root',
    issuerKey: 'root',
    from: '2020-01-01',
    until: '2049-12-31',
    pathLength: 1,
  })

export const issuingCertificate = (): Buffer =>
  issueCertificate({
    subject: issuingName,
    issuer: rootName,
    key: 'card authority',
    issuerKey: 'root',
    from: '2020-01-01',
    until: '2045-12-31',
    pathLength: 0,
  })

/** The certificate of a card, by its serial; default as long as the sandbox's cards. */
export const cardCertificate = (
  serial: string,
  { from = '2020-01-01', until = '2039-12-31' }: { from?: string; until?: string } = {},
): Buffer =>
  issueCertificate({
    subject: serial,
    issuer: issuingName,
    key: `card ${serial}`,
    issuerKey: 'card authority',
    from,
    until,
    pathLength: undefined,
  })
