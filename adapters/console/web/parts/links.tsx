import type { ComponentChildren } from 'preact'
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

/** Everything that an institution settled. */
export const InstitutionLink = ({ id, query = {} }: { id: string; query?: Query }) => (
  <a class="id" href={addressOf('find', undefined, { ...query, institution: id })}>
    {id}
  </a>
)

/** A ledger account: what it is called, and its id. */
export function AccountLink({ id }: { readonly id: string }) {
  const name = accountName(id)
  return (
    <a class="account" href={addressOf('books', id)}>
      {name !== '' && <span>{name}</span>} <code>{id}</code>
    </a>
  )
}
