import { createHash } from 'node:crypto'
import type pg from 'pg'

/** An export of one day as it went out. */
interface Exported {
  readonly rows: number
  readonly took_ms: number
  /** What its manifest says otherwise than what came. */
  readonly wrong: readonly string[]
}

/** The formats that are measured: the lightest and the heaviest. */
export const measuredFormats = ['csv', 'xlsx'] as const

/** Takes an export of a day's settlements to its end, and holds it against its manifest and against the books. */
export async function exportDay(
  pool: pg.Pool,
  url: string,
  { format, day }: { readonly format: string; readonly day: string },
): Promise<Exported> {
  const begun = performance.now()
  const reply = await fetch(
    new URL(`/v1/exports/settlements?format=${format}&from=${day}&until=${day}`, url),
  )
  if (reply.status !== 200 || !reply.body)
    throw new Error(`an export is answered with ${reply.status}: ${await reply.text()}`)
  const hash = createHash('sm3')
  let bytes = 0
  for await (const chunk of reply.body) {
    hash.update(chunk)
    bytes += chunk.length
  }
  const took_ms = performance.now() - begun
  const id = reply.headers.get('export-id') ?? ''
  const manifest = (await (
    await fetch(new URL(`/v1/exports/${id}/manifest`, url))
  ).json()) as Manifest
  const { rows } = await pool.query<{ n: number; fen: string }>(
    `select count(*)::int as n, coalesce(sum(total_fen), 0)::text as fen
     from settlement where sequence = 1 and treated_on = $1::date`,
    [day],
  )
  const expected = {
    rows: rows[0]?.n,
    total: rows[0]?.fen,
    bytes,
    sm3: hash.digest('hex'),
  }
  const told = {
    ...manifest,
    total: manifest.sums['total']?.replace('.', '').replace(/^0+(?=\d)/, ''),
  }
  const wrong = Object.entries(expected).flatMap(([name, value]) =>
    told[name as keyof typeof expected] === value
      ? []
      : [
          `export of ${day} as ${format}: ${name} told ${told[name as keyof typeof expected]}, computed ${value}`,
        ],
  )
  return { rows: manifest.rows, took_ms, wrong }
}

interface Manifest {
  readonly rows: number
  readonly bytes: number
  readonly sm3: string
  readonly sums: Readonly<Record<string, string>>
}
