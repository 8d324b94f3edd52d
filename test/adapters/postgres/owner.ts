// A process that owns an embedded server, for tests that kill it: prints what it got and waits.
import { startEmbedded } from '../../../adapters/postgres/embedded.ts'

const [dataDir = '', how = 'wait'] = process.argv.slice(2)
const server = await startEmbedded({ dataDir, log: () => {} })
const { url, pid, port, reused } = server
console.log(JSON.stringify({ url, pid, port, reused }))
if (how === 'stop') await server.stop()
else if (how === 'exit') process.exit(0)
else setInterval(() => {}, 1_000)
