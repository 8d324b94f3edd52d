import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'

/** The value of an option that cannot be left out. */
export function needed(value: string | undefined, option: string): string {
  if (value === undefined || value === '') throw new Error(`${option} is missing.`)
  return value
}

/** Writes a new file that only its owner may read. */
export function writeOwn(file: string, text: string): void {
  const handle = openSync(file, 'wx', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
