import canonicalize from 'canonicalize'
import type { Client } from './clients.ts'
import type { Wrapped } from './envelope.ts'
import type { Seals } from './needs.ts'
import { WrongInput } from './read.ts'
import type { Response } from './reply.ts'

/** Reads text as JSON, and says in Chinese where two readers might understand it differently. */
export type ReadJson = (text: string) => { readonly value: unknown } | { readonly wrong: string }

/** The value of a text in JSON. */
export function parse(text: string, readJson: ReadJson): unknown {
  const read = readJson(text)
  if ('wrong' in read) throw new WrongInput(read.wrong)
  return read.value
}

/** RFC 8785: what a signature is over and a fingerprint is of. */
export const canonical = (value: unknown): string => canonicalize(value) as string

/**
 * The input in clear. Where SM4 is agreed on, it comes as one text: the ciphertext of its JSON. Where SM2 is, cainfo is
 * the signature over the UTF-8 bytes of the canonical JSON (RFC 8785) of the input in clear.
 */
export function openInput(
  { fields, input }: Wrapped,
  client: Client,
  seals: Seals,
  readJson: ReadJson,
): unknown {
  const clear = decryptInput(fields.enctype, input, client, seals, readJson)
  const { signatureKey } = client
  if (signatureKey === undefined) return clear
  if (fields.signtype !== 'SM2' || fields.cainfo === undefined)
    throw new WrongInput('该接入方须对交易输入签名：signtype须为SM2，cainfo须为签名值')
  const message = Buffer.from(canonical(clear))
  if (!seals.verify(signatureKey, message, fields.cainfo.toLowerCase()))
    throw new WrongInput('报文.cainfo（数字签名信息）验证失败')
  return clear
}

function decryptInput(
  enctype: string | undefined,
  input: unknown,
  { encryptionKey }: Client,
  seals: Seals,
  readJson: ReadJson,
): unknown {
  if (encryptionKey === undefined) {
    if (enctype !== undefined && enctype !== 'none')
      throw new WrongInput('该接入方未约定加密，enctype须为空')
    return input
  }
  if (enctype !== 'SM4' || typeof input !== 'string')
    throw new WrongInput('该接入方须加密交易输入：enctype须为SM4，input须为密文')
  const text = seals.decrypt(encryptionKey, input)
  if (text === undefined) throw new WrongInput('交易输入 input 无法解密')
  return parse(text, readJson)
}

/** Our end of the same: the output signed in clear with our key, then encrypted. A refusal has no output to protect. */
export function sealResponse(
  response: Response,
  client: Client | undefined,
  signingKey: string | undefined,
  seals: Seals,
): Response {
  if (!client || response.output === null) return response
  const { signatureKey, encryptionKey } = client
  const signed =
    signatureKey === undefined || signingKey === undefined
      ? response
      : {
          ...response,
          signtype: 'SM2',
          cainfo: seals.sign(signingKey, Buffer.from(canonical(response.output))),
        }
  if (encryptionKey === undefined) return signed
  return {
    ...signed,
    enctype: 'SM4',
    output: seals.encrypt(encryptionKey, JSON.stringify(response.output)),
  }
}
