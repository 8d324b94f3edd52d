import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Config } from '../config.ts'
import type { Desk } from '../http/needs.ts'
import { readWorld } from '../sandbox/world.ts'
import { playAgencyDay } from './agencyDay.ts'
import { sandboxKeyList } from './callerDesk.ts'
import { playCardDay } from './cardDay.ts'
import { type Played, playDay } from './dayPlay.ts'
import { readDay } from './dayScript.ts'
import { type DemoPair, openPair } from './demoPair.ts'
import { ownConfig } from './demoServer.ts'
import { callersAt, type Day, type Opening, playHospitalDay } from './hospitalDayPlay.ts'
import { documentOf, reportOf } from './hospitalDayReport.ts'
import { playRegionDay, wrongInRegionDay } from './regionDay.ts'
import {
  balanceTable,
  mirrorOf,
  mirrorTable,
  type TrialBalance,
  trialBalanceAt,
  wrongInBooks,
} from './regionDayBooks.ts'
import { statement } from './statement.ts'

const usage = `npm run demo [-- --exit] [-- --json]

Starts two regions, Chengdu and Guangzhou, on the PostgreSQL that it brings, with invented people, and plays one day of
claims through HTTP. Each bill is printed with its split and the rule behind every share. Then a hospital and a pharmacy
live a day over the national interface, and compare it with ours; people of each region are treated in the other, and the
line between the two breaks. Last come the books of both. It goes on serving until Ctrl-C.

  --exit  ends after the report, with code 0 only if everything came back as expected
  --json  prints one JSON document instead of tables`

interface Options {
  readonly exit: boolean
  readonly json: boolean
}

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => !['--exit', '--json', '--help'].includes(arg))
  if (unknown !== undefined || args.includes('--help')) {
    console.log(unknown === undefined ? usage : `demo: there is no option ${unknown}\n\n${usage}`)
    return unknown === undefined ? 0 : 2
  }
  const options = { exit: args.includes('--exit'), json: args.includes('--json') }
  const config = ownConfig('demo', { anyPort: options.exit })
  if (!options.json) console.log('Chengdu and Guangzhou start, each with a database of its own …\n')
  const starting = openPair(config)
  const stop = stopOnSignal(starting)
  let right = false
  try {
    const pair = await starting
    right = await play(pair, config, options)
    if (!options.exit && !options.json) console.log(farewell(pair))
    if (!options.exit) return await new Promise<number>(() => {})
  } finally {
    await stop()
  }
  return right ? 0 : 1
}

const farewell = ({ chengdu, guangzhou }: DemoPair): string =>
  `
Serving until Ctrl-C: Chengdu on ${chengdu.url}, Guangzhou on ${guangzhou.url}
  the interface  ${chengdu.url}/docs
  what waits for other regions  ${chengdu.url}/console/crossings
  keys of callers, which everybody may know (Authorization: Bearer …)
${sandboxKeyList()
  .map(({ id, key }) => `    ${id.padEnd(14)} ${key}`)
  .join('\n')}`

/** Whoever is told to stop while it still starts ends what has begun. */
function stopOnSignal(starting: Promise<DemoPair>): () => Promise<void> {
  let stopping: Promise<void> | undefined
  const end = async (): Promise<void> => (await starting.catch(() => undefined))?.stop()
  const stop = (): Promise<void> => (stopping ??= end())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      // A second one does not wait.
      if (stopping) process.exit(1)
      void stop().finally(() => process.exit(0))
    })
  return stop
}

type Say = (text: string) => void

async function play(pair: DemoPair, config: Config, { json }: Options): Promise<boolean> {
  const started = performance.now()
  const { url, desk } = pair.chengdu
  const world = readWorld(config.rulesDirectory)
  const { day } = world
  const scenes = readDay(join(config.rulesDirectory, 'sandbox', 'day.yaml'), day)
  const say: Say = (text) => void (json || console.log(text))
  say(`The sandbox day is ${day}. ${scenes.length} requests go to ${url} over HTTP.\n`)
  let number = 0
  const played = await playDay(scenes, url, async (one) => {
    number += 1
    say(await report(one, number, scenes.length, desk))
  })
  const national = await playNational(url, world, played, say)
  say('━━ A day of cards: every row of the brochure 社会保障卡的一天\n')
  const cards = await playCardDay(url, world, say)
  say('━━ A day at the agency’s desk, by two people 经办业务双人复核\n')
  const agency = await playAgencyDay(url, world, say)
  say(aboutRegions(pair))
  const regions = await playRegionDay(pair, world, say)
  const books = await closeBooks(pair, say)
  const told = [...cards.shown, ...agency.shown, ...regions.flatMap((scene) => scene.told)]
  const asked = played.length + told.length
  const wrong = [
    ...played.flatMap(({ scene, wrong: why }) =>
      why.length === 0 ? [] : [`${scene.name.en}: ${why.join('; ')}`],
    ),
    ...cards.wrong,
    ...agency.wrong,
    ...wrongInRegionDay(regions),
  ]
  const elsewhere = [...national.wrong, ...books.wrong]
  say(
    `${asked} requests and ${national.noted.length} messages of the national interface in ${Math.round(performance.now() - started)} ms; ${asked - wrong.length} requests as expected, ${wrong.length} not.`,
  )
  for (const why of [...wrong, ...elsewhere]) say(`  ${why}`)
  const right = wrong.length === 0 && elsewhere.length === 0
  const whole = {
    ...document(url, played, books.chengdu, right),
    hospitalDay: documentOf(national),
    cardDay: cards.shown,
    agencyDay: agency.shown,
    regions: { scenes: regions, mirror: books.mirror, guangzhou: books.guangzhou.items },
  }
  if (json) console.log(JSON.stringify(whole, undefined, 2))
  return right
}

