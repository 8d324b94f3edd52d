import type { ComponentChildren } from 'preact'
import { useInstitutionNames } from '../api/useNames.ts'
import { addressOf, type Query } from '../router.ts'
import { accountName } from '../words/account.ts'

export const SettlementLink = ({ id, children }: { id: string; children?: ComponentChildren }) => (
  <a class="id" href={addressOf('settlements', id)}>
    {children ?? id}
  </a>
)

export const PersonLink = ({ id }: { readonly id: string }) => (
  <a class="id" href={addressOf('people', id)}>
    {id}
  </a>
)

export const CardLink = ({ id }: { readonly id: string }) => (
  <a class="id" href={addressOf('cards', id)}>
    {id}
  </a>
)

/** Everything that an institution settled: what it is called, and its code. */
export function InstitutionLink({ id, query = {} }: { id: string; query?: Query }) {
  const name = useInstitutionNames([id]).get(id)
  const href = addressOf('find', undefined, { ...query, institution: id })
  if (name === undefined)
    return (
      <a class="id" href={href}>
        {id}
      </a>
    )
  return (
    <a class="account" href={href} title={id}>
      <span>{name}</span> <code>{id}</code>
    </a>
  )
}

/** A ledger account: what it is called, and its id. */
export function AccountLink({ id }: { readonly id: string }) {
  const name = accountName(id)
  return (
    <a class="account" href={addressOf('books', id)}>
      {name !== '' && <span>{name}</span>} <code>{id}</code>
    </a>
  )
}
