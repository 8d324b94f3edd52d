import { createReadStream, readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import type { Checking } from '../../engine/seal/keyChain.ts'
import { type ReceiptText, verifyReceipt } from '../../engine/seal/receipt.ts'
import { type Given, type Verdict, Verification } from '../../engine/seal/verification.ts'
import { digestParts } from '../crypto/sealKeys.ts'
import { sm2Verify } from '../crypto/sm2.ts'
import type { Print } from './cases.ts'

export const verifyUsage = `jiesuan verify FILE [--key PUBLIC] [--head FILE]... [--json]

Verifies an audit export, or a receipt, with nothing but the file: no server, no database, no network.

FILE    what GET /v1/ledger/export gave, or GET /v1/ledger/proofs/{settlement}; - reads standard input
--key   the public key of the log (04 and 128 digits, or a file with it), as you were given it by other ways. Without it the
        file's own first key is taken at its word: then whoever wrote the file could have made it up as a whole
--head  a head that was left with you before, as GET /v1/ledger/heads told it ("note"), one or several in a file. What was
        removed since, or a database that was put back to an older backup, is found by no other means
--json  the verdict as JSON

Ends with 0 where nothing was changed, with 1 where something was, which it names, with 2 where it cannot tell.

核验审计导出或存证回执：只需文件与公钥，无需联网。--key 为另行取得的日志公钥，--head 为此前留存的日志头。`

interface Wish {
  readonly file: string
  readonly given: Given
  readonly json: boolean
}

const checking: Checking = { digest: digestParts, verify: sm2Verify }

/** The command. Resolves to its exit code. */
export async function verify(args: readonly string[], printer: Print): Promise<number> {
  const print = plain(printer)
  const wish = readWish(args, print)
  if (!wish) return 2
  try {
    const lines = await openLines(wish.file, print)
    return await verifyLines(lines, wish, print)
  } catch (error) {
    print.error(`jiesuan verify: ${(error as Error).message}`)
    return 2
  }
}

/** What a file holds may be meant for the terminal that it is shown on. */
function plain({ out, error }: Print): Print {
  const shown = (line: string): string => line.replaceAll(/[^\P{C}\n]/gu, '?')
  return { out: (line) => out(shown(line)), error: (line) => error(shown(line)) }
}

function readWish(args: readonly string[], print: Print): Wish | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        key: { type: 'string' },
        head: { type: 'string', multiple: true },
        json: { type: 'boolean' },
      },
    })
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) throw new Error(verifyUsage)
    const heads = (values.head ?? []).flatMap(readHeads)
    const publicKey = values.key === undefined ? undefined : readKey(values.key)
    return { file, given: { publicKey, heads }, json: values.json ?? false }
  } catch (error) {
    print.error((error as Error).message)
    return undefined
  }
}

const keyForm = /\b04[0-9a-f]{128}\b/

function readKey(word: string): string {
  const [key] = keyForm.exec(word) ?? keyForm.exec(readFileSync(word, 'utf8')) ?? []
  if (key === undefined)
    throw new Error(`--key is neither 04 and 128 digits nor a file with such a key.`)
  return key
}

/** Signed texts, one after the other; or the JSON that the server answered. */
function readHeads(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const told = [...text.matchAll(/"note":("(?:[^"\\]|\\.)*")/g)]
  if (told.length > 0) return told.map(([, quoted]) => JSON.parse(quoted as string) as string)
  const notes = text.match(
    /[^\n]+\n\d+\n[^\n]+\nat [^\n]+\n(?:previous [^\n]+\n)?\n\u2014 [^\n]+\n/g,
  )
  if (!notes) throw new Error(`--head is ${file}, in which no head is.`)
  return [...notes]
}

const soon_ms = 2_000

/** The lines of a file; what takes longer says how far it is. */
async function openLines(file: string, print: Print): Promise<AsyncIterable<string>> {
  const bytes = file === '-' ? undefined : (await stat(file)).size
  const input = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 })
  let read = 0
  let told = performance.now()
  input.on('data', (chunk: Buffer | string) => {
    read += chunk.length
    if (performance.now() - told < soon_ms) return
    told = performance.now()
    const part = bytes ? `${Math.floor((100 * read) / bytes)} % of ` : ''
    print.error(`${part}${Math.round((bytes ?? read) / 1e6)} MB read`)
  })
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
}

