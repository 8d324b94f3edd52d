import type pg from 'pg'

/** The manifest of an export as it is kept. */
export interface KeptManifest {
  readonly id: string
  readonly name: string
  readonly format: string
  readonly at: string
  readonly caller: string
  readonly rows: number
  readonly bytes: number
  readonly position: string
  readonly canonical: string
  readonly signature: string | undefined
}

/** Manifests of exports (导出清单): written once, when the export had gone out. */
export interface Manifests {
  keep(manifest: KeptManifest): Promise<void>
  find(id: string): Promise<Pick<KeptManifest, 'canonical' | 'signature'> | undefined>
}

const insert = `
  insert into export_manifest (id, name, format, made_at, caller, rows, bytes, position, canonical, signature)
  values ($1, $2, $3, $4, $5, $6, $7, $8, convert_to($9, 'UTF8'), $10)`

export const createManifests = (pool: pg.Pool): Manifests => ({
  async keep({ id, name, format, at, caller, rows, bytes, position, canonical, signature }) {
    const values = [id, name, format, at, caller, rows, bytes, position, canonical, signature]
    await pool.query(insert, values)
  },
  async find(id) {
    const { rows } = await pool.query<{ canonical: string; signature: string | null }>(
      `select convert_from(canonical, 'UTF8') as canonical, signature from export_manifest where id = $1`,
      [id],
    )
    const [found] = rows
    return found && { canonical: found.canonical, signature: found.signature ?? undefined }
  },
})
