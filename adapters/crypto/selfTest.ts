import { createCipheriv, createDecipheriv } from 'node:crypto'
import { sm4Blocks } from './block.ts'
import { sameBytes } from './sameBytes.ts'
import { testCardAlgorithms } from './selfTestCards.ts'
import { sm2PublicKey, sm2Sign, sm2Verify } from './sm2.ts'
import { hmacSm3, sm3, sm3Hex } from './sm3.ts'

/** The types of Node know AES alone. */
const gcm = 'sm4-gcm' as 'aes-128-gcm'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

/** GM/T 0004 A.1 and A.2. */
const sm3Answers = [
  ['abc', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
  ['abcd'.repeat(16), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732'],
] as const

/** HMAC-SM3 computed by a second implementation (sm-crypto 0.5.8). */
const hmacAnswer = {
  key: '0123456789abcdeffedcba9876543210',
  text: 'abc',
  tag: '28d8a61be67d8bf7652c4eda7092b612f88be62184f55005c57ddf076e764199',
}

/** GM/T 0002 A.1. */
const sm4Answer = {
  key: '0123456789abcdeffedcba9876543210',
  plain: '0123456789abcdeffedcba9876543210',
  cipher: '681edf34d206965e86b3e94f536e4246',
}

/** RFC 8998 A.1, SM4-GCM. */
const gcmAnswer = {
  key: '0123456789abcdeffedcba9876543210',
  nonce: '00001234567800000000abcd',
  aad: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
  plain:
    'aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccddddddddddddddddeeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa',
  cipher:
    '17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d',
  tag: '83de3541e4c2b58177e065a9bf7b62ec',
}

/** GB/T 32918.5 A.2, with the user id of GM/T 0009. */
const sm2Answer = {
  privateKey: '3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8',
  publicKey:
    '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020' +
    'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
  message: 'message digest',
  signature:
    'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3' +
    'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
}

/** Computes known answers before anything is computed for money: a library that differs stops the start. */
export function testAlgorithms(): void {
  for (const [text, digest] of sm3Answers)
    check('SM3', sm3(text).toString('hex') === digest && sm3Hex(text) === digest)
  const { key, text, tag } = hmacAnswer
  check('HMAC-SM3', sameBytes(hmacSm3(hex(key), text), hex(tag)))
  check(
    'SM4',
    sameBytes(sm4Blocks(hex(sm4Answer.key), hex(sm4Answer.plain)), hex(sm4Answer.cipher)),
  )
  check('SM4-GCM', testGcm())
  check('SM2', testSm2())
  testCardAlgorithms(check)
}

function check(algorithm: string, right: boolean): void {
  if (!right)
    throw new Error(`${algorithm} of this Node does not give the standard's answer; do not use it.`)
}

/** A signature is never the same twice, so ours is verified, and that of the standard as well. */
function testSm2(): boolean {
  const { privateKey, publicKey, signature } = sm2Answer
  const message = Buffer.from(sm2Answer.message)
  const own = sm2Sign(privateKey, message)
  return (
    sm2PublicKey(privateKey) === publicKey &&
    sm2Verify(publicKey, message, signature) &&
    sm2Verify(publicKey, message, own) &&
    !sm2Verify(publicKey, Buffer.from('message digesT'), signature)
  )
}

function testGcm(): boolean {
  const { key, nonce, aad, plain, cipher: expected, tag } = gcmAnswer
  const cipher = createCipheriv(gcm, hex(key), hex(nonce), { authTagLength: 16 })
  cipher.setAAD(hex(aad))
  const made = Buffer.concat([cipher.update(hex(plain)), cipher.final()])
  const right = sameBytes(made, hex(expected)) && sameBytes(cipher.getAuthTag(), hex(tag))
  const wrong = createDecipheriv(gcm, hex(key), hex(nonce), { authTagLength: 16 })
  wrong.setAAD(hex(aad)).setAuthTag(Buffer.from(hex(tag)).fill(0, 0, 1))
  try {
    wrong.update(made)
    wrong.final()
  } catch {
    return right
  }
  return false
}
