import type { FactValue } from '../../engine/refusal.ts'

interface Said {
  readonly status: number
  readonly title: string
  readonly en: string
  readonly zh: string
  /** Seconds after which asking again makes sense. */
  readonly retryAfter?: number
}

/** Why a message of another region is turned away before anybody of ours reads it (报文退回原因). */
export const problems = {
  'version-not-spoken': {
    status: 400,
    title: 'Version not spoken',
    en: 'Version {version} of the protocol is not spoken here; {spoken} is.',
    zh: '本系统不支持协议版本 {version}，支持的版本为 {spoken}。',
  },
  'header-invalid': {
    status: 400,
    title: 'Header missing or not well-formed',
    en: 'The header {header} is missing, is there twice, or has not its form.',
    zh: '请求头 {header} 缺失、重复或格式不对。',
  },
  'region-unknown': {
    status: 401,
    title: 'Region not known',
    en: 'Region {region} is not in our directory.',
    zh: '通讯录中没有统筹区 {region}。',
  },
  'key-unknown': {
    status: 401,
    title: 'Key not known',
    en: 'Region {region} has no key {key} in our directory.',
    zh: '通讯录中统筹区 {region} 没有密钥 {key}。',
  },
  'key-revoked': {
    status: 401,
    title: 'Key revoked',
    en: 'The key {key} of region {region} is revoked.',
    zh: '统筹区 {region} 的密钥 {key} 已吊销。',
  },
  'key-not-valid': {
    status: 401,
    title: 'Key not valid today',
    en: 'The key {key} of region {region} is not valid today.',
    zh: '统筹区 {region} 的密钥 {key} 今日不在有效期内。',
  },
  'signature-wrong': {
    status: 401,
    title: 'Signature wrong',
    en: 'The signature is not that of key {key} of region {region} over this message.',
    zh: '签名不是统筹区 {region} 的密钥 {key} 对本报文的签名。',
  },
  'clock-differs': {
    status: 401,
    title: 'Time of signing too far from ours',
    en: 'The message was signed at {created}; here it is {now}, and {window} seconds are the most.',
    zh: '报文签名时间为 {created}，本系统时间为 {now}，相差不得超过 {window} 秒。',
  },
  'receiver-not-here': {
    status: 421,
    title: 'Region not served here',
    en: 'The message is for region {receiver}, which is not served here.',
    zh: '报文的接收方 {receiver} 不在本系统服务范围。',
  },
  'nonce-used': {
    status: 401,
    title: 'Message sent before',
    en: 'The nonce was used before; sign the message anew to ask again.',
    zh: '随机数已使用过；需重发时请重新签名。',
  },
  'body-too-large': {
    status: 413,
    title: 'Body too large',
    en: 'The body is larger than {most} bytes.',
    zh: '请求体超过 {most} 字节。',
  },
  'media-type-unsupported': {
    status: 415,
    title: 'Not this media type',
    en: 'The body must be application/json in UTF-8, sent without Content-Encoding.',
    zh: '请求体必须是 UTF-8 编码、未压缩的 application/json。',
  },
  'json-invalid': {
    status: 400,
    title: 'Not well-formed JSON',
    en: 'The body is not JSON as it is read here, which knows each field once.',
    zh: '请求体不是有效的 JSON（字段不得重复）。',
  },
  'field-invalid': {
    status: 400,
    title: 'A field is wrong',
    en: 'The field {field} is wrong: expected {expected}.',
    zh: '字段 {field} 有误，应为 {expected}。',
  },
  'reference-differs': {
    status: 400,
    title: 'References differ',
    en: 'The reference in the header is not the one in the body.',
    zh: '请求头中的业务编号与报文体中的不一致。',
  },
  'care-region-differs': {
    status: 403,
    title: 'Another region has treated',
    en: 'The bill is of region {careRegion}, and region {region} sends it; each sends its own.',
    zh: '费用发生在 {careRegion}，发送方为 {region}；各统筹区只能发送本地费用。',
  },
  busy: {
    status: 503,
    title: 'Busy',
    en: 'The server is full or its database is away; nothing was done. Ask again.',
    zh: '系统繁忙，未作任何处理，请稍后重试。',
    retryAfter: 1,
  },
  closing: {
    status: 503,
    title: 'Closing',
    en: 'The server is closing; nothing was done. Ask again.',
    zh: '系统正在停机，未作任何处理，请稍后重试。',
    retryAfter: 5,
  },
  'internal-error': {
    status: 500,
    title: 'A fault of ours',
    en: 'Something is wrong here; ask what became of the request. Our reference is {reference}.',
    zh: '系统内部错误，请查询该请求的结果。参考号 {reference}。',
  },
} as const satisfies Record<string, Said>

export type ProblemCode = keyof typeof problems

/** The statuses that a message may be turned away with, for the documentation. */
export const problemStatuses = [...new Set(Object.values(problems).map(({ status }) => status))]

export type Facts = Readonly<Record<string, FactValue>>

export interface Turned {
  readonly problem: ProblemCode
  readonly facts: Facts
}

export const turn = (problem: ProblemCode, facts: Facts = {}): Turned => ({ problem, facts })

export const problemType = 'application/problem+json; charset=utf-8'

export const statusOf = ({ problem }: Turned): number => problems[problem].status

export function retryAfterOf({ problem }: Turned): number | undefined {
  const said: Said = problems[problem]
  return said.retryAfter
}

/** A problem document (RFC 9457) with the same in Chinese and in English. */
export function problemOf({ problem, facts }: Turned): object {
  const { status, title, en, zh } = problems[problem]
  return {
    type: `urn:jiesuan:problem:${problem}`,
    title,
    status,
    code: problem,
    facts,
    message: { en: fill(en, facts), zh: fill(zh, facts) },
  }
}

const fill = (sentence: string, facts: Facts): string =>
  sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? '…'))
