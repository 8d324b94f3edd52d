import { actingShows, type ActingGround, type DocumentKind } from '../../engine/cardDocuments.ts'
import {
  type CardService,
  cardServiceNames,
  type Comer,
  type Deed,
  type ServiceRow,
  serviceRow,
} from '../../engine/cardLife.ts'
import { cardParts } from '../../engine/cardState.ts'
import {
  documentWords,
  groundWords,
  partWords,
  reasonWords,
  sayState,
  serviceWords,
} from '../../adapters/http/cardWords.ts'

export type Language = 'en' | 'zh'

const comers: Readonly<Record<Comer, Readonly<Record<Language, string>>>> = {
  anybody: { en: 'anybody', zh: '任何人' },
  proxy: { en: 'holder, proxy, guardian', zh: '本人、代办人、监护人' },
  guardian: { en: 'holder, guardian', zh: '本人、监护人' },
  holder: { en: 'holder alone', zh: '仅本人' },
  nobody: { en: '–', zh: '–' },
}

const deeds: Readonly<Record<Deed, Readonly<Record<Language, string>>>> = {
  'makes-card': { en: 'a new card is applied for', zh: '申领新卡' },
  'ends-old-card-at-handover': {
    en: 'the old card ends here where the region says so',
    zh: '统筹区规定领卡时失效的，旧卡同时失效',
  },
  'ends-old-card': { en: 'the old card ends', zh: '旧卡同时失效' },
  'bears-e-card': { en: 'the e-card derives from this card', zh: '电子社保卡由本卡派生' },
  'sets-dates': { en: 'its dates begin', zh: '有效期起算' },
  'writes-contact': { en: 'telephone, address', zh: '手机号码、联系地址' },
  'moves-card': { en: 'managing place', zh: '管理地' },
  'sets-pin': { en: 'a new PIN with all its tries', zh: '新密码，恢复可试次数' },
}

const texts = {
  en: {
    title: '# The states of a card',
    other: '[中文](card-states.zh-CN.md)',
    generated: '<!-- Generated from engine/cardLife.ts by `npm run docs`; do not edit. -->',
    intro: `A card has four parts that say nothing of each other. It is usable when all four allow it: its life is *active*, its loss is *not lost*, its
PIN is not *locked* where a PIN is due, and the day is within its dates. The code, the tests, this table and this picture read one table,
\`cardServices\` in \`engine/cardLife.ts\`.`,
    alt: 'Four state diagrams: life, loss, PIN and dates of a card',
    services: '## Services',
    head: '| service | row | needs | must be shown | who may come | does |',
    any: 'any state',
    noCard: 'no card in the province',
    reasons: '## Reasons',
    reasonHead: '| service | reason | also shown | only while | family |',
    acting: '## Those who come for the holder (Q2)',
    actingHead: '| who | shows |',
    incapable: 'of a grown-up also',
    rest: `A first card is applied for at the place of insurance or, with a document of employment, of work; a move is done at the new place on one of the
same grounds. Everything else is done at any desk of the province. By telephone nothing can be shown, at a machine only the card and its
PIN. A new card of a person of seven or more needs a photo. Proxies of the elderly come from the holder's sixtieth birthday on. After a
reissue was accepted, a loss is not withdrawn any more. The bank's part is cancelled after the social application, once. Every service is an
entry in the history of the card: who, on what document, for whom, why, the state before and after.`,
  },
  zh: {
    title: '# 社会保障卡的状态',
    other: '[English](card-states.md)',
    generated: '<!-- 由 `npm run docs` 根据 engine/cardLife.ts 生成，请勿修改。 -->',
    intro: `卡状态由四个相互独立的部分组成，四者均允许时卡方可使用：生命周期为“已启用”、未挂失、需要密码时密码未锁定、当日在有效期内。
程序、测试、本表与本图同出一表：\`engine/cardLife.ts\` 中的 \`cardServices\`。`,
    alt: '四个状态图：卡的生命周期、挂失、密码、有效期',
    services: '## 服务事项',
    head: '| 事项 | 行 | 办理前状态 | 办理材料 | 办理人 | 结果 |',
    any: '任意状态',
    noCard: '省内无卡',
    reasons: '## 原因',
    reasonHead: '| 事项 | 原因 | 另需材料 | 仅限状态 | 亲属可代办 |',
    acting: '## 代办与监护（Q2）',
    actingHead: '| 代办情形 | 所需材料 |',
    incapable: '被监护人已成年的另需',
    rest: `首次申领在参保地办理，或凭就业证明在就业地办理；参保地转移在转入地办理，依据相同；其他事项可在省内任一经办窗口办理。电话渠道不能出示
材料，自助渠道仅能出示社保卡和密码。满七周岁申领新卡须有照片。老年人代办自持卡人满六十周岁起。补卡受理后不能再解挂。先注销社保应用，
再注销银行账户，各一次。每项服务均记入卡历史：经办人、材料、代办人、原因、办理前后状态。`,
  },
} as const

