import { sm2 } from 'sm-crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seals } from '../../../adapters/cli/gateway.ts'
import { sm2PublicKey, sm2Sign, sm2Verify } from '../../../adapters/crypto/sm2.ts'
import { sm4Decrypt, sm4Encrypt } from '../../../adapters/crypto/sm4.ts'
import { createCaller } from '../../../adapters/nhsa/client.ts'
import { canonical } from '../../../adapters/nhsa/secrecy.ts'
import { readWorld } from '../../../adapters/sandbox/world.ts'
import { envelope } from './envelopes.ts'
import { openServed, type Served } from './served.ts'

const hash = { hash: true, userId: '1234567812345678' }

/** Both keys stand in rules/sandbox/world.yaml. */
const signingKey = Buffer.from('sandbox-hisp-sm2-key-not-secret!').toString('hex')
const encryptionKey = Buffer.from('sandbox-sm4-key!').toString('hex')
const { gateway } = readWorld('rules')
const gatewayKey = sm2PublicKey(gateway.signingKey)

describe('SM2', () => {
  test('agrees with a second implementation, in both directions', () => {
    for (let i = 0; i < 5; i++) {
      const { privateKey, publicKey } = sm2.generateKeyPairHex()
      expect(sm2PublicKey(privateKey)).toBe(publicKey)
      const message = `报文 ${i}`
      const ours = sm2Sign(privateKey, Buffer.from(message))
      expect(sm2.doVerifySignature(message, ours, publicKey, hash)).toBe(true)
      const theirs = sm2.doSignature(message, privateKey, hash)
      expect(sm2Verify(publicKey, Buffer.from(message), theirs)).toBe(true)
      expect(sm2Verify(publicKey, Buffer.from(`${message}.`), theirs)).toBe(false)
    }
  })

  test('answers false to what is no signature', () => {
    const key = sm2PublicKey(signingKey)
    const message = Buffer.from('m')
    const good = sm2Sign(signingKey, message)
    for (const wrong of [
      '',
      'x',
      good.slice(1),
      `${good}0`,
      good.toUpperCase().replace(/^\d/, 'G'),
      '0'.repeat(128),
      'f'.repeat(128),
    ])
      expect(sm2Verify(key, message, wrong)).toBe(false)
    expect(sm2Verify(key, message, good)).toBe(true)
  })

  test.each([
    '0'.repeat(64),
    'fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122',
    'fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123',
    'ab',
  ])('does not sign with the key %s', (key) => {
    expect(() => sm2Sign(key, Buffer.from('m'))).toThrow('SM2 private key')
  })
})

describe('SM4-CBC', () => {
  test('comes back from base64 and from hexadecimal, and never looks the same', () => {
    const sealed = sm4Encrypt(encryptionKey, '{"a":"中"}')
    expect(sm4Encrypt(encryptionKey, '{"a":"中"}')).not.toBe(sealed)
    expect(sm4Decrypt(encryptionKey, sealed)).toBe('{"a":"中"}')
    const digits = Buffer.from(sealed, 'base64').toString('hex')
    expect(sm4Decrypt(encryptionKey, digits)).toBe('{"a":"中"}')
  })

  test.each(['', 'AAAA', '00'.repeat(16), '!!', '00'.repeat(33)])('%j is no ciphertext', (text) => {
    expect(sm4Decrypt(encryptionKey, text)).toBeUndefined()
  })
})

describe('over the wire', () => {
  let served: Served
  beforeAll(async () => {
    served = await openServed()
  })
  afterAll(() => served.close())

  const pair = { paasid: 'sandbox-sm', secret: 'sandbox-sm-secret-not-for-production' }
  const institution = 'H51010000006'
  const signIn = { signIn: { opter_no: 'OP1', mac: '02-00-00-00-00-01', ip: '10.0.0.1' } }
  const signature = seals.sign(signingKey, Buffer.from(canonical(signIn)))
  const sealed = () => ({
    ...envelope('9001', signIn, { institution }),
    signtype: 'SM2',
    cainfo: signature,
    enctype: 'SM4',
    input: sm4Encrypt(encryptionKey, JSON.stringify(signIn)),
  })
  const send = async (more: Record<string, unknown> = {}) => {
    const { infno, msgid, input, ...rest } = { ...sealed(), ...more }
    return served.send(infno, input, { institution, msgid, more: rest }, pair)
  }

  test('a signed and encrypted message is answered in kind', async () => {
    const reply = JSON.parse((await send()).text) as Record<string, string>
    expect([reply.infcode, reply.enctype, reply.signtype]).toEqual([0, 'SM4', 'SM2'])
    const output = JSON.parse(sm4Decrypt(encryptionKey, String(reply.output)) ?? '')
    expect(output.signinoutb.sign_no).toHaveLength(30)
    expect(sm2.doVerifySignature(canonical(output), String(reply.cainfo), gatewayKey, hash)).toBe(
      true,
    )
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['without a signature', { cainfo: '', signtype: '' }, 'signtype'],
    ['with another type of signature', { signtype: 'SM3' }, 'signtype'],
    [
      'with a signature over something else',
      { cainfo: seals.sign(signingKey, Buffer.from('{}')) },
      'cainfo',
    ],
    ['in clear', { input: signIn, enctype: '' }, 'enctype'],
    ['encrypted under another key', { input: sm4Encrypt('00'.repeat(16), '{}') }, '无法解密'],
    ['that is no JSON once decrypted', { input: sm4Encrypt(encryptionKey, '{') }, 'JSON'],
  ])('a message %s is refused', async (_name, more, said) => {
    const reply = await send(more)
    expect([reply.status, reply.infcode, reply.output]).toEqual([200, -1, null])
    expect(reply.err_msg).toContain(said)
  })

  test('a message encrypted anew is the same message', async () => {
    const { msgid } = sealed()
    const [first, second] = [await send({ msgid }), await send({ msgid })]
    const outputs = [first, second].map(({ output }) => sm4Decrypt(encryptionKey, output))
    expect(outputs[0]).toBe(outputs[1])
  })

  test('an input of 40,000 characters may be encrypted, though its ciphertext is longer', async () => {
    const long = { ...signIn, filler: '中'.repeat(30_000) }
    const reply = await send({
      input: sm4Encrypt(encryptionKey, JSON.stringify(long)),
      cainfo: seals.sign(signingKey, Buffer.from(canonical(long))),
    })
    expect(reply.infcode).toBe(0)
  })

  test('our own client signs, encrypts and verifies', async () => {
    const caller = createCaller({
      url: served.url,
      ...pair,
      institution: { code: institution, name: '演示国密医院', division: '510100' },
      keys: { seals, signingKey, gatewayKey, encryptionKey },
    })
    expect(await caller.signIn()).toHaveLength(30)
    await caller.signOut()
  })
})
