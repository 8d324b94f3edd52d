import { randomBytes } from 'node:crypto'
import { sandboxMaster } from './sandboxKeys.ts'
import { sm3, sm3Hex } from './sm3.ts'

/** What a caller may be called: it stands in its key, in the access log and on the command line. */
export const callerIdForm = '[a-z0-9][a-z0-9-]{0,39}'

const keyForm = new RegExp(`^jsk\\.(${callerIdForm})\\.[A-Za-z0-9_-]{43}$`)

/** A fresh key of a caller: its id, so that one hash has to be compared and not all, and 256 random bits. */
export const newCallerKey = (id: string): string => keyOf(id, randomBytes(32))

/**
 * The key of a caller of the sandbox. Anybody can compute it, and so it proves nothing: the sandbox holds invented people
 * only, and elsewhere these keys are refused.
 */
export const sandboxCallerKey = (id: string): string =>
  keyOf(id, sm3(`${sandboxMaster}: caller ${id}`))

const keyOf = (id: string, secret: Buffer): string => `jsk.${id}.${secret.toString('base64url')}`

/** Whose key this would be, by its form alone; undefined where it is no key of a caller. */
export const callerNamedIn = (text: string): string | undefined => keyForm.exec(text)?.[1]

/** What is kept of a key: nobody can compute the key from it. */
export const hashOfCallerKey = (key: string): string => sm3Hex(key)
