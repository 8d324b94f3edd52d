import { Door, type Sent } from './openModel.ts'
import type { Chart, Point } from './report/chart.ts'
import type { Site } from './site.ts'
import { settledIn } from './uploader.ts'

const sizes = [1, 10, 100, 1_000]
/** Hospitals that upload at once, each one batch after the other. */
const hospitals = [1, 4]

/** How many claims a second are settled by uploads of so many at a time. */
export async function throughputOverSize(
  site: Site,
  seconds: number,
  say: (line: string) => void,
): Promise<Chart> {
  const series = []
  for (const count of hospitals) {
    const line: Point[] = []
    for (const size of sizes) {
      const perSecond = await uploads(site, { size, hospitals: count, seconds })
      say(`${count} at once, uploads of ${size}: ${perSecond.toFixed(0)} claims a second`)
      line.push([size, perSecond])
    }
    series.push({ name: `${count} at once`, line })
  }
  return {
    name: 'batches',
    title: 'Claims settled a second over the size of uploads',
    x: { label: 'claims of an upload', scale: 'log' },
    y: { label: 'claims a second', scale: 'linear' },
    series,
  }
}

async function uploads(
  site: Site,
  asked: { readonly size: number; readonly hospitals: number; readonly seconds: number },
): Promise<number> {
  const door = new Door(site.served.url)
  const begun = performance.now()
  const passed = (): number => (performance.now() - begun) / 1000
  let settled = 0
  await Promise.all(
    Array.from({ length: asked.hospitals }, async () => {
      // An upload that is under way is let end, and counts with the time that it took.
      while (passed() < asked.seconds) {
        const { text } = await door.send(uploadOf(site.claims(asked.size)))
        settled += settledIn(text)
      }
    }),
  )
  door.close()
  site.note(settled)
  return settled / passed()
}

/** The same claims as one by one, a line each, with their keys in them. */
const uploadOf = (claims: readonly Sent[]): Sent => ({
  path: '/v1/settlements/batch',
  type: 'application/x-ndjson',
  body: claims
    .map(({ key, body }) => `${JSON.stringify({ key, ...(JSON.parse(body) as object) })}\n`)
    .join(''),
})
