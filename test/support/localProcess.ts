import type { Outcome } from '../../engine/outcome.ts'
import type { Ask, Preview, Previewed } from '../../engine/ports.ts'
import { type Ports, startProcess } from '../../engine/process.ts'

/** The process where nobody is insured elsewhere: whoever asks is told at once. */
export interface LocalProcess {
  readonly settle: (asks: readonly Ask[]) => Promise<Outcome[]>
  readonly preview: (asked: readonly Previewed[]) => Promise<Preview[]>
}

export function startLocalProcess(ports: Ports): LocalProcess {
  const process = startProcess(ports)
  return {
    settle: async (asks) => (await process.settle(asks)).map(told),
    preview: async (asked) => (await process.preview(asked)).map(told),
  }
}

function told<T extends { readonly kind: string }>(one: T): Exclude<T, { kind: 'asking' }> {
  if (one.kind === 'asking') throw new Error('another region would have to be asked')
  return one as Exclude<T, { kind: 'asking' }>
}
