import { execFileSync } from 'node:child_process'
import { isAlive, readText } from './postmaster.ts'

/** What names a process for ever: numbers are given out again, in a container even the same ones at every start. */
export const markOf = (pid: number): string => `${pid} ${birthOf(pid)}`

/** The living process whose mark stands in this file. */
export function ownerOf(file: string): number | undefined {
  const mark = readText(file)
  const pid = Number(mark.split(' ')[0])
  return pid > 0 && isAlive(pid) && markOf(pid) === mark ? pid : undefined
}

/** When a process began; empty where the system does not tell, and then its number alone has to do. */
function birthOf(pid: number): string {
  if (process.platform === 'linux') {
    const stat = readText(`/proc/${pid}/stat`)
    // The command before them may itself hold blanks and brackets, so we read after its end.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  }
  if (process.platform === 'win32') return ''
  try {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
    return execFileSync('ps', ['-p', String(pid), '-o', 'lstart='], {
      encoding: 'utf8',
      env,
    }).trim()
  } catch {
    return ''
  }
}
