import { transactions } from '../../adapters/nhsa/transactions.ts'
import { writeJson } from './json.ts'
import type { Body, Said, Sequence, Step } from './sequences.ts'

type Language = keyof Said

const words = {
  title: { en: 'Sequences of the national interface', zh: '国家接口业务流程' },
  generated: {
    en: '<!-- Generated from a run against a server by `npm run docs`; do not edit. -->',
    zh: '<!-- 由 `npm run docs` 按真实运行生成，请勿修改。 -->',
  },
  intro: {
    en: [
      'Every message below went over the wire in one run against the sandbox, in this order, and CI runs them again: amounts are what',
      'the engine computed. Invented people. Names that the server gives are shown as `<mdtrt_id 1>`; each is 30 characters. The first',
      'message is shown whole; of the others the envelope is left out, which is the same but for `infno`, `msgid`, `inf_time` and `input`. Of a',
      'response `infcode` and what is not empty is shown. [Fields](national-transactions.md) · [the interface](national-interface.md)',
    ],
    zh: [
      '以下报文取自对沙箱的一次真实运行，顺序不变，并由 CI 重新运行核对；金额均为引擎计算所得，人员均为虚构。服务端生成的标识以',
      '`<mdtrt_id 1>` 的形式表示，实际为 30 个字符。第一笔报文完整列出；其余报文省略报文头，与第一笔仅 `infno`、`msgid`、`inf_time`、`input`',
      '不同；应答列出 `infcode` 及非空内容。[字段表](national-transactions.md) · [接口说明](national-interface.zh-CN.md)',
    ],
  },
  request: { en: 'Request', zh: '请求' },
  response: { en: 'Response', zh: '应答' },
  silence: { en: 'No answer arrives.', zh: '没有应答。' },
  refused: { en: 'refused', zh: '拒绝' },
  noAnswer: { en: 'no answer', zh: '无应答' },
  file: { en: 'The TXT in the file:', zh: '文件内的 TXT：' },
  other: {
    en: '[中文](national-sequences.zh-CN.md)',
    zh: '[English](national-sequences.md)',
  },
} as const

/** The page of all sequences in one language. */
export function sequencePage(sequences: readonly Sequence[], language: Language): string {
  const chapters = sequences.map((sequence, i) => chapter(sequence, i, language))
  const contents = sequences.map(({ title }, i) => `${i + 1}. ${title[language]}`)
  return `${[
    `# ${words.title[language]}`,
    words.generated[language],
    words.other[language],
    words.intro[language].join('\n'),
    contents.join('\n'),
    ...chapters,
  ].join('\n\n')}\n`
}

function chapter({ title, says, from, steps }: Sequence, at: number, language: Language): string {
  const parts = steps.map((step, i) => message(step, i, at === 0 && i === 0, language))
  return [
    `## ${at + 1}. ${title[language]}`,
    says[language],
    diagram(steps, from, language),
    ...parts,
  ].join('\n\n')
}

const nameOf = (infno: string, language: Language): string =>
  transactions.get(infno.slice(0, 4))?.name[language] ?? infno

function diagram(steps: readonly Step[], from: Said, language: Language): string {
  const lines = steps.flatMap(({ request, response }) => {
    const infno = String(request['infno'])
    // The end of the msgid shows which message is sent once more.
    const serial = String(request['msgid']).slice(-4)
    const asked = `  V->>J: ${infno} ${nameOf(infno, language)} (…${serial})`
    return response === undefined
      ? [asked, `  J--xV: ${words.noAnswer[language]}`]
      : [
          asked,
          `  J-->>V: ${resultOf(response, language)}${response['warn_msg'] === '' ? '' : ' (warn_msg)'}`,
        ]
  })
  return fenced('mermaid', [
    'sequenceDiagram',
    `  participant V as ${from[language]}`,
    '  participant J as jiesuan',
    ...lines,
  ])
}

/** What to take from an answer: a name to go on with, or who pays what. */
function resultOf({ infcode, output }: Body, language: Language): string {
  if (infcode !== 0) return `-1 ${words.refused[language]}`
  const found = fieldsOf(output)
  const named = ['sign_no', 'fund_pay_sumamt', 'mdtrt_id', 'stmt_rslt', 'file_qury_no'].find(
    (name) => found.has(name),
  )
  if (named === 'stmt_rslt') return `stmt_rslt ${String(found.get(named))}`
  if (named !== 'fund_pay_sumamt') return named ?? 'infcode 0'
  const paid = ['fund_pay_sumamt', 'acct_pay', 'psn_cash_pay']
  return paid.map((name) => `${name} ${String(found.get(name))}`).join(', ')
}

/** The fields of the nodes of an output, those of lists left out. */
function fieldsOf(output: unknown): Map<string, unknown> {
  const nodes = Object.values(output as object).filter((node) => !Array.isArray(node))
  return new Map(nodes.flatMap((node: object) => Object.entries(node)))
}

function message(step: Step, at: number, whole: boolean, language: Language): string {
  const { request, response, says, file } = step
  const infno = String(request['infno'])
  const { msgid, input } = request
  return [
    `### ${at + 1}. ${infno} ${nameOf(infno, language)}`,
    says[language],
    ...(file === undefined ? [] : [words.file[language], fenced('text', [file])]),
    words.request[language],
    fenced('json', [writeJson(whole ? request : { infno, msgid, input })]),
    response === undefined ? words.silence[language] : words.response[language],
    ...(response === undefined
      ? []
      : [fenced('json', [writeJson(whole ? response : sayingSomething(response))])]),
  ].join('\n\n')
}

const sayingSomething = ({ infcode, err_msg, warn_msg, output }: Body): Body => ({
  infcode,
  ...(err_msg === '' ? {} : { err_msg }),
  ...(warn_msg === '' ? {} : { warn_msg }),
  ...(output === null ? {} : { output }),
})

const fenced = (kind: string, lines: readonly string[]): string =>
  ['```' + kind, ...lines, '```'].join('\n')
