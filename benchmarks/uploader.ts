// A hospital that sends one upload after the other, in a thread of its own: what it writes and reads must not hold up the
// clock of those who stand at the tills.
import { once } from 'node:events'
import { parentPort, Worker, workerData } from 'node:worker_threads'
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
  const worker = new Worker(new URL(import.meta.url), { workerData: options })
  await once(worker, 'message')
  return {
    async end() {
      worker.postMessage('end')
      const [settled] = (await once(worker, 'message')) as [number]
      return settled
    },
  }
}

async function upload({ url, from, patients, claims, day }: UploaderOptions): Promise<void> {
  let going = true
  parentPort?.once('message', () => (going = false))
  const door = new Door(url)
  const people: Invented[] = Array.from({ length: patients }, (_, i) => invent(from + i))
  let settled = 0
  let next = uploadOf(people, claims, day)
  parentPort?.postMessage('ready')
  // oxlint-disable-next-line no-unmodified-loop-condition -- It is, by whoever ends the thread.
  while (going) {
    const { text } = await door.send(next)
    settled += text.split('"status":201').length - 1
    next = uploadOf(people, claims, day)
  }
  door.close()
  parentPort?.postMessage(settled)
}

if (parentPort) await upload(workerData as UploaderOptions)
