import { RegionFault, type RegionAsk, type RegionLine } from '../../engine/awayClaim.ts'
import type { Division } from '../../engine/claim.ts'
import type { Heard } from '../../engine/crossing.ts'

/** Nobody waits longer for another region, whatever it has to be asked. */
export const patience_ms = 10_000

/** What another region answers, or which kind of silence came instead. */
export async function hear(
  line: RegionLine,
  to: Division,
  asked: RegionAsk,
  within_ms?: number,
): Promise<Heard> {
  try {
    return await line.ask(to, asked, within_ms)
  } catch (error) {
    if (error instanceof RegionFault) return { kind: error.kind }
    throw error
  }
}