const aboutRegions = ({ chengdu, guangzhou, line }: DemoPair): string => `
━━ Two regions, each with its own server and database 异地就医：两个统筹区，两套系统
   Chengdu 成都 (510100, 510700): process ${process.pid}, ${chengdu.url}
   Guangzhou 广州 (440100): process ${guangzhou.pid}, ${guangzhou.url}
   Chengdu asks Guangzhou over ${line.url}, a line that can lose answers and be cut.
`

/** The books of both regions, and what each owes the other as both have it. */
async function closeBooks({ chengdu: here, guangzhou: there }: DemoPair, say: Say) {
  const chengdu = await trialBalanceAt(here.url)
  const guangzhou = await trialBalanceAt(there.url)
  const mirror = mirrorOf([chengdu, guangzhou])
  say(`What regions owe each other, as both have it 异地应收应付\n${mirrorTable(mirror)}\n`)
  say(`Trial balance of Guangzhou 广州试算平衡\n${balanceTable(guangzhou)}\n`)
  say(`Trial balance of Chengdu 成都试算平衡\n${balanceTable(chengdu)}\n`)
  return { chengdu, guangzhou, mirror, wrong: wrongInBooks(mirror, [chengdu, guangzhou]) }
}

const nationalSize = { visits: 40, stays: 6, sales: 20 }

/** The same day as a hospital and a pharmacy live it over the national interface. */
async function playNational(
  url: string,
  world: ReturnType<typeof readWorld>,
  played: readonly Played[],
  say: (text: string) => void,
): Promise<Day> {
  const { visits, stays, sales } = nationalSize
  say('━━ A hospital day over the national interface 全国医保接口的一天')
  say(`   ${visits} outpatient visits, ${stays} stays, ${sales} pharmacy sales\n`)
  const day = await playHospitalDay({
    size: nationalSize,
    seed: 1,
    world,
    callerFor: callersAt(url, world),
    opening: played.flatMap(openingOf),
    say: (line) => say(`   ${line}`),
  })
  say(`\n${reportOf(day)}`)
  return day
}

/** What was settled over REST stands in the institutions' books as well. */
function openingOf({ scene: { action }, status, replayed, body }: Played): Opening[] {
  if (action.kind !== 'settle' || status !== 201 || replayed) return []
  const { id, person } = body as { readonly id: string; readonly person: string }
  return [{ institution: action.body.institution, setl_id: id, psn_no: person }]
}

async function report(one: Played, number: number, of: number, desk: Desk): Promise<string> {
  const { scene, status, replayed, body, wrong } = one
  const lines = [`━━ ${number}/${of}  ${scene.name.en}\n   ${scene.name.zh}`]
  const { id } = body
  if (typeof id === 'string' && scene.action.kind === 'settle' && !replayed) {
    const row = (await desk.settlements.chain(id))?.[0]
    if (row) lines.push(`   ${status} · ${id}`, '', indent(statement(row.content)))
  } else if (scene.action.kind === 'post') lines.push(indent(posted(one, scene.action.path)))
  else lines.push(indent(short(status, replayed, body)))
  lines.push('', wrong.length === 0 ? '   ✓ as expected' : `   ✗ ${wrong.join('; ')}`, '')
  return lines.join('\n')
}

function short(status: number, replayed: boolean, body: Played['body']): string {
  const { code, message, id, state, accountBalance, facts } = body as Record<string, string> & {
    readonly message?: { readonly en: string; readonly zh: string }
  }
  if (message) return `${status} ${code}\n${message.en}\n${message.zh}\n${JSON.stringify(facts)}`
  return `${status}${replayed ? ' replayed' : ''} · ${id} · ${state}, account balance ${accountBalance}`
}

function posted({ status, replayed, body }: Played, path: string): string {
  if ('message' in body) return short(status, replayed, body)
  return `POST ${path}\n${status}${replayed ? ' replayed' : ''}\n${stringify(body).trimEnd()}`
}

const indent = (text: string): string => text.replace(/^(?=.)/gm, '   ')

function document(
  url: string,
  played: readonly Played[],
  { items }: TrialBalance,
  right: boolean,
): object {
  return {
    url,
    right,
    scenes: played.map(({ scene, status, replayed, body, wrong }) => ({
      name: scene.name,
      key: scene.key,
      status,
      replayed,
      body,
      expect: scene.expect,
      wrong,
    })),
    trialBalance: items.map(({ account, debits, credits }) => ({ account, debits, credits })),
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  // What stops a demo is for who tries it to read, not for a programmer.
  console.error(`The demo cannot go on: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
