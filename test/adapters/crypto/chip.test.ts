import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { openCardRoots } from '../../../adapters/crypto/cardRoots.ts'
import { readCertificate } from '../../../adapters/crypto/certificate.ts'
import {
  type CardRoots,
  type ChipSignature,
  verifyChipSignature,
} from '../../../adapters/crypto/chip.ts'
import { newChallenge } from '../../../adapters/crypto/challenge.ts'
import { sm2Sign } from '../../../adapters/crypto/sm2.ts'
import { sandboxRoot } from '../../../adapters/crypto/sandboxRoot.ts'
import {
  cardCertificate,
  issueCertificate,
  issuingCertificate,
  sandboxRootCertificate,
} from '../../../adapters/simulator/authority.ts'
import { cardOf, openFolder, serial, serialOf } from './support.ts'

const folder = openFolder()
afterAll(() => folder.remove())

const now = Date.parse('2026-03-02T09:00:00+08:00')
const pem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`
const sandbox = openCardRoots({
  file: undefined,
  revokedFile: undefined,
  mode: 'sandbox',
}) as CardRoots

const card = cardOf()
const challenge = newChallenge()
const good: ChipSignature = {
  chain: card.certificates(),
  challenge,
  signature: card.sign(challenge),
  serial,
  now,
}
const check = (change: Partial<ChipSignature>, trusted = sandbox) =>
  verifyChipSignature({ ...good, ...change }, trusted)

/** The key of the card's certificate in openssl-chain.pem, made for this test. */
const opensslKey = '1c79ab683cc69ef101ea9916d8ce5db07977bda0537420380b1094e2dfb1a19b'
const chipMessageOf = (asked: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from('CHP1'), Buffer.from(serial, 'hex'), asked])

const issuer = 'jiesuan sandbox card authority'
const wish = {
  subject: serial,
  issuer,
  key: `card ${serial}`,
  issuerKey: 'card authority',
  from: '2020-01-01',
  until: '2039-12-31',
  pathLength: undefined,
}

describe('a card of the third generation', () => {
  test('is genuine by a signature over the challenge and a chain to a root that is configured', () => {
    expect(check({})).toBe('genuine')
    expect(check({ chain: [...good.chain, sandboxRootCertificate()] })).toBe('genuine')
  })

  test('is believed while its certificate is valid, and not a millisecond longer', () => {
    const until = Date.parse('2039-12-31T00:00:00Z')
    expect(check({ now: until })).toBe('genuine')
    expect(check({ now: until + 1 })).toBe('expired')
    expect(check({ now: Date.parse('2019-12-31T23:59:59.999Z') })).toBe('not-yet-valid')
    const old = cardOf({ certified: { from: '2020-01-01', until: '2025-12-31' } })
    expect(check({ chain: old.certificates() })).toBe('expired')
  })

  test.each<[string, Partial<ChipSignature>, ReturnType<typeof check>]>([
    ['another challenge', { challenge: newChallenge() }, 'signature'],
    ['a challenge that is not the centre’s', { challenge: Buffer.alloc(16) }, 'challenge'],
    [
      'the signature of another card',
      { signature: cardOf({ serial: serialOf(2) }).sign(challenge) },
      'signature',
    ],
    [
      'the certificate of another card',
      { chain: [cardCertificate(serialOf(2)), issuingCertificate()] },
      'other-card',
    ],
    ['a serial that it has not', { serial: serialOf(2) }, 'other-card'],
    ['no issuer between card and root', { chain: [cardCertificate(serial)] }, 'unknown-root'],
    ['no certificate', { chain: [] }, 'malformed'],
    [
      'five certificates',
      { chain: Array.from({ length: 5 }, () => cardCertificate(serial)) },
      'malformed',
    ],
    [
      'a certificate that is cut off',
      { chain: [cardCertificate(serial).subarray(0, -1), issuingCertificate()] },
      'malformed',
    ],
    ['a signature that is cut off', { signature: good.signature.subarray(1) }, 'malformed'],
    [
      'a certificate that its issuer did not sign',
      { chain: [issueCertificate({ ...wish, issuerKey: 'thief' }), issuingCertificate()] },
      'chain',
    ],
    [
      'a certificate of an authority as its own',
      { chain: [issueCertificate({ ...wish, pathLength: 0 }), issuingCertificate()] },
      'usage',
    ],
    [
      'another card’s certificate as its issuer',
      {
        chain: [
          issueCertificate({ ...wish, issuer: serialOf(2), issuerKey: `card ${serialOf(2)}` }),
          cardCertificate(serialOf(2)),
          issuingCertificate(),
        ],
      },
      'usage',
    ],
    [
      'an authority below one that may have none',
      {
        chain: [
          issueCertificate({ ...wish, issuer: 'deep', issuerKey: 'deep' }),
          issueCertificate({ ...wish, subject: 'deep', key: 'deep', pathLength: 0 }),
          issuingCertificate(),
        ],
      },
      'usage',
    ],
  ])('is not genuine with %s', (_name, change, why) => {
    expect(check(change)).toBe(why)
  })

  test('is not genuine under another root, nor with a certificate that was revoked', () => {
    const other = issueCertificate({
      ...wish,
      subject: 'r',
      issuer: 'r',
      key: 'r',
      issuerKey: 'r',
      pathLength: 1,
    })
    const roots = {
      file: folder.write(pem(other)),
      revokedFile: undefined,
      mode: 'production',
    } as const
    expect(check({}, openCardRoots(roots))).toBe('unknown-root')
    const named = readCertificate(cardCertificate(serial))
    const revokedFile = folder.write(`# stolen\n${named?.serial} ${issuer}\n`)
    const trusted = openCardRoots({ file: undefined, revokedFile, mode: 'sandbox' })
    expect(check({}, trusted)).toBe('revoked')
  })

  test('is genuine with a chain that OpenSSL made, and its name in the serial number attribute', () => {
    const [own, issuing, root] = [
      ...readFileSync('test/adapters/crypto/openssl-chain.pem', 'utf8').matchAll(
        /BEGIN CERTIFICATE-----([^-]+)/g,
      ),
    ].map(([, body]) => Buffer.from(body as string, 'base64')) as [Buffer, Buffer, Buffer]
    const roots = {
      file: folder.write(pem(root)),
      revokedFile: undefined,
      mode: 'production',
    } as const
    const chain = [own, issuing]
    const signature = Buffer.from(sm2Sign(opensslKey, chipMessageOf(challenge)), 'hex')
    const at = Date.parse('2027-01-01T00:00:00Z')
    expect(check({ chain, signature, now: at }, openCardRoots(roots))).toBe('genuine')
    expect(check({ chain, now: at }, openCardRoots(roots))).toBe('signature')
    expect(check({ chain, now: at, serial: serialOf(2) }, openCardRoots(roots))).toBe('other-card')
    expect(check({ chain: [own, issuingCertificate()], now: at }, sandbox)).toBe('chain')
  })
})

