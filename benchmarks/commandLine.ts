import { parseArgs, type ParseArgsConfig } from 'node:util'

/** What a bench's command line may say. */
interface Asking<T extends NonNullable<ParseArgsConfig['options']>> {
  readonly usage: string
  readonly options: T
  /** Those that are whole numbers from 1. */
  readonly counts: readonly (keyof T & string)[]
  /** Whether words without a dash may be there. */
  readonly allowPositionals?: boolean
}

/** Reads the command line. Whoever asks for help is told how the bench is used, and so is who says something that it does not know. */
export function readCommandLine<T extends NonNullable<ParseArgsConfig['options']>>({
  usage,
  options,
  counts,
  allowPositionals = false,
}: Asking<T>) {
  if (process.argv.slice(2).some((word) => word === '--help' || word === '-h')) {
    console.log(usage)
    process.exit(0)
  }
  try {
    const read = parseArgs({ options, allowPositionals })
    for (const name of counts) {
      const value = (read.values as Record<string, string | undefined>)[name]
      if (value !== undefined && !isCount(value))
        throw new TypeError(`--${name} is "${value}", but must be a whole number from 1.`)
    }
    return { values: read.values, positionals: read.positionals as readonly string[] }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    refuse(error.message, usage)
  }
}

/** Says what is wrong with a command line and how the bench is used, and ends: nothing has been measured. */
export function refuse(problem: string, usage: string): never {
  console.error(`${problem}\n\n${usage}`)
  process.exit(2)
}

const isCount = (value: string): boolean => /^[1-9]\d{0,8}$/.test(value)
