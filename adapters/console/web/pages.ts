import type { ComponentType } from 'preact'
import type { PageName } from './pageNames.ts'
import type { Place } from './router.ts'
import type { Both } from './words/say.ts'

/** What every page is told: where one is. */
export type PageProps = Pick<Place, 'about' | 'query'>

interface PageOf {
  readonly title: Both
  /** Pages that one comes to from others are not in the list of pages. */
  readonly listed: boolean
  readonly load: () => Promise<ComponentType<PageProps>>
}

/** Every page is a file of its own, which comes when it is first wanted. */
export const pages: Readonly<Record<PageName, PageOf>> = {
  today: {
    title: { zh: '今日', en: 'Today' },
    listed: true,
    load: async () => (await import('./pages/today.tsx')).TodayPage,
  },
  money: {
    title: { zh: '资金流向', en: 'Where the money goes' },
    listed: true,
    load: async () => (await import('./pages/money.tsx')).MoneyPage,
  },
  find: {
    title: { zh: '查找', en: 'Find' },
    listed: true,
    load: async () => (await import('./pages/find.tsx')).FindPage,
  },
  settlements: {
    title: { zh: '结算', en: 'A settlement' },
    listed: false,
    load: async () => (await import('./pages/settlement.tsx')).SettlementPage,
  },
  statement: {
    title: { zh: '结算单', en: 'Statement' },
    listed: false,
    load: async () => (await import('./pages/statement.tsx')).StatementPage,
  },
  people: {
    title: { zh: '参保人', en: 'A person' },
    listed: false,
    load: async () => (await import('./pages/person.tsx')).PersonPage,
  },
  books: {
    title: { zh: '账簿', en: 'Books' },
    listed: true,
    load: async () => (await import('./pages/books.tsx')).BooksPage,
  },
  cards: {
    title: { zh: '社保卡', en: 'Cards' },
    listed: true,
    load: async () => (await import('./pages/cards.tsx')).CardsPage,
  },
  rules: {
    title: { zh: '政策', en: 'Rules' },
    listed: true,
    load: async () => (await import('./pages/rules.tsx')).RulesPage,
  },
  proofs: {
    title: { zh: '证明', en: 'Proofs' },
    listed: true,
    load: async () => (await import('./pages/proofs.tsx')).ProofsPage,
  },
  anomalies: {
    title: { zh: '异常线索', en: 'Anomalies' },
    listed: true,
    load: async () => (await import('./pages/anomalies.tsx')).AnomaliesPage,
  },
  access: {
    title: { zh: '访问记录', en: 'Access log' },
    listed: true,
    load: async () => (await import('./pages/access.tsx')).AccessPage,
  },
}
