import { setTimeout as sleep } from 'node:timers/promises'
import type { DemoLine } from './demoLine.ts'
import type { RegionDayDesk } from './regionDayDesk.ts'
import { openVisit, type Treatment } from './regionDayScenes.ts'

/** What breaks while the hospital settles, and what comes of it: nobody guesses, and nobody pays twice. */
export async function breakTheLine(
  desk: RegionDayDesk,
  treated: Treatment,
  line: DemoLine,
): Promise<void> {
  const visit = await openVisit(desk, treated, ['L1', 'L2', 'L3'])
  const [lost, undone, unsent] = ['L1', 'L2', 'L3'].map((batch) => {
    const msgid = desk.newMessageId()
    const settle = async (says: string, expect: string): Promise<unknown> =>
      desk.send(says, '2207A', visit.input(batch), { msgid, expect })
    return { msgid, settle }
  }) as [Named, Named, Named]
  const rest = { body: desk.claim(treated.lines), key: 'regions-3' }

  await line.become('losing')
  await lost.settle('Guangzhou settles and its answer is lost: nobody knows', 'unknown')
  await desk.ask(
    'the same over REST',
    '/v1/settlements',
    { status: 503, code: 'outcome-unknown' },
    rest,
  )
  await undone.settle('and once more', 'unknown')

  await line.become('cut')
  await unsent.settle('the line is cut before anything is sent: refused', '参保地')
  await lost.settle('the first is asked for again: still unknown', 'unknown')
  const data = { psn_no: desk.patient.psn_no, omsgid: undone.msgid, oinfno: '2207' }
  await desk.send('the third is reversed 冲正 while it is unknown', '2601', { data })

  await line.become('whole')
  await unsent.settle('the line is back: what was refused is settled under its msgid', 'done')
  await lookNow(desk, [lost.msgid, rest.key, undone.msgid])
  await lost.settle('the first is asked for again: told, and settled once', 'done')
  const { fundTotal } = treated
  await desk.ask('and so over REST', '/v1/settlements', { status: 201, fundTotal }, rest)
  await undone.settle('what was reversed stays so', '冲正')
}

interface Named {
  readonly msgid: string
  readonly settle: (says: string, expect: string) => Promise<unknown>
}

const mostWaited_ms = 20_000

/** An operator has them looked at now, and not when they would have been; then it is waited until all are over. */
async function lookNow(desk: RegionDayDesk, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const body = { reference: `${desk.institution} ${key}` }
    const says = `an operator has it looked at now: …${key.slice(-9)}`
    // A sweep may have come first, and then there is nothing left to look at.
    await desk.ask(says, '/v1/crossings/retry', { status: 202 }, { body })
  }
  const until = Date.now() + mostWaited_ms
  while ((await desk.waiting()) > 0 && Date.now() < until) await sleep(50)
  const says = 'nothing waits for another region any more'
  await desk.ask(says, '/v1/crossings', { status: 200, 'items.length': 0 })
}
