// A hospital that sends one upload after the other. It is a process of its own and yields to everybody else: its machine is
// not the server's, and what it writes and reads must not hold up the clock of those who stand at the tills.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { constants, getPriority, setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Invented, invent, uploadOf } from './crowd.ts'
import { Door } from './openModel.ts'

export interface UploaderOptions {
  readonly url: string
  /** Which of the invented people are its patients. */
  readonly from: number
  readonly patients: number
  readonly claims: number
  readonly day: string
}

export interface Uploader {
  /** Lets the upload that is on its way end; gives how many claims were settled. */
  end(): Promise<number>
}

export async function startUploader(options: UploaderOptions): Promise<Uploader> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(options)])
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the hospital has gone home: ${code}`)
  })
  const told = async (): Promise<unknown> =>
    (await Promise.race([once(child, 'message'), failed]))[0]
  failed.catch(() => {})
  await told()
  return {
    async end() {
      const settling = told()
      child.send('end')
      const settled = (await settling) as number
      child.disconnect()
      return settled
    },
  }
}

/** Of a batch's answer, the lines that say so. */
export const settledIn = (text: string): number => text.split('"status":201').length - 1

/** Enough to let others go first, and not so much that a busy machine never lets it have a turn. */
const yielding = 5

async function upload({ url, from, patients, claims, day }: UploaderOptions): Promise<void> {
  setPriority(Math.min(constants.priority.PRIORITY_LOW, getPriority() + yielding))
  let going = true
  process.once('message', () => (going = false))
  const door = new Door(url)
  const people: Invented[] = Array.from({ length: patients }, (_, i) => invent(from + i))
  let settled = 0
  let next = uploadOf(people, claims, day)
  process.send?.('ready')
  // oxlint-disable-next-line no-unmodified-loop-condition -- It is, by whoever ends it.
  while (going) {
    const { text } = await door.send(next)
    settled += settledIn(text)
    next = uploadOf(people, claims, day)
  }
  door.close()
  process.send?.(settled)
}

if (import.meta.main) await upload(JSON.parse(process.argv[2] ?? '') as UploaderOptions)
