import { leafHash } from '../../engine/seal/hash.ts'
import type { AuditFinding } from './auditPosting.ts'
import type { Client } from './postedRows.ts'
import { SealWalk, type SealWalking } from './sealWalk.ts'
import { entriesAfter } from './sql/seal.ts'

interface EntryRow {
  readonly position: bigint
  readonly canonical: Buffer
}

/** Walks the access log from its first entry on: each stands where it was sealed, as it was. */
export class AccessWalk {
  readonly #walking: Omit<SealWalking, 'log'>
  readonly #seal: SealWalk
  #position = 0n

  constructor(walking: Omit<SealWalking, 'log'>) {
    this.#walking = walking
    this.#seal = new SealWalk({ ...walking, log: 'access' })
  }

  get position(): bigint {
    return this.#position
  }

  async step(client: Client, until: bigint): Promise<AuditFinding[]> {
    const after = this.#position
    const { rows } = await client.query<EntryRow>(entriesAfter, [after, until - after])
    const there = rows.filter(({ position }) => position <= until)
    const { digest } = this.#walking
    const leaves = new Map(
      there.map(({ position, canonical }) => [
        position,
        { leaf: leafHash(digest, canonical), name: 'of the access log' },
      ]),
    )
    const found: AuditFinding[] = []
    for (let position = after + 1n; position <= until; position++)
      if (!leaves.has(position))
        found.push({
          check: 'seal_access_log',
          subject: `entry ${position}`,
          problem: 'was removed',
        })
    found.push(...(await this.#seal.prove(client, leaves, after, until)))
    this.#position = until
    return found
  }
}
