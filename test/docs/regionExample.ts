import { sandboxRegionKey } from '../../adapters/crypto/regionKeys.ts'
import { sm2Verify } from '../../adapters/crypto/sm2.ts'
import { sm3Hex } from '../../adapters/crypto/sm3.ts'
import { explain } from '../../adapters/http/problem.ts'
import {
  messagesPath,
  names,
  replyBase,
  requestBase,
  writeHeaders,
} from '../../adapters/region/envelope.ts'
import { askForm, replyForm } from '../../adapters/region/messageForms.ts'
import { problems } from '../../adapters/region/problem.ts'
import type { SigningKey } from '../../adapters/region/needs.ts'
import { awayClaim, settle, split } from '../adapters/region/examples.ts'

/** When the example is sent, by the clock of its sender; the answer comes a moment later. */
export const sentAt = Date.parse('2026-03-02T01:00:00.000Z')

const chengdu = sandboxRegionKey('510100')
const guangzhou = sandboxRegionKey('440100')

const [line] = awayClaim.scoped.lines
/** One line is enough to look at. */
const claim = {
  ...awayClaim,
  scoped: { ...awayClaim.scoped, total: line?.amount, lines: [line] },
} as typeof awayClaim
const asked = { ...settle, claim } as typeof settle

const twelve = awayClaim.scoped.lines[0]?.amount as typeof split.total
const nothing = split.selfPaid
const told = {
  ...split,
  total: twelve,
  overLimit: nothing,
  firstSelfPay: nothing,
  inScope: twelve,
  shares: [],
  fundTotal: nothing,
  personTotal: twelve,
  account: twelve,
  cash: nothing,
}

export interface Shown {
  readonly request: { readonly headers: Record<string, string>; readonly body: string }
  readonly reply: { readonly headers: Record<string, string>; readonly body: string }
}

/** What is signed is always the same, and its signature never: one that stands on the page and verifies is kept. */
function signatureOf(key: SigningKey, base: Buffer, page: string): string {
  const shown = [...page.matchAll(/region-signature: ([0-9a-f]{128})/g)].map(([, one]) => one ?? '')
  return shown.find((one) => sm2Verify(key.publicKey, base, one)) ?? key.sign(base)
}

/** The example as the page has it, with every byte that is sent. */
export function regionExample(page: string): { readonly text: string; readonly shown: Shown } {
  const reference = 'reference' in asked ? asked.reference : ''
  const common = { version: '1', reference }
  const body = JSON.stringify(askForm.write(asked))
  const nonce = '0f1e2d3c4b5a69788796a5b4c3d2e1f0'
  const request = { nonce, digest: sm3Hex(body) }
  const envelope = {
    ...common,
    sender: '510100',
    receiver: '440100',
    key: chengdu.id,
    created: sentAt,
    nonce,
  }
  const base = requestBase({ method: 'POST', path: messagesPath }, envelope, request.digest)
  const answer = JSON.stringify(
    replyForm((refusal) => explain(refusal).message).write({
      kind: 'settled',
      settlement: '01JNX3H0000000000000000000ABCD',
      postedAt: sentAt + 40,
      split: told,
    }),
  )
  const answered = {
    ...common,
    sender: '440100',
    receiver: '510100',
    key: guangzhou.id,
    created: sentAt + 50,
  }
  const back = replyBase(200, answered, sm3Hex(answer), request)
  const shown = {
    request: { headers: writeHeaders(envelope, signatureOf(chengdu, base, page)), body },
    reply: { headers: writeHeaders(answered, signatureOf(guangzhou, back, page)), body: answer },
  }
  return { text: write(shown, base, back), shown }
}

function write({ request, reply }: Shown, base: Buffer, back: Buffer): string {
  const headers = (of: Record<string, string>): string[] =>
    Object.values(names).flatMap((name) => (of[name] === undefined ? [] : [`${name}: ${of[name]}`]))
  const type = 'content-type: application/json'
  return [
    '```text',
    `public key of ${chengdu.id}  ${chengdu.publicKey}`,
    `public key of ${guangzhou.id}  ${guangzhou.publicKey}`,
    '```',
    '',
    '```http',
    `POST ${messagesPath} HTTP/1.1`,
    type,
    ...headers(request.headers),
    '',
    request.body,
    '```',
    '',
    '```text',
    base.toString(),
    '```',
    '',
    '```http',
    'HTTP/1.1 200 OK',
    type,
    ...headers(reply.headers),
    '',
    reply.body,
    '```',
    '',
    '```text',
    back.toString(),
    '```',
  ].join('\n')
}

/** The table of problems, from the list that the program answers by. */
export function problemTable(language: 'en' | 'zh'): string {
  const head = language === 'en' ? '| status | `code` | says |' : '| 状态码 | `code` | 说明 |'
  const rows = Object.entries(problems).map(
    ([code, said]) => `| ${said.status} | \`${code}\` | ${said[language]} |`,
  )
  return [head, '|---|---|---|', ...rows].join('\n')
}
