import { parseArgs } from 'node:util'
import { createLog } from '../log.ts'
import { readWorld } from '../sandbox/world.ts'
import { emptied, ownConfig } from './demoServer.ts'
import { callersAt, type DayOptions, playHospitalDay } from './hospitalDayPlay.ts'
import { replayAll } from './hospitalDayReplay.ts'
import { documentOf, reportOf } from './hospitalDayReport.ts'
import { serve } from './serve.ts'

const usage = `npm run hospital-day [-- OPTION…]

Plays one day of a hospital and a pharmacy over the national interface: sign-in, outpatient visits, stays with interim
settlements, pharmacy sales, cancellations, time-outs healed by 2601, sign-out, 3201 and 3202; then sends every message
that wrote something again and compares the answers. It ends with code 0 only if everything was as it had to be.

  --visits N  outpatient visits (200)
  --stays N   stays (20)
  --sales N   pharmacy sales (100)
  --seed N    another day (1)
  --url URL   a sandbox server that is running, on whose day nothing was settled yet, instead of one of its own
  --json      prints one JSON document instead of tables`

const options = {
  visits: { type: 'string', default: '200' },
  stays: { type: 'string', default: '20' },
  sales: { type: 'string', default: '100' },
  seed: { type: 'string', default: '1' },
  url: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

async function main(): Promise<number> {
  const { values } = parseArgs({ options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const count = (name: 'visits' | 'stays' | 'sales' | 'seed'): number => {
    const given = values[name]
    if (/^\d{1,6}$/.test(given)) return Number(given)
    throw new Error(`--${name} is to be a whole number, and is ${given}.`)
  }
  const size = { visits: count('visits'), stays: count('stays'), sales: count('sales') }
  const seed = count('seed')
  const config = ownConfig('hospital-day', { anyPort: true })
  const world = readWorld(config.rulesDirectory)
  const say = (line: string): void => void (values.json || console.log(line))
  const play = async (url: string): Promise<boolean> =>
    playTwice({ size, seed, world, say, callerFor: callersAt(url, world) }, values.json)
  if (values.url !== undefined) return (await play(values.url)) ? 0 : 1
  await emptied(config)
  const running = await serve(config, createLog('warn'))
  try {
    return (await play(running.url)) ? 0 : 1
  } finally {
    await running.stop()
  }
}

/** Plays the day, and then sends everything again. */
async function playTwice(asked: DayOptions, json: boolean): Promise<boolean> {
  const { size, seed, say = () => {} } = asked
  say(
    `${size.visits} outpatient visits, ${size.stays} stays, ${size.sales} pharmacy sales; seed ${seed}`,
  )
  const day = await playHospitalDay(asked)
  say(`\n${reportOf(day)}`)
  const began = performance.now()
  const again = await replayAll(day.noted, { seed, atOnce: 8 })
  const took = ((performance.now() - began) / 1000).toFixed(1)
  say(
    `${again.sent} writing messages sent again in ${took} s: ${again.wrong.length} answered otherwise`,
  )
  for (const what of again.wrong) say(`  ✗ ${what}`)
  if (json) console.log(JSON.stringify({ ...documentOf(day), sentAgain: again }, undefined, 2))
  return day.wrong.length === 0 && again.wrong.length === 0
}

try {
  process.exitCode = await main()
} catch (error) {
  // What stops it is for who tries it to read, not for a programmer.
  const why = error instanceof Error ? error.message : String(error)
  console.error(`The hospital day cannot go on: ${why}\n\n${usage}`)
  process.exitCode = 2
}