/** The page of the card's states in a language: made of the table that the engine reads. */
export function cardPage(language: Language): string {
  const say = texts[language]
  return `${[
    say.title,
    say.generated,
    say.other,
    say.intro,
    `![${say.alt}](card-states.svg)`,
    say.services,
    [
      say.head,
      '|---|---|---|---|---|---|',
      ...cardServiceNames.map((name) => rowOf(name, language)),
    ].join('\n'),
    say.rest,
    say.reasons,
    [say.reasonHead, '|---|---|---|---|---|', ...reasonRows(language)].join('\n'),
    say.acting,
    [say.actingHead, '|---|---|', ...actingRows(language)].join('\n'),
  ].join('\n\n')}\n`
}

const comma = (language: Language): string => (language === 'en' ? ', ' : '、')
const documents = (kinds: readonly DocumentKind[], language: Language): string =>
  kinds.map((kind) => documentWords[kind][language]).join(comma(language)) || '–'

function rowOf(service: CardService, language: Language): string {
  const row = serviceRow(service)
  const cells = [
    `${serviceWords[service][language]} \`${service}\``,
    row.brochure ?? '–',
    needsOf(row, language),
    documents(row.documents, language),
    comers[row.comer][language],
    effectOf(row, language),
  ]
  return `| ${cells.join(' | ')} |`
}

function needsOf({ from }: ServiceRow, language: Language): string {
  if (!from) return texts[language].noCard
  const parts = cardParts.flatMap((part) => {
    const states: readonly string[] | undefined = from[part]
    if (!states) return []
    const said = states.map((state) => sayState(part, state)[language]).join(comma(language))
    return [`${partWords[part][language]}: ${said}`]
  })
  return parts.join('<br>') || texts[language].any
}

function effectOf({ to, does }: ServiceRow, language: Language): string {
  const changes = cardParts.flatMap((part) => {
    const state = to[part]
    return state === undefined
      ? []
      : [`${partWords[part][language]} → ${sayState(part, state)[language]}`]
  })
  return [...changes, ...does.map((deed) => deeds[deed][language])].join('<br>') || '–'
}

const reasonRows = (language: Language): string[] =>
  cardServiceNames.flatMap((service) =>
    Object.entries(serviceRow(service).reasons ?? {}).map(([reason, row]) => {
      const cells = [
        serviceWords[service][language],
        `${reasonWords[reason]?.[language]} \`${reason}\``,
        documents(row.documents ?? [], language),
        row.life?.map((state) => sayState('life', state)[language]).join(comma(language)) ?? '–',
        row.family === true ? '✓' : '',
      ]
      return `| ${cells.join(' | ')} |`
    }),
  )

const actingRows = (language: Language): string[] =>
  Object.entries(actingShows).map(([ground, kinds]) => {
    const own = documents(kinds, language)
    const more = `${texts[language].incapable}: ${documentWords['incapacity-proof'][language]}`
    const cells = [
      groundWords[ground as ActingGround][language],
      ground === 'guardian' ? `${own}; ${more}` : own,
    ]
    return `| ${cells.join(' | ')} |`
  })
