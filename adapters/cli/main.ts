import { anomalies, anomaliesUsage } from './anomaliesCommand.ts'
import { audit, auditUsage } from './auditCommand.ts'
import { call, callUsage } from './call.ts'
import { callers, callersUsage } from './callers.ts'
import { cases, casesUsage } from './cases.ts'
import { crossings, crossingsUsage } from './crossingsCommand.ts'
import { keys, keysUsage } from './keys.ts'
import { regionKeys, regionKeysUsage } from './regionKeys.ts'
import { schema, schemaUsage } from './schema.ts'
import { sealKeys, sealKeysUsage } from './sealKeys.ts'
import { split, splitUsage } from './split.ts'
import { verify, verifyUsage } from './verify.ts'

type Command = (args: readonly string[], print: typeof terminal) => number | Promise<number>

const terminal = {
  out: (line: string): void => console.log(line),
  error: (line: string): void => console.error(line),
}

const commands: Record<string, { run: Command; usage: string }> = {
  audit: { run: audit, usage: auditUsage },
  cases: { run: cases, usage: casesUsage },
  split: { run: split, usage: splitUsage },
  schema: { run: schema, usage: schemaUsage },
  call: { run: call, usage: callUsage },
  callers: { run: callers, usage: callersUsage },
  keys: { run: keys, usage: keysUsage },
  crossings: { run: crossings, usage: crossingsUsage },
  anomalies: { run: anomalies, usage: anomaliesUsage },
  'region-keys': { run: regionKeys, usage: regionKeysUsage },
  'seal-keys': { run: sealKeys, usage: sealKeysUsage },
  verify: { run: verify, usage: verifyUsage },
}

const usage = `jiesuan COMMAND

  audit        since when everything is proved, or prove a person, an institution, a region, a day now
  cases        run rule cases against the rule packs
  split        put one claim through the waterfall and print its trace
  schema       write the JSON schemas that editors use for rule files
  call         send one message of the national interface to a running server
  callers      give out and take back keys to the REST interface
  keys         make and rotate the key file of cards, PINs and signatures
  crossings    what waits for other regions, and to have it looked at now
  anomalies    what is worth a look, and the thresholds that say so
  region-keys  make the key pair that a region signs its messages with
  seal-keys    make the key pair that heads of the journal's log are signed with
  verify       verify an audit export or a receipt offline

jiesuan COMMAND --help tells more.`

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out(usage)
    return name === undefined ? 2 : 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) {
    terminal.error(`jiesuan: there is no command "${name}"\n\n${usage}`)
    return 2
  }
  if (args.includes('--help') || args.includes('-h')) {
    terminal.out(command.usage)
    return 0
  }
  return command.run(args, terminal)
}

process.exitCode = await main(process.argv.slice(2))
