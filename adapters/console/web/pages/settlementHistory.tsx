import type { HistoryEvent } from '../api/auditTypes.ts'
import type { SettlementDetail } from '../api/types.ts'
import { useAsked } from '../api/useAsked.ts'
import { Timeline } from '../parts/timeline.tsx'
import { Waiting, WhyNot } from '../parts/told.tsx'
import { eventName, rowKindName } from '../words/domain.ts'
import { say, sayBoth } from '../words/say.ts'

/** Everything that is kept of what happened to a settlement (经过); a server without it still has the rows of the chain. */
export function History({ of: s }: { readonly of: SettlementDetail }) {
  const { told } = useAsked<{ readonly items: readonly HistoryEvent[] }>(
    `/v1/settlements/${encodeURIComponent(s.id)}/history`,
  )
  if (!told) return <Waiting />
  if (told.kind === 'ok')
    return (
      <Timeline
        events={told.data.items.map(({ at, event, row, institution, detail }) => ({
          at,
          title: eventName(event),
          look: event,
          text: sayBoth(detail),
          codes: [row, institution],
        }))}
      />
    )
  return (
    <>
      <Timeline
        events={s.rows.map(({ id, kind, postedAt, undoes }) => ({
          at: postedAt,
          title: rowKindName(kind),
          look: kind,
          text: undoes === undefined ? '' : say(`冲销 ${undoes}`, `undoes ${undoes}`),
          codes: [id],
        }))}
      />
      <WhyNot told={told} />
      <p class="soft">{say('以上仅为账上的各行。', 'These are the rows of the books alone.')}</p>
    </>
  )
}
