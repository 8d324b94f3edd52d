import type { Ran } from '../arm/step.ts'
import { median } from '../statistics.ts'
import { runBareSql } from '../bareSql/bareSql.ts'
import { cala } from './cala.ts'
import type { Peer, Setting, Shape } from './peer.ts'
import { simpleLedger } from './simpleLedger.ts'

export const peers: readonly Peer[] = [simpleLedger, cala]

export interface PeersAsked {
  /** The server's owner; the bare arm is prepared there. */
  readonly url: string
  readonly shape: Shape
  readonly seconds: number
  readonly clients: number
  readonly rounds: number
  readonly say: (line: string) => void
}

/** A way of running a peer, or the bare arm, with what came of it in each round. */
export interface PeerMeasured {
  readonly name: string
  readonly about: string
  readonly setting: string
  readonly rounds: readonly Ran[]
  /** Requests a second, of the rounds' the one in the middle, and by how much of the bare arm's. */
  readonly perSecond: number
  readonly ofBareSql: number
  readonly wrong: readonly object[]
}

interface Arm {
  readonly name: string
  readonly about: string
  readonly setting: string
  readonly run: () => Promise<Ran>
  readonly peer?: Peer
  readonly rounds: Ran[]
}

/** Runs what this machine has, in turns with the bare arm: nothing is told of a peer that did not run. */
export async function measurePeers(
  from: readonly Peer[],
  asked: PeersAsked,
): Promise<PeerMeasured[]> {
  const { url, shape, rounds, say } = asked
  const here = from.filter((peer) => {
    const why = peer.missing()
    if (why !== undefined) say(why)
    return why === undefined
  })
  for (const peer of here) {
    say(`preparing ${peer.name}`)
    await peer.prepare(url, shape)
  }
  const arms = [
    bareArm(asked),
    ...here.flatMap((peer) => peer.settings.map((one) => armOf(peer, one, asked))),
  ]
  for (let round = 1; round <= rounds; round++)
    for (const arm of arms) {
      const ran = await arm.run()
      arm.rounds.push(ran)
      say(
        `round ${round}: ${arm.name}, ${arm.setting}: ${ran.perSecond.toFixed(0)} a second, p99 ${ran.p99_ms.toFixed(1)} ms`,
      )
    }
  const bare = middle(arms[0] as Arm)
  const measured: PeerMeasured[] = []
  for (const { run: _run, peer, ...arm } of arms) {
    const perSecond = middle(arm)
    const wrong = (await peer?.wrong(url)) ?? []
    measured.push({ ...arm, perSecond, ofBareSql: perSecond / bare, wrong })
  }
  for (const peer of here) await peer.drop(url)
  return measured
}

const middle = ({ rounds }: Pick<Arm, 'rounds'>): number =>
  median(rounds.map(({ perSecond }) => perSecond))

const bareArm = ({ url, seconds, clients }: PeersAsked): Arm => ({
  name: 'bare SQL',
  about: 'all that a settlement writes and not its postings alone: what B1 is held against',
  setting: 'synchronous_commit on',
  run: async () => runBareSql({ url, seconds, clients }),
  rounds: [],
})

const armOf = (
  peer: Peer,
  setting: Setting,
  { url, shape, seconds, clients }: PeersAsked,
): Arm => ({
  name: peer.name,
  about: peer.about,
  setting: `${setting.name} (${setting.says})`,
  run: async () => peer.run({ url, shape, setting, seconds, clients }),
  peer,
  rounds: [],
})
