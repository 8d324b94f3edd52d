import { useState } from 'preact/hooks'
import type { Me } from '../api/auditTypes.ts'
import { callerKey } from '../api/ask.ts'
import { useAsked } from '../api/useAsked.ts'
import { roleName } from '../words/domain.ts'
import { say } from '../words/say.ts'
import { Dialog } from './dialog.tsx'

/** Who asks, as the server knows them, and where they say so. */
export function WhoAmI({ onKey }: { readonly onKey: (key: string | undefined) => void }) {
  const { told } = useAsked<Me>('/v1/me')
  const [open, setOpen] = useState(false)
  const hasKey = callerKey() !== undefined
  const me = told?.kind === 'ok' ? told.data : undefined
  const isRefused = told?.kind === 'problem' && told.status === 401
  const name =
    me && me.kind !== 'anonymous'
      ? [me.name, me.role === undefined ? undefined : roleName(me.role)].filter(Boolean).join(' · ')
      : undefined
  return (
    <div class="who">
      {name !== undefined && <span class="me">{name}</span>}
      {isRefused && hasKey && (
        <span class="bad" role="alert">
          {say('密钥无效', 'The key is not known')}
        </span>
      )}
      {hasKey ? (
        <button type="button" class="quiet" onClick={() => onKey(undefined)}>
          {say('退出', 'Sign out')}
        </button>
      ) : (
        <button type="button" class={isRefused ? 'main' : 'quiet'} onClick={() => setOpen(true)}>
          {say('登录', 'Sign in')}
        </button>
      )}
      {open && <SignIn onKey={onKey} onClose={() => setOpen(false)} />}
    </div>
  )
}

interface SignInProps {
  readonly onKey: (key: string) => void
  readonly onClose: () => void
}

function SignIn({ onKey, onClose }: SignInProps) {
  const [key, setKey] = useState('')
  return (
    <Dialog title={say('登录', 'Sign in')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (key.trim() !== '') onKey(key.trim())
        }}
      >
        <p>
          {say(
            '输入管理员发给您的密钥。密钥只保存在本标签页，关闭即失效。',
            'Enter the key that your operator gave you. It is kept in this tab alone, and gone with it.',
          )}
        </p>
        <div class="field wide">
          <label for="caller-key">{say('密钥', 'Key')}</label>
          <input
            id="caller-key"
            type="password"
            value={key}
            autocomplete="off"
            onInput={({ currentTarget }) => setKey(currentTarget.value)}
          />
        </div>
        <button type="submit" class="main">
          {say('登录', 'Sign in')}
        </button>
      </form>
    </Dialog>
  )
}
