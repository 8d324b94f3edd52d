import { setFlagsFromString } from 'node:v8'

/** So much of what is free until the limit of the old generation is used up before V8 begins to mark, and marks in haste. */
export const thresholds = {
  'incremental-marking-soft-trigger': 75,
  'incremental-marking-hard-trigger': 95,
} as const

/**
 * Has V8 look through all of memory when little is free, as opposed to when less is free than the young generation holds:
 * that is always near where little is kept, so it would look soon again whatever grew old, and whoever comes meanwhile waits.
 */
export function collectSeldom(): void {
  for (const [name, percent] of Object.entries(thresholds))
    setFlagsFromString(`--${name}=${percent}`)
}
