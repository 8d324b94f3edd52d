import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'

/** What a request is, for whoever counts them; its path tells the same to the server. */
export type RequestKind =
  | 'outpatient'
  | 'emergency'
  | 'pharmacy'
  | 'special'
  | 'inpatient'
  | 'daySurgery'
  | 'preview'
  | 'repeat'
  | 'reversal'

/** One request as it is sent, all of it POST. */
export interface Request {
  readonly kind: RequestKind
  readonly path: string
  readonly key: string
  readonly type: string
  readonly body: string
}

/** Writes requests for k6, a JSON object a line; gives how many they were. */
export async function writeRequests(file: string, requests: Iterable<Request>): Promise<number> {
  const stream = createWriteStream(file)
  let count = 0
  for (const request of requests) {
    count++
    if (!stream.write(`${JSON.stringify(request)}\n`)) await once(stream, 'drain')
  }
  stream.end()
  await finished(stream)
  return count
}
