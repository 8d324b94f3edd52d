import { cancel, inpatient, outpatient, timeOut } from './hospitalDay.ts'
import { pharmacy, reconciliation } from './otherDays.ts'
import type { Sequence } from './sequences.ts'
import { MessageClock, openLine, Terminal } from './terminal.ts'

/** A day of a hospital and a pharmacy of the sandbox, in the order in which the document tells it. */
export async function playDay(url: string): Promise<Sequence[]> {
  const line = await openLine(url)
  const clock = new MessageClock()
  const desk = new Terminal(line, { code: 'H51010000001', name: '演示三级医院' }, clock)
  const counter = new Terminal(line, { code: 'P51010000001', name: '演示药店' }, clock)
  try {
    const visit = await outpatient(desk)
    const stay = await inpatient(desk)
    const sold = await pharmacy(counter)
    const undone = await cancel(desk, visit)
    const lost = await timeOut(desk)
    const level = await reconciliation(desk, {
      settled: [visit.settled, ...stay.settled, ...lost.settled],
      cancelled: [undone.cancelled],
    })
    return [visit.sequence, stay.sequence, sold, undone.sequence, lost.sequence, level]
  } finally {
    await line.close()
  }
}
