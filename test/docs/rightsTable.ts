import { type Names, rights } from '../../adapters/http/rights.ts'
import { roles } from '../../engine/role.ts'
import type { Language } from './cardPage.ts'

const everyone = [...roles, 'person'] as const

/** What an institution, and a person, are kept to. */
const kept: Readonly<Record<Names, Readonly<Record<Language, string>>>> = {
  person: { en: 'the person in the path', zh: '路径中的参保人' },
  card: { en: 'the card in the path', zh: '路径中的卡' },
  settlement: { en: 'the settlement in the path', zh: '路径中的结算' },
  case: { en: 'the case in the path', zh: '路径中的业务件' },
  run: { en: 'the run in the path', zh: '路径中的清算批次' },
  body: { en: '`institution` in the body', zh: '请求体的 `institution`' },
  lines: { en: '`institution` in each line', zh: '每行的 `institution`' },
  query: { en: '`institution` in the query', zh: '查询参数 `institution`' },
  path: { en: '`institution` in the path', zh: '路径中的 `institution`' },
  nobody: { en: '', zh: '' },
}

const heads = {
  en: `| method and path | ${everyone.join(' | ')} | whose rows | recorded as |`,
  zh: `| 方法与路径 | ${everyone.join(' | ')} | 本机构、本人的依据 | 访问日志中的操作 |`,
}

/** The table of rights as the documents have it; routes that follow each other and are alike share a row. */
export function rightsTable(language: Language): string {
  const rows: { readonly cells: string; readonly paths: string[] }[] = []
  for (const [route, { may, names, reads = '' }] of Object.entries(rights)) {
    const marks = everyone.map((who) => (may.includes(who) ? '●' : ''))
    const cells = [...marks, kept[names][language], reads].join(' | ')
    const path = `\`${route.replace(/:(\w+)/g, '{$1}')}\``
    const last = rows.at(-1)
    if (last?.cells === cells) last.paths.push(path)
    else rows.push({ cells, paths: [path] })
  }
  const lines = rows.map(({ cells, paths }) => `| ${paths.join('<br>')} | ${cells} |`)
  return [heads[language], `|---|${'---|'.repeat(everyone.length + 2)}`, ...lines].join('\n')
}
