import { codeTables } from '../../adapters/nhsa/codes.ts'
import { requestTable } from '../../adapters/nhsa/envelope.ts'
import { nameless, type Node, type Nodes, type Table } from '../../adapters/nhsa/field.ts'
import type { Transaction } from '../../adapters/nhsa/transaction.ts'
import { transactions } from '../../adapters/nhsa/transactions.ts'

const all = [...transactions.values()]

const anchorOf = (infno: string): string => `t${infno}`

const nodesOf = (nodes: Nodes): string =>
  Object.entries(nodes)
    .map(([name, { many }]) => `\`${name === nameless ? 'output' : name}${many ? '[]' : ''}\``)
    .join(' ') || '–'

/** The list of all transactions, for the page of the interface in either language. */
export function transactionList(pageOfTables: string): string {
  const rows = all.map(
    ({ infno, name, writes, input, output }) =>
      `| [${infno}](${pageOfTables}#${anchorOf(infno)}) | ${name.zh} | ${name.en} | ${writes ? '✓' : ''} | ${nodesOf(input)} | ${nodesOf(output)} |`,
  )
  return [
    '| infno | 名称 | name | 写 writes | 输入 input | 输出 output |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

const intro = `# Field tables of the national interface 国家接口字段表

<!-- Generated from adapters/nhsa by \`npm run docs\`; do not edit. 由 \`npm run docs\` 生成，请勿修改。 -->

The same tables read the input, write the output and make the fuzzer's messages. 必填 Y: must be given, or is always told; the others may be
empty (\`""\`, \`null\` or absent in an input, \`null\` in an output). 长度以字符计。Types: 字符型 text of at most so many characters, 数值型 a number
(in an input also as text), 日期型 \`yyyy-MM-dd\`, 日期时间型 \`yyyy-MM-dd HH:mm:ss\`. \`[]\` is a list. Fields that no table names are passed over.
[The interface](national-interface.md) · [接口说明](national-interface.zh-CN.md)`

/** The page of all field tables, in both languages at once. */
export function tablePage(): string {
  return `${[
    intro,
    '## 报文 envelope',
    tableOf(requestTable),
    ...all.map(chapter),
    '## 代码表 code tables',
    'Provinces extend every table: a longer code counts by its first characters. 各地代码可在此基础上加位，按前缀识别。',
    ...Object.entries(codeTables).map(codesOf),
  ].join('\n\n')}\n`
}

function chapter({ infno, name, writes, input, output }: Transaction): string {
  return [
    `<a id="${anchorOf(infno)}"></a>`,
    `## ${infno} ${name.zh}`,
    `${name.en}${writes ? '; writes 写' : ''}`,
    ...sideOf('input', input),
    ...sideOf('output', output),
  ].join('\n\n')
}

function sideOf(side: 'input' | 'output', nodes: Nodes): string[] {
  const entries = Object.entries(nodes)
  if (entries.length === 0) return [`**${side}**: \`{}\``]
  return entries.flatMap(([name, node]) => [headOf(side, name, node), tableOf(node.table)])
}

const headOf = (side: string, name: string, { many, required }: Node): string =>
  `**${side}${name === nameless ? '' : `.${name}`}${many ? '[]' : ''}**${required ? '' : ' (optional 可空)'}`

function tableOf(table: Table): string {
  return [
    '| 字段 field | 名称 | 类型 type | 必填 | 代码表 codes |',
    '|---|---|---|---|---|',
    ...rowsOf(table, ''),
  ].join('\n')
}

function rowsOf(table: Table, before: string): string[] {
  return Object.entries(table).flatMap(([field, { kind, zh, required }]) => {
    const codes = kind.codes === undefined ? '' : `[${kind.codes}](#${codeAnchor(kind.codes)})`
    const name = `${before}${field}${kind.rows ? '[]' : ''}`
    return [
      `| \`${name}\` | ${zh} | ${kind.type} | ${required ? 'Y' : ''} | ${codes} |`,
      ...(kind.rows ? rowsOf(kind.rows, `${name}.`) : []),
    ]
  })
}

const codeAnchor = (name: string): string => `c-${name}`

function codesOf([name, values]: readonly [string, Readonly<Record<string, string>>]): string {
  const said = Object.entries(values).map(([code, zh]) => `\`${code}\` ${zh}`)
  return [`<a id="${codeAnchor(name)}"></a>`, `**${name}**: ${said.join(' · ')}`].join('\n\n')
}
