import { prepareBareSql } from '../bareSql/bareSql.ts'
import { startHost } from '../server.ts'
import { databaseSettings } from '../site.ts'
import { openCity } from '../workload/city.ts'
import { measurePeers, type PeerMeasured, type PeersAsked, peers } from './peers.ts'

/** What a bill of B1 moves once its year's deductible is filled. */
const moved = { paid: 3_935, drawn: 7_565 }
const institutions = 20

interface MeasuredHere {
  readonly measured: readonly PeerMeasured[]
  readonly settings: Readonly<Record<string, string>>
}

/** Every peer that this machine has, on a fresh server with so many people. */
export async function measureHere({
  people,
  ...asked
}: Omit<PeersAsked, 'url' | 'shape'> & { readonly people: number }): Promise<MeasuredHere> {
  const host = await startHost()
  try {
    const { ownerUrl: url } = await host.open()
    await prepareBareSql(url, openCity({ seed: 1, people }))
    const shape = { people, institutions, ...moved }
    const measured = await measurePeers(peers, { ...asked, url, shape })
    return { measured, settings: await databaseSettings(url) }
  } finally {
    await host.end()
  }
}
