import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { bareEnvironment } from '../support/environment.ts'

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

/** The processes that serve under one, by their numbers. */
export function workersOf({ child }: Pick<Started, 'child'>): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
  const rows = table.split('\n').map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row))
  return rows.flatMap((row) =>
    row && Number(row[2]) === child.pid && row[3]?.includes('cli/worker.ts')
      ? [Number(row[1])]
      : [],
  )
}

/** Starts the real process with this environment and nothing of ours; in a group of its own, as a terminal does, where told. */
export function start(env: Record<string, string>, { ownGroup = false } = {}): Started {
  const child = spawn(process.execPath, ['adapters/main.ts'], {
    detached: ownGroup,
    env: { ...bareEnvironment(), PORT: '0', ...env },
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
