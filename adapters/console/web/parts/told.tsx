import type { ComponentChildren } from 'preact'
import type { Told } from '../api/ask.ts'
import type { Asked } from '../api/useAsked.ts'
import { say, sayBoth } from '../words/say.ts'

/** Why there is nothing to show: whoever looks must never take that for nothing being there. */
export function WhyNot({ told }: { readonly told: Exclude<Told<unknown>, { kind: 'ok' }> }) {
  if (told.kind === 'absent')
    return (
      <p class="note" role="status">
        {say(
          '本服务器没有此功能，无数据可显示。',
          'This server does not have it: there is nothing to show.',
        )}
      </p>
    )
  if (told.kind === 'away')
    return (
      <p class="note bad" role="alert">
        {say('服务器没有答复。', 'The server does not answer.')}
      </p>
    )
  const { status, code, message } = told
  return (
    <p class={status === 404 ? 'note' : 'note bad'} role={status === 404 ? 'status' : 'alert'}>
      {sayBoth(message)} <code>{code}</code>
      {status === 401 && <> {say('请在页面上方登录。', 'Sign in at the top of the page.')}</>}
    </p>
  )
}

export const Waiting = () => (
  <p class="waiting" role="status">
    {say('正在查询…', 'Asking…')}
  </p>
)

interface ShownProps<T> {
  readonly asked: Asked<T>
  readonly children: (data: T) => ComponentChildren
}

/** What came of a question, or why nothing did. */
export function Shown<T>({ asked: { told }, children }: ShownProps<T>) {
  if (!told) return <Waiting />
  return told.kind === 'ok' ? <>{children(told.data)}</> : <WhyNot told={told} />
}
