import { isDeepStrictEqual } from 'node:util'
import { transactions } from '../nhsa/transactions.ts'
import type { Noted } from './hospitalDayDesk.ts'
import { createDraw } from './hospitalDayScript.ts'

/** Whether a message binds a key: reading a person by their number (1101) only looks. */
function isWriting({ infno, input }: Noted): boolean {
  const transaction = transactions.get(infno.slice(0, 4))
  if (infno !== '1101') return transaction?.writes ?? false
  const { data } = input as { readonly data: { readonly mdtrt_cert_type?: string } }
  return data.mdtrt_cert_type === '03'
}

/** Every writing message of a day, once by its name: those that were sent again under it are the same message. */
export function writingOf(noted: readonly Noted[]): Noted[] {
  const first = new Map<string, Noted>()
  for (const one of noted.filter(isWriting)) {
    const before = first.get(one.msgid)
    if (!before || before.sent.kind === 'unknown') first.set(one.msgid, one)
  }
  return [...first.values()]
}

/**
 * Sends every writing message again, signed anew with a fresh nonce and in another order, some at once. Gives what did
 * not answer as it first did; a message whose first answer nobody heard answers what it likes, but always the same.
 */
export async function replayAll(
  noted: readonly Noted[],
  { seed, atOnce }: { readonly seed: number; readonly atOnce: number },
): Promise<{ readonly sent: number; readonly wrong: string[] }> {
  const queue = createDraw(seed).shuffled(writingOf(noted))
  const sent = queue.length
  const wrong: string[] = []
  const work = async (): Promise<void> => {
    for (let one = queue.pop(); one; one = queue.pop()) wrong.push(...(await replay(one)))
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return { sent, wrong }
}

async function replay({ caller, infno, msgid, input, homeRegion, sent }: Noted): Promise<string[]> {
  const again = await caller.send(infno, input, { msgid, homeRegion })
  const first =
    sent.kind === 'unknown' ? await caller.send(infno, input, { msgid, homeRegion }) : sent
  if (isDeepStrictEqual(outcomeOf(again), outcomeOf(first))) return []
  return [`${infno} ${msgid} answered ${JSON.stringify(again)}, and first ${JSON.stringify(first)}`]
}

type Sent = Noted['sent']

/** Warnings (warn_msg) may be told once only; the output and a refusal are told for ever. */
const outcomeOf = (sent: Sent): unknown =>
  sent.kind === 'done' ? { kind: sent.kind, output: sent.output as unknown } : sent
