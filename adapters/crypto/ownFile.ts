import { readFileSync, statSync } from 'node:fs'

/** The text of a file of secrets, which only its owner may read. `variable` is what named it. */
export function readOwnFile(file: string, variable: string): string {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found?.isFile()) throw new Error(`${variable} is ${file}, where there is no file.`)
  // Windows has no such bits; there the folder's own permissions have to do.
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
    throw new Error(`The key file can be read by others. Give it mode 0600: chmod 600 ${file}`)
  return readFileSync(file, 'utf8')
}
