import { say } from '../words/say.ts'

/** An instant by the clock of China, which is the server's: 2026-03-02 09:00:00. */
export function instantText(instant: string): string {
  const at = Date.parse(instant)
  if (Number.isNaN(at)) return instant
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
}

export function Instant({ at }: { readonly at: string | undefined }) {
  return at === undefined ? null : (
    <time class="instant" dateTime={at}>
      {instantText(at)}
    </time>
  )
}

export function span(seconds: number): string {
  const s = Math.max(0, Math.round(seconds))
  if (s < 60) return say(`${s} 秒`, `${s} s`)
  if (s < 3_600)
    return say(`${Math.floor(s / 60)} 分 ${s % 60} 秒`, `${Math.floor(s / 60)} min ${s % 60} s`)
  if (s < 86_400)
    return say(
      `${Math.floor(s / 3_600)} 小时 ${Math.floor((s % 3_600) / 60)} 分`,
      `${Math.floor(s / 3_600)} h ${Math.floor((s % 3_600) / 60)} min`,
    )
  return say(
    `${Math.floor(s / 86_400)} 天 ${Math.floor((s % 86_400) / 3_600)} 小时`,
    `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3_600)} h`,
  )
}

export const secondsBetween = (from: string, until: string): number =>
  (Date.parse(until) - Date.parse(from)) / 1_000
