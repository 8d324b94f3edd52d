import { useState } from 'preact/hooks'
import { ask, type Told } from '../api/ask.ts'
import type { Identity } from '../api/auditTypes.ts'
import { Facts } from '../parts/bits.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { WhyNot } from '../parts/told.tsx'
import { say } from '../words/say.ts'

const [fewest, most] = [4, 200]

/** Asks why somebody needs to know who a person is; the reason is recorded with who asked. */
export function Unmask({
  person,
  onClose,
}: {
  readonly person: string
  readonly onClose: () => void
}) {
  const [told, setTold] = useState<Told<Identity>>()
  const unmask = async (reason: string): Promise<void> =>
    setTold(
      await ask<Identity>(`/v1/people/${encodeURIComponent(person)}/identity`, {
        body: { reason },
      }),
    )
  return (
    <Dialog title={say('显示真实身份', 'Unmask a person')} onClose={onClose}>
      {told?.kind === 'ok' ? (
        <Facts
          facts={[
            { name: say('姓名', 'Name'), value: told.data.name },
            { name: say('公民身份号码', 'Citizen number'), value: told.data.citizenNumber },
            ...told.data.cards.map(({ id, number }) => ({
              name: say(`卡 ${id}`, `Card ${id}`),
              value: <code>{number}</code>,
            })),
          ]}
        />
      ) : (
        <Reason told={told} onReason={unmask} />
      )}
    </Dialog>
  )
}

interface ReasonProps {
  readonly told: Exclude<Told<Identity>, { kind: 'ok' }> | undefined
  readonly onReason: (reason: string) => Promise<void>
}

function Reason({ told, onReason }: ReasonProps) {
  const [reason, setReason] = useState('')
  const isEnough = reason.trim().length >= fewest
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isEnough) void onReason(reason.trim())
      }}
    >
      <p>
        {say(
          '真实身份只为明确的工作需要显示。您的原因、身份和时间会被记录，不能删除。',
          'Who a person is is shown for work that needs it. Your reason, who you are and when are recorded, and nobody can remove that.',
        )}
      </p>
      <div class="field wide">
        <label for="reason">
          {say(`原因（${fewest} 至 ${most} 字）`, `Reason (${fewest} to ${most} characters)`)}
        </label>
        <textarea
          id="reason"
          rows={3}
          maxLength={most}
          value={reason}
          onInput={({ currentTarget }) => setReason(currentTarget.value)}
        />
      </div>
      <button type="submit" class="main" disabled={!isEnough}>
        {say('记录并显示', 'Record and show')}
      </button>
      {told && <WhyNot told={told} />}
    </form>
  )
}