describe('roots', () => {
  test('of the sandbox are what the simulator makes, and refused in production', () => {
    expect(sandboxRoot.replaceAll(/\s/g, '')).toBe(
      pem(sandboxRootCertificate()).replaceAll(/\s/g, ''),
    )
    const file = folder.write(sandboxRoot)
    expect(() => openCardRoots({ file, revokedFile: undefined, mode: 'production' })).toThrow(
      'everybody knows',
    )
  })

  test('are nobody’s in production without a file', () => {
    expect(
      openCardRoots({ file: undefined, revokedFile: undefined, mode: 'production' }),
    ).toBeUndefined()
  })

  test.each([
    ['nothing', '', 'PEM and nothing else'],
    ['a card’s certificate', pem(cardCertificate(serial)), 'certificate 1, is no root'],
    [
      'an authority that did not sign itself',
      sandboxRoot + pem(issuingCertificate()),
      'certificate 2, is no root',
    ],
    ['other words', `${sandboxRoot}hello`, 'nothing else'],
  ])('that are %s are refused', (_name, text, message) => {
    const file = folder.write(text)
    expect(() => openCardRoots({ file, revokedFile: undefined, mode: 'sandbox' })).toThrow(message)
  })

  test('a list of revoked certificates that cannot be read stops the start and is not repeated', () => {
    const open = (revokedFile: string) => () =>
      openCardRoots({ file: undefined, revokedFile, mode: 'sandbox' })
    expect(open(folder.write('AB an authority\nnonsense\n'))).toThrow('line 2')
    expect(open('/nowhere')).toThrow('CARD_REVOKED_FILE is /nowhere')
  })
})
