// The documents that are made by the program: `npm run docs` writes them anew.
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signatureOf } from '../adapters/nhsa/signature.ts'
import { readRefusal } from '../adapters/nhsa/tell.ts'
import { pair } from './adapters/nhsa/envelopes.ts'
import { openServed } from './adapters/http/served.ts'
import { cardPage } from './docs/cardPage.ts'
import { cardPicture } from './docs/cardPicture.ts'
import { playCards } from './docs/cardExamples.ts'
import { clearingStages } from './docs/clearingStages.ts'
import { playDay } from './docs/day.ts'
import { problemTable, regionExample } from './docs/regionExample.ts'
import { rightsTable } from './docs/rightsTable.ts'
import { sequencePage } from './docs/sequencePage.ts'
import type { Sequence } from './docs/sequences.ts'
import { makeStable } from './docs/stable.ts'
import { tablePage, transactionList } from './docs/tablePage.ts'

let served: Awaited<ReturnType<typeof openServed>>
let sequences: Sequence[]
let cards: Record<string, string>
beforeAll(async () => {
  served = await openServed()
  sequences = makeStable(await playDay(served.url))
  cards = await playCards(served.url)
})
afterAll(() => served.close())

const file = (name: string): string => `../docs/${name}`

test.each([
  ['en', 'national-sequences.md'],
  ['zh', 'national-sequences.zh-CN.md'],
] as const)('the sequences (%s) are those of a run', async (language, name) => {
  await expect(sequencePage(sequences, language)).toMatchFileSnapshot(file(name))
})

test('the field tables are those that the program reads and writes by', async () => {
  await expect(tablePage()).toMatchFileSnapshot(file('national-transactions.md'))
})

test.each([
  ['en', 'card-states.md'],
  ['zh', 'card-states.zh-CN.md'],
] as const)('the services of a card (%s) are those of its table', async (language, name) => {
  await expect(cardPage(language)).toMatchFileSnapshot(file(name))
})

test('the picture of the states of a card is drawn from the same table', async () => {
  await expect(cardPicture()).toMatchFileSnapshot(file('card-states.svg'))
})

const example = { timestamp: '1772413200', nonce: '2b0c1e9a5f7d4c3886a1d0e4f5b6c7a8' }

const signature = (): string => {
  const { timestamp, nonce } = example
  const { paasid, secret } = pair
  return [
    '```text',
    `timestamp  ${timestamp}`,
    `secret     ${secret}`,
    `nonce      ${nonce}`,
    `signed     ${timestamp}${secret}${nonce}${timestamp}`,
    '',
    `x-tif-paasid: ${paasid}`,
    `x-tif-timestamp: ${timestamp}`,
    `x-tif-nonce: ${nonce}`,
    `x-tif-signature: ${signatureOf(timestamp, secret, nonce)}`,
    '```',
  ].join('\n')
}

/** A part of a page that is made by the program stands between two comments. */
function withPart(text: string, name: string, part: string): string {
  const [from, until] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
  const start = text.indexOf(from)
  const end = text.indexOf(until)
  if (start < 0 || end < start) throw new Error(`there is no part ${name}`)
  return `${text.slice(0, start + from.length)}\n${part}\n${text.slice(end)}`
}

const pages = ['national-interface.md', 'national-interface.zh-CN.md']

test.each(pages)(
  '%s lists the transactions there are, and signs as the program does',
  async (name) => {
    const text = readFileSync(`docs/${name}`, 'utf8')
    const made = withPart(
      withPart(text, 'signature', signature()),
      'transactions',
      transactionList('national-transactions.md'),
    )
    await expect(made).toMatchFileSnapshot(file(name))
  },
)

test.each(['card-authentication.md', 'card-authentication.zh-CN.md'])(
  '%s shows what a run was told',
  async (name) => {
    let text = readFileSync(`docs/${name}`, 'utf8')
    for (const [part, example] of Object.entries(cards)) text = withPart(text, part, example)
    await expect(text).toMatchFileSnapshot(file(name))
  },
)

test('the stages of clearing are those of its table', async () => {
  const text = readFileSync('docs/clearing.md', 'utf8')
  const made = withPart(text, 'stages', clearingStages())
  await expect(made).toMatchFileSnapshot(file('clearing.md'))
})
test.each([
  ['en', 'region-protocol.md'],
  ['zh', 'region-protocol.zh-CN.md'],
] as const)(
  'the messages between regions (%s) are signed as the program does',
  async (language, name) => {
    const page = readFileSync(`docs/${name}`, 'utf8')
    const { text } = regionExample(page)
    const made = withPart(withPart(page, 'example', text), 'problems', problemTable(language))
    await expect(made).toMatchFileSnapshot(file(name))
  },
)

test.each([
  ['en', 'callers.md'],
  ['zh', 'callers.zh-CN.md'],
] as const)('what each role may (%s) is what the server lets it', async (language, name) => {
  const page = readFileSync(`docs/${name}`, 'utf8')
  await expect(withPart(page, 'rights', rightsTable(language))).toMatchFileSnapshot(file(name))
})

const curl = spawnSync('curl', ['--version']).status === 0

test.skipIf(!curl).each(pages)('the shell of %s gets an answer', async (name) => {
  const [, script = ''] =
    /```sh\n(secret=[^]*?)```/.exec(readFileSync(`docs/${name}`, 'utf8')) ?? []
  // The server is in this process, and so must not be waited for in one go.
  const run = promisify(execFile)
  const here = script.replace('http://127.0.0.1:8080', served.url)
  const { stdout } = await run('sh', ['-c', here], { timeout: 10_000 })
  expect(JSON.parse(stdout)).toMatchObject({ infcode: 0, output: { baseinfo: { age: 39 } } })
})

const pagesOfDocs = readdirSync('docs').filter((name) => name.endsWith('.md'))

test.each([...pagesOfDocs.map((name) => `docs/${name}`), 'README.md', 'README.zh-CN.md'])(
  '%s links only to what is there',
  (page) => {
    const links = [
      ...readFileSync(page, 'utf8').matchAll(/\]\((?!http)([^)#\s]*)(?:#([^)\s]+))?\)/g),
    ]
    const folder = page.startsWith('docs/') ? 'docs/' : ''
    const missing = links.filter(([, name = '', anchor]) => {
      const target = name === '' ? page : folder + name
      if (!existsSync(target)) return true
      return anchor !== undefined && !readFileSync(target, 'utf8').includes(`<a id="${anchor}">`)
    })
    expect(missing.map(([link]) => link)).toEqual([])
  },
)

test.each(pages)('%s tells what each mark of an err_msg asks for', (name) => {
  const rows = [...readFileSync(`docs/${name}`, 'utf8').matchAll(/^\|.*`(\[[^\]`]+\])`.*$/gm)]
  const marks = rows.map(([, mark = '']) => mark).filter((mark) => !/own|judgement/.test(mark))
  expect(marks.map((mark) => `${mark} ${readRefusal(`${mark}…`)}`)).toEqual([
    '[结果未知] unknown',
    '[处理中] again',
    '[系统繁忙] again',
    '[停止服务] again',
  ])
})
