import { type TSchema, Type } from 'typebox'
import { batchSchema, mostTogether, repliesSchema } from './batch.ts'
import { messagesPath, names } from './envelope.ts'
import { problemStatuses } from './problem.ts'

const header = (description: string, pattern: string, example: string) =>
  Type.String({ description, pattern, examples: [example] })

const division = '^\\d{6}$'
const created = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$'
const signature = '^[0-9a-f]{128}$'
const example = '0123456789abcdef'

const requestHeaders = Type.Object(
  {
    [names.version]: header('Version of the protocol', '^[1-9]\\d{0,3}$', '1'),
    [names.sender]: header('The region that asks (发送方统筹区)', division, '510100'),
    [names.receiver]: header('The region that is asked (接收方统筹区)', division, '440100'),
    [names.key]: header(
      "Which of the sender's keys signed (密钥编号)",
      '^[0-9A-Za-z._-]{1,64}$',
      '510100-2026a',
    ),
    [names.created]: header(
      "When it was signed, at most 300 s from the receiver's clock (签名时间)",
      created,
      '2026-03-02T01:00:00.000Z',
    ),
    [names.nonce]: header(
      'Random, used once for each key (随机数)',
      '^[0-9a-f]{32}$',
      example.repeat(2),
    ),
    [names.reference]: Type.Optional(
      header(
        'The `reference` of the body, where it has one (业务编号)',
        '^[\\x21-\\x7e]([\\x20-\\x7e]{0,318}[\\x21-\\x7e])?$',
        'H51010000001 2026-03-02-0001',
      ),
    ),
    [names.signature]: header(
      'SM2 with SM3 over the base of the request: r and s (签名)',
      signature,
      example.repeat(8),
    ),
  },
  { additionalProperties: false },
)

const problemTexts: Readonly<Record<number, string>> = {
  400: 'Not a message of this protocol: a version that is not spoken (`facts.spoken`), a header, JSON, a field',
  401: 'Not proved: region, key, signature, time (`facts.now` is ours) or a nonce that was used',
  403: 'A bill that the sender did not treat',
  413: 'The body is too large',
  415: 'The body is not `application/json` in UTF-8',
  421: 'Meant for a region that is not served here',
  500: 'A fault of ours; ask what became of the request',
  503: 'Nothing was done: ask again after `Retry-After`',
}

/** What the route of a message is, for `/openapi.json`. */
export const messageRoute = (ask: TSchema, reply: TSchema) => ({
  tags: ['regions'],
  operationId: 'regionMessage',
  summary: 'A message of another region (跨区域报文)',
  description:
    'Preview, settle, query, cancel, reverse, identify and statement, told apart by `kind`. Signed by the sender, answered signed: ' +
    "the answer's signature (`region-signature`, and the other headers of a request but the nonce) is over its body and over nonce " +
    'and digest of the request, so that it answers no other. The bytes are in `docs/region-protocol.md`. `reference` is the ' +
    'idempotency key on both sides: sent again under a new nonce and signature it gets the same answer.',
  headers: requestHeaders,
  body: ask,
  response: responses('The answer of this region', reply),
})

/** The same of several messages in one envelope. */
export const batchRoute = (ask: TSchema, reply: TSchema) => ({
  tags: ['regions'],
  operationId: 'regionMessageBatch',
  summary: 'Messages of another region in one envelope (合并报文)',
  description:
    `1 to ${mostTogether} messages as \`POST ${messagesPath}\` takes them, under one signature and one nonce, without the header ` +
    '`region-reference`; a `statement` is sent alone. What is wrong with the envelope is answered for all of them; after that ' +
    'each is answered by itself, in its place, with its `position` and its `reference`: one that is wrong or refused does not ' +
    'harm its neighbours. What only looks is better sent apart from what moves money. For regions that exchange much; none has to ' +
    'send it.',
  headers: requestHeaders,
  body: batchSchema(ask),
  response: responses('An answer to each message, in their order', repliesSchema(reply)),
})

const responses = (description: string, schema: TSchema) => ({
  200: { description, content: { 'application/json': { schema } } },
  ...Object.fromEntries(
    problemStatuses.map((status) => [
      status,
      {
        description: problemTexts[status] ?? '',
        content: { 'application/problem+json': { schema: Type.Ref('Problem') } },
      },
    ]),
  ),
})
