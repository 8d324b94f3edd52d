import { Fault } from '../../../engine/ports.ts'

/** What the world does to the next commit or opening. */
export type Trouble = Fault['kind'] | 'unknown-but-committed' | 'broken'

export const failure = (trouble: Trouble): Error =>
  trouble === 'broken' || trouble === 'unknown-but-committed'
    ? new Error(trouble)
    : new Fault(trouble, trouble)

export const nameOf = (key: { readonly institution: string; readonly key: string }): string =>
  `${key.institution} ${key.key}`