async function verifyLines(
  lines: AsyncIterable<string>,
  { given, json }: Wish,
  print: Print,
): Promise<number> {
  const verification = new Verification(checking, given)
  const first: string[] = []
  let count = 0
  for await (const line of lines) {
    if (line === '') continue
    count += 1
    if (count === 1) first.push(line)
    verification.take(line)
  }
  const receipt = count === 1 ? readReceipt(first[0] as string) : undefined
  if (receipt && given.heads?.length)
    throw new Error('--head is for exports: a receipt says nothing of other positions.')
  if (receipt) return tellReceipt(receipt, given, json, print)
  const verdict = verification.end()
  if (json) print.out(JSON.stringify(verdict))
  else tellVerdict(verdict, print)
  if (verdict.findings.length > 0) return 1
  return isProved(verdict) ? 0 : 2
}

/** Without a head over any of it nothing is proved. */
const isProved = ({ from, postings, sealedUpTo }: Verdict): boolean =>
  postings > 0 && sealedUpTo >= from

function readReceipt(line: string): ReceiptText | undefined {
  try {
    const value = JSON.parse(line) as Partial<ReceiptText>
    return value.settlement !== undefined && value.rows ? (value as ReceiptText) : undefined
  } catch {
    return undefined
  }
}

function tellReceipt(receipt: ReceiptText, given: Given, json: boolean, print: Print): number {
  const verdict = verifyReceipt(checking, receipt, given.publicKey)
  const { holds, failed, signedBy, size, at } = verdict
  if (json) print.out(JSON.stringify(verdict))
  else if (holds)
    print.out(
      `Receipt of ${receipt.settlement}: every row is in the log of ${size} positions that ${signedBy} signed at ${at}. 回执核验无误。`,
    )
  else
    print.out(
      `Receipt of ${receipt.settlement}: NOT proved; ${failed?.step} of ${failed?.row ?? 'the head'} does not hold. 回执核验不符。`,
    )
  if (!json && given.publicKey === undefined) print.out(atItsWord)
  return holds ? 0 : 1
}

const atItsWord =
  'No --key was given: the key in the file was taken at its word. 未给出公钥，仅以文件自带公钥核验。'

function tellVerdict(verdict: Verdict, print: Print): void {
  const { log, postings, heads, sealedUpTo, sealedAt, unsealed, keys, findings } = verdict
  print.out(`log 日志            ${log}`)
  print.out(`postings 入账        ${postings}`)
  print.out(
    `heads 日志头         ${heads}; the last has ${sealedUpTo} positions, ${sealedAt ?? 'none'}`,
  )
  if (unsealed > 0) print.out(`not sealed yet 待封存  ${unsealed}`)
  for (const { name, publicKey } of keys) print.out(`key 公钥             ${name} ${publicKey}`)
  if (!verdict.isKeyGiven) print.out(atItsWord)
  for (const { kind, message } of findings) print.out(`✗ ${kind}: ${message.en} ${message.zh}`)
  if (findings.length > 0)
    print.out(`✗ ${findings.length} findings. 核验不符：共 ${findings.length} 项。`)
  else if (!isProved(verdict))
    print.out('? No head stands for any of it: nothing is proved. 没有日志头涵盖其内容，未能证明。')
  else
    print.out(
      unsealed > 0
        ? `✓ Up to position ${sealedUpTo} nothing was changed, added or removed. 第 ${sealedUpTo} 号及以前核验无误，其后尚未封存。`
        : '✓ Nothing was changed, added or removed. 核验无误：未见篡改、增加或删除。',
    )
}
