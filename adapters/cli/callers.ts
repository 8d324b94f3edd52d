import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { roles } from '../../engine/role.ts'
import { hashOfCallerKey, newCallerKey } from '../crypto/callerKeys.ts'
import { type CallerEntry, mostKeys, parseCallers, writeCallers } from '../crypto/callersFile.ts'
import { readOwnFile } from '../crypto/ownFile.ts'
import type { Print } from './cases.ts'
import { replaceOwn } from './ownFiles.ts'

export const callersUsage = `jiesuan callers add --file FILE --id ID --role ROLE [--institution CODE] [--operators A,B] [--name NAME]
jiesuan callers change --file FILE --id ID [--operators A,B] [--name NAME]
jiesuan callers renew --file FILE --id ID
jiesuan callers retire --file FILE --id ID
jiesuan callers remove --file FILE --id ID
jiesuan callers list --file FILE

add     lets somebody call the REST interface: makes their key, prints it once, and writes its SM3 hash to FILE
        --role         ${roles.join(', ')}
        --institution  of the role institution: whose rows they see
        --operators    of the role desk: in whose names alone they act (operator, second and by of a body); default any
        --name         what they are called, default ID
change  gives a caller other operators, or another name; their keys stay
renew   makes another key beside those there are, so that both are good while one is changed for the other
retire  takes back all keys of a caller but the newest
remove  takes back all of them, with the caller
list    shows who is in the file

FILE gets mode 0600; set CALLERS_FILE to it. A running server reads it again within a second. A key is kept nowhere: whoever
loses theirs gets another one (docs/callers.md).`

interface Wish {
  readonly file: string
  readonly id?: string
  readonly role?: string
  readonly institution?: string
  readonly operators?: string
  readonly name?: string
}

/** What an act makes of the list, and the key that it made. */
interface Done {
  readonly entries: readonly CallerEntry[]
  readonly key?: string
}

/** The command. Returns its exit code. */
export function callers([action, ...args]: readonly string[], print: Print): number {
  const act = action !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined
  const wish = act && readWish(args)
  if (!act || !wish) {
    print.error(callersUsage)
    return 2
  }
  const { file } = wish
  try {
    const before = existsSync(file) ? parseCallers(readOwnFile(file, '--file'), file) : []
    const { entries, key } = act(before, wish)
    // What would not be read again is not written.
    if (entries !== before) replaceOwn(file, checked(entries, file))
    if (key === undefined) for (const entry of entries) print.out(lineOf(entry))
    else print.out(key)
    return 0
  } catch (error) {
    print.error(`jiesuan callers: ${(error as Error).message}`)
    return 1
  }
}

function checked(entries: readonly CallerEntry[], file: string): string {
  const text = writeCallers(entries)
  parseCallers(text, file)
  return text
}

const lineOf = ({
  id,
  role,
  institution = '',
  operators = [],
  name = '',
  keys,
}: CallerEntry): string =>
  [
    id.padEnd(20),
    role.padEnd(14),
    institution.padEnd(14),
    `${keys.length} keys`,
    [name, operators.length > 0 ? `for ${operators.join(', ')}` : ''].filter(Boolean).join(' '),
  ]
    .join('  ')
    .trimEnd()

const actions: Readonly<Record<string, (before: readonly CallerEntry[], wish: Wish) => Done>> = {
  add(before, { id, role, institution, operators, name }) {
    const named = needed(id, '--id')
    if (before.some((one) => one.id === named)) throw new Error(`${named} is there already.`)
    const key = newCallerKey(named)
    const entry = {
      id: named,
      role: roleOf(needed(role, '--role')),
      ...(institution !== undefined && { institution }),
      ...(name !== undefined && { name }),
      ...(operators !== undefined && { operators: namesIn(operators) }),
      keys: [hashOfCallerKey(key)],
    }
    return { entries: [...before, entry], key }
  },
  change(before, wish) {
    const { id } = known(before, wish)
    const { name, operators } = wish
    const change = {
      ...(name !== undefined && { name }),
      ...(operators !== undefined && { operators: namesIn(operators) }),
    }
    return { entries: changed(before, id, change) }
  },
  renew(before, wish) {
    const { id, keys } = known(before, wish)
    if (keys.length >= mostKeys)
      throw new Error(`${id} has ${keys.length} keys; retire the older ones first.`)
    const key = newCallerKey(id)
    return { entries: changed(before, id, { keys: [...keys, hashOfCallerKey(key)] }), key }
  },
  retire(before, wish) {
    const { id, keys } = known(before, wish)
    return { entries: changed(before, id, { keys: keys.slice(-1) }) }
  },
  remove(before, wish) {
    const { id } = known(before, wish)
    return { entries: before.filter((one) => one.id !== id) }
  },
  list: (before) => ({ entries: before }),
}

const changed = (
  all: readonly CallerEntry[],
  id: string,
  change: Partial<CallerEntry>,
): CallerEntry[] => all.map((one) => (one.id === id ? { ...one, ...change } : one))

const namesIn = (text: string): string[] => text.split(/[,，、]/).map((one) => one.trim())

function known(all: readonly CallerEntry[], { id, file }: Wish): CallerEntry {
  const found = all.find((one) => one.id === needed(id, '--id'))
  if (!found) throw new Error(`${file} has no caller ${id}.`)
  return found
}

function roleOf(text: string): CallerEntry['role'] {
  const role = roles.find((one) => one === text)
  if (!role) throw new Error(`--role must be one of ${roles.join(', ')}.`)
  return role
}

function readWish(args: readonly string[]): Wish | undefined {
  const text = { type: 'string' } as const
  const options = {
    file: text,
    id: text,
    role: text,
    institution: text,
    operators: text,
    name: text,
  }
  try {
    const { file, ...wish } = parseArgs({ args: [...args], options }).values
    return file === undefined || file === '' ? undefined : { file, ...wish }
  } catch {
    return undefined
  }
}

function needed(value: string | undefined, option: string): string {
  if (value === undefined || value === '') throw new Error(`${option} is missing.`)
  return value
}
