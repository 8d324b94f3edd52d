import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Started {
  readonly child: ChildProcess
  readonly said: () => string
  readonly exited: Promise<number | null>
  /** Where it serves, once it does. */
  url(): Promise<string>
  ready(): Promise<boolean>
  /** Ends it in order. */
  end(): Promise<number | null>
}

/** Starts the real process with this environment and nothing of ours. */
export function start(env: Record<string, string>): Started {
  const child = spawn(process.execPath, ['adapters/main.ts'], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...env },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const url = async (): Promise<string> => {
    const until = Date.now() + 30_000
    while (!/listening on |jiesuan cannot start/.test(said) && Date.now() < until) await sleep(20)
    const [, found] = /listening on (http:\/\/[^"]+)/.exec(said) ?? []
    if (found === undefined) throw new Error(said)
    return found
  }
  return {
    child,
    said: () => said,
    exited,
    url,
    async ready() {
      const reply = await fetch(`${await url()}/readyz`).catch(() => undefined)
      return reply?.status === 200
    },
    async end() {
      child.kill('SIGTERM')
      return exited
    },
  }
}
