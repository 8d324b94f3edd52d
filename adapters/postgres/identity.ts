import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, lstatSync, readFileSync, readdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Under whom the server runs: PostgreSQL refuses root, and its data must belong to the user it sees. */
export interface Identity {
  readonly name: string
  /** What stands before the command, empty where it runs as it is. */
  readonly prefix: readonly string[]
  /** The user the process becomes, and so the owner its files need. */
  readonly owner?: { readonly uid: number; readonly gid: number }
  /** True where Node itself has to change the user at the start of the process. */
  readonly spawnAs: boolean
}

const NOBODY = 65534
const OWN: Identity = { name: 'own user', prefix: [], spawnAs: false }

/**
 * In a user namespace root looks like nobody to PostgreSQL, while the kernel still takes its files for root's:
 * no user has to exist, nothing changes hands, and a closed parent such as /root stays passable.
 */
const NAMESPACE: Identity = {
  name: 'user namespace',
  prefix: ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`],
  spawnAs: false,
}

/** Every way this process could run the server, the best first; the caller takes the first that works. */
export function identities(folder: string): Identity[] {
  if (process.getuid?.() !== 0) return hasName() ? [OWN] : [NAMESPACE, OWN]
  const owner = existsSync(folder) ? lstatSync(folder) : undefined
  const other = owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : unprivileged()
  const changed = other ? [withPassage(other), becoming(other)] : []
  // Data that another user already owns stays that user's.
  return owner && owner.uid !== 0 ? changed : [NAMESPACE, ...changed]
}

/** A user by number alone, as containers have, has no name, and initdb insists on one. */
function hasName(): boolean {
  try {
    return os.userInfo().username !== ''
  } catch {
    return false
  }
}

function unprivileged(): { uid: number; gid: number } | undefined {
  if (!existsSync('/etc/passwd')) return undefined
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody']) {
    const user = users.find((fields) => fields[0] === name)
    const uid = Number(user?.[2])
    if (uid > 0) return { uid, gid: Number(user?.[3]) }
  }
  return undefined
}

/** Another user who may still pass through root's closed folders. */
function withPassage(owner: { uid: number; gid: number }): Identity {
  const rights = '+dac_override,+dac_read_search'
  const user = [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups']
  // The rights alone open files; initdb first asks access(2), which forgets them without this bit.
  const kept = ['--securebits=+no_setuid_fixup', `--inh-caps=${rights}`, `--ambient-caps=${rights}`]
  const prefix = ['setpriv', ...user, ...kept]
  return { name: `user ${owner.uid} with passage`, prefix, owner, spawnAs: false }
}

function becoming(owner: { uid: number; gid: number }): Identity {
  return { name: `user ${owner.uid}`, prefix: [], owner, spawnAs: true }
}

export interface Command {
  readonly file: string
  readonly args: string[]
  readonly options: { readonly uid?: number; readonly gid?: number }
}

export function commandAs(identity: Identity, program: string, args: readonly string[]): Command {
  const [file = program, ...rest] = [...identity.prefix, program, ...args]
  const options = identity.spawnAs && identity.owner ? identity.owner : {}
  return { file, args: rest, options }
}

/** The first identity under which the program starts at all, or what each attempt said. */
export function firstWorking(candidates: readonly Identity[], program: string): Identity | string {
  const attempts: string[] = []
  for (const identity of candidates) {
    const { file, args, options } = commandAs(identity, program, ['--version'])
    const result = spawnSync(file, args, { ...options, cwd: '/', encoding: 'utf8' })
    if (result.status === 0) return identity
    const why = result.error?.message ?? result.stderr.trim()
    attempts.push(`as ${identity.name}: ${why}`)
  }
  return attempts.join('; ') || 'no unprivileged user exists on this machine'
}

/** Gives the folder and all in it to the identity's user, where it is another one. */
export function handOver(identity: Identity, folder: string): void {
  if (!identity.owner) return
  chownSync(folder, identity.owner.uid, identity.owner.gid)
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    chownSync(path.join(folder, entry), identity.owner.uid, identity.owner.gid)
  }
}
