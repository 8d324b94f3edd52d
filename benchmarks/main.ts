import { parseArgs } from 'node:util'
import { run } from './figures/settling.ts'

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
})
await run(values.quick)
