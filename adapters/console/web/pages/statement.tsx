import type { Person, SettlementDetail } from '../api/types.ts'
import { useAsked } from '../api/useAsked.ts'
import { useInstitutionNames, useRegionNames } from '../api/useNames.ts'
import type { PageProps } from '../pages.ts'
import { Shown } from '../parts/told.tsx'
import { addressOf } from '../router.ts'
import { say } from '../words/say.ts'
import { Form } from './statementForm.tsx'

/** The person's statement (医疗费用结算单): one page of paper, in Chinese whatever the console speaks. */
export function StatementPage({ about }: PageProps) {
  const asked = useAsked<SettlementDetail>(
    about === undefined ? undefined : `/v1/settlements/${encodeURIComponent(about)}`,
  )
  if (about === undefined)
    return (
      <p class="note">
        <a href={addressOf('find')}>{say('请先查找一笔结算。', 'Find a settlement first.')}</a>
      </p>
    )
  return <Shown asked={asked}>{(s) => <Statement of={s} />}</Shown>
}

function Statement({ of: s }: { readonly of: SettlementDetail }) {
  const person = useAsked<Person>(`/v1/people/${encodeURIComponent(s.person)}`)
  const institution = useInstitutionNames([s.institution]).get(s.institution)
  const regions = useRegionNames([s.homeRegion, s.careRegion])
  const known = person.told?.kind === 'ok' ? person.told.data : undefined
  return (
    <>
      <p class="lead unprinted">
        <a class="button" href={addressOf('settlements', s.id)}>
          {say('返回结算', 'Back to the settlement')}
        </a>
        <button type="button" class="main" onClick={() => print()}>
          {say('打印', 'Print')}
        </button>
        <span class="soft">
          {say(
            '一张 A4 纸；姓名与证件号码已脱敏。',
            'One sheet of A4; name and number are masked.',
          )}
        </span>
      </p>
      <div class="scroll" role="group" tabIndex={0} aria-label={say('结算单', 'The statement')}>
        <Form of={s} person={known} institution={institution} regions={regions} />
      </div>
    </>
  )
}
