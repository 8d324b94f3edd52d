import type { SandboxWorld } from '../sandbox/world.ts'
import type { DemoPair } from './demoPair.ts'
import { breakTheLine } from './regionDayBroken.ts'
import { RegionDayDesk, type Told } from './regionDayDesk.ts'
import { type Treatment, visitNationally, visitOverRest } from './regionDayScenes.ts'
import { columns } from './statementTable.ts'

const consultation = '001101000010000'
const bloodCount = '002501010010000'
const lines = [
  [consultation, 1200],
  [bloodCount, 2000],
] as const

/** Guangzhou pays 65 % in a tertiary hospital, 10 points less for a filed referral: 32.00 × 55 %. */
const guangzhouPays: Treatment = { lines, fundTotal: '17.60' }
/** What Chengdu pays depends on the deductible and the limit of the year, of which the days above have used some. */
const chengduPays: Treatment = { lines }

/** What happened under one heading. */
export interface RegionScene {
  readonly zh: string
  readonly en: string
  readonly told: readonly Told[]
}

type Say = (text: string) => void

/** Plays both directions between two regions, and then what happens when the line between them breaks. */
export async function playRegionDay(
  { chengdu, guangzhou, line }: Pick<DemoPair, 'chengdu' | 'guangzhou' | 'line'>,
  world: SandboxWorld,
  say: Say,
): Promise<RegionScene[]> {
  const g1 = new RegionDayDesk(chengdu.url, world, 'H51010000001', 'G1')
  const o1 = new RegionDayDesk(guangzhou.url, world, 'H44010000001', 'O1')
  const scenes: RegionScene[] = []
  const play = async (zh: string, en: string, desk: RegionDayDesk, act: () => Promise<void>) => {
    const before = desk.told.length
    await act()
    const scene = { zh, en, told: desk.told.slice(before) }
    scenes.push(scene)
    say(reportOf(scene))
  }
  await play(
    '广州参保人在成都就医',
    'Insured in Guangzhou, a hospital of Chengdu',
    g1,
    async () => {
      await visitNationally(g1, guangzhouPays)
      await visitOverRest(g1, guangzhouPays)
    },
  )
  await play(
    '成都参保人在广州就医',
    'Insured in Chengdu, a hospital of Guangzhou',
    o1,
    async () => {
      await visitNationally(o1, chengduPays)
      await visitOverRest(o1, chengduPays)
    },
  )
  await play('线路中断', 'The line breaks', g1, async () => breakTheLine(g1, guangzhouPays, line))
  return scenes
}

export const wrongInRegionDay = (scenes: readonly RegionScene[]): string[] =>
  scenes.flatMap(({ en, told }) =>
    told.flatMap(({ says, wrong }) => (wrong === undefined ? [] : [`${en}: ${says}: ${wrong}`])),
  )

function reportOf({ zh, en, told }: RegionScene): string {
  const rows = told.map(({ says, asked, told: answer, wrong }) => [
    wrong === undefined ? '✓' : '✗',
    says,
    asked,
    wrong === undefined ? answer : `${answer}: ${wrong}`,
  ])
  const table = columns(rows, ['left', 'left', 'left', 'left'])
  return `   ${en} · ${zh}\n${table.map((row) => `     ${row}`).join('\n')}\n`
}
