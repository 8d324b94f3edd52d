import type pg from 'pg'

/** A threshold (阈值) of anomalies, and since when it holds where: `*` is everywhere that has none of its own. */
export interface Threshold {
  readonly name: string
  readonly region: string
  readonly from: string
  /** As decimal text. */
  readonly value: string
  readonly unit: string
  readonly source: string
}

export interface StoredThreshold extends Omit<Threshold, 'from'> {
  readonly from_day: string
}

/** Those that hold on the last day that the books know, of each region that has its own. */
export const readThresholds = `
  select distinct on (name, region) name, region, from_day::text as from_day, value::text as value, unit, source
  from anomaly_threshold
  where from_day <= coalesce(anomaly_today(), current_date)
  order by name, region, from_day desc, version desc`

export const thresholdOf = ({ from_day: from, ...rest }: StoredThreshold): Threshold => ({
  ...rest,
  from,
})

/** Every row there is, in the order in which they count. */
export async function thresholdHistory(pool: Pick<pg.Pool, 'query'>): Promise<Threshold[]> {
  const { rows } = await pool.query<StoredThreshold>(
    `select name, region, from_day::text as from_day, value::text as value, unit, source
     from anomaly_threshold order by name, region, from_day, version`,
  )
  return rows.map(thresholdOf)
}

interface NewThreshold extends Pick<Threshold, 'name' | 'region' | 'value' | 'source'> {
  /** Default the last day that the books know. */
  readonly from?: string | undefined
}

/**
 * Sets a threshold from a day on. Nothing is changed: a new row takes the place of those of the same day, and the unit is that of
 * the rows before. Undefined where no view knows the name.
 */
export async function setThreshold(
  pool: Pick<pg.Pool, 'query'>,
  { name, region, from, value, source }: NewThreshold,
): Promise<Threshold | undefined> {
  const { rows } = await pool.query<StoredThreshold>(
    `insert into anomaly_threshold (name, region, from_day, version, value, unit, source)
     select $1, $2, d.day, 1 + coalesce(max(t.version) filter (where t.region = $2 and t.from_day = d.day), 0),
            $4::numeric, min(t.unit), $5
     from anomaly_threshold t, (select coalesce($3::date, anomaly_today(), current_date) as day) d
     where t.name = $1 group by d.day
     returning name, region, from_day::text as from_day, value::text as value, unit, source`,
    [name, region, from ?? null, value, source],
  )
  return rows[0] && thresholdOf(rows[0])
}
