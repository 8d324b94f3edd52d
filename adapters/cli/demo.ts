import { join } from 'node:path'
import { stringify } from 'yaml'
import { toYuan } from '../../engine/money.ts'
import type { Config } from '../config.ts'
import type { Desk } from '../http/needs.ts'
import { createLog } from '../log.ts'
import { readWorld } from '../sandbox/world.ts'
import { playAgencyDay } from './agencyDay.ts'
import { playCardDay } from './cardDay.ts'
import { type Played, playDay } from './dayPlay.ts'
import { readDay } from './dayScript.ts'
import { emptied, ownConfig } from './demoServer.ts'
import { callersAt, type Day, type Opening, playHospitalDay } from './hospitalDayPlay.ts'
import { documentOf, reportOf } from './hospitalDayReport.ts'
import { type Running, serve } from './serve.ts'
import { statement } from './statement.ts'
import { columns } from './statementTable.ts'

const usage = `npm run demo [-- --exit] [-- --json]

Starts the server on the PostgreSQL that it brings, with invented people, and plays one day of claims through HTTP.
Each bill is printed with its split and the rule behind every share. Then a hospital and a pharmacy live a day over the
national interface, and compare it with ours. Last come the books. It goes on serving until Ctrl-C.

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
  await emptied(config)
  const running = await serve(config, createLog('warn'))
  const stop = stopOnSignal(running)
  const right = await play(running, config, options)
  if (!options.exit) {
    if (!options.json)
      console.log(
        `\nServing on ${running.url} until Ctrl-C; the interface is at ${running.url}/docs`,
      )
    return await new Promise<number>(() => {})
  }
  await stop()
  return right ? 0 : 1
}

function stopOnSignal(running: Running): () => Promise<void> {
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => (stopping ??= running.stop())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      // A second signal finds no handler any more and ends the process at once.
      void stop().finally(() => process.exit(0))
    })
  return stop
}

async function play({ url, desk }: Running, config: Config, { json }: Options): Promise<boolean> {
  const started = performance.now()
  const world = readWorld(config.rulesDirectory)
  const { day } = world
  const scenes = readDay(join(config.rulesDirectory, 'sandbox', 'day.yaml'), day)
  const say = (text: string): void => void (json || console.log(text))
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
  const books = await desk.ledger.trialBalance(undefined)
  const debits = books.reduce((sum, row) => sum + row.debits, 0n)
  const credits = books.reduce((sum, row) => sum + row.credits, 0n)
  const wrong = played.filter((one) => one.wrong.length > 0)
  const elsewhere = [...national.wrong, ...cards.wrong, ...agency.wrong]
  const asked = played.length + cards.shown.length + agency.shown.length
  const missed = wrong.length + cards.wrong.length + agency.wrong.length
  const right = wrong.length === 0 && elsewhere.length === 0 && debits === credits
  const rows = books.map((b) => [b.account, toYuan(b.debits), toYuan(b.credits)])
  say('\nTrial balance 试算平衡')
  say(
    columns(
      [['account', 'debits 借', 'credits 贷'], ...rows, ['total', toYuan(debits), toYuan(credits)]],
      ['left', 'right', 'right'],
    ).join('\n'),
  )
  say(`difference 差额 ${toYuan(debits - credits)}\n`)
  say(
    `${asked} requests and ${national.noted.length} messages of the national interface in ${Math.round(performance.now() - started)} ms; ${asked - missed} requests as expected, ${missed} not.`,
  )
  for (const { scene, wrong: why } of wrong) say(`  ${scene.name.en}: ${why.join('; ')}`)
  for (const why of elsewhere) say(`  ${why}`)
  if (json)
    console.log(
      JSON.stringify(
        {
          ...document(url, played, rows, right),
          hospitalDay: documentOf(national),
          cardDay: cards.shown,
          agencyDay: agency.shown,
        },
        undefined,
        2,
      ),
    )
  return right
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
  books: readonly string[][],
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
    trialBalance: books.map(([account, debits, credits]) => ({ account, debits, credits })),
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  // What stops a demo is for who tries it to read, not for a programmer.
  console.error(`The demo cannot go on: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
