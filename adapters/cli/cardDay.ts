import type { SandboxWorld } from '../sandbox/world.ts'
import { type BrochureRow, CardDayDesk, type Shown } from './cardDayDesk.ts'
import { laterRows } from './cardDayLater.ts'
import { moneyRows } from './cardDayMoney.ts'
import { proofRows } from './cardDayProof.ts'
import { cardRows } from './cardDayServices.ts'
import { tapRows } from './cardDayTaps.ts'
import { columns } from './statementTable.ts'

/** The rows of the brochure (第三代社会保障卡), in its order. */
export const brochure: readonly BrochureRow[] = [
  ...cardRows,
  ...laterRows,
  ...proofRows,
  ...tapRows,
  ...moneyRows,
]

/** What became of a day of cards. */
export interface CardDay {
  readonly shown: readonly Shown[]
  readonly wrong: readonly string[]
}

/** Plays every row of the brochure against a running server, each with a card or a terminal that is simulated. */
export async function playCardDay(
  url: string,
  world: SandboxWorld,
  say: (text: string) => void,
): Promise<CardDay> {
  return playRows(new CardDayDesk(url, world), brochure, say)
}

/** Plays rows one after the other, and tells each as it is done. */
export async function playRows(
  desk: CardDayDesk,
  rows: readonly BrochureRow[],
  say: (text: string) => void,
): Promise<CardDay> {
  for (const row of rows) {
    const before = desk.shown.length
    desk.begin(row.row)
    await row.play(desk)
    say(reportOf(row, desk.shown.slice(before)))
  }
  const wrong = desk.shown.flatMap((one) =>
    one.wrong === undefined ? [] : [`${one.row} ${one.says}: ${one.wrong}`],
  )
  return { shown: desk.shown, wrong }
}

function reportOf({ row, zh, en }: BrochureRow, shown: readonly Shown[]): string {
  const lines = shown.map(({ says, asked, told, wrong }) => [
    wrong === undefined ? '✓' : '✗',
    says,
    asked,
    wrong === undefined ? told : `${told}: ${wrong}`,
  ])
  const table = columns(lines, ['left', 'left', 'left', 'left'])
  return `   ${row} ${zh} · ${en}\n${table.map((line) => `     ${line}`).join('\n')}`
}
