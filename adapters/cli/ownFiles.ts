import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

/** The value of an option that cannot be left out. */
export function needed(value: string | undefined, option: string): string {
  if (value === undefined || value === '') throw new Error(`${option} is missing.`)
  return value
}

/** Writes a file of secrets that only its owner may read; one that is there is never written over. */
export function writeOwn(file: string, text: string): void {
  const handle = openSync(file, 'wx', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** The new file stands beside the old one whole before it takes its place, so that no crash leaves half of one. */
export function replaceOwn(file: string, text: string): void {
  const beside = `${file}.new`
  rmSync(beside, { force: true })
  writeOwn(beside, text)
  renameSync(beside, file)
}
