/** Whose is a credential that ended for nobody. */
export const ownersOfCredentials = `
  select distinct owner_id from credential where number_hash = any ($1::bytea[]) and ended_at is null`

export const settlementOfRow = 'select settlement_id from settlement where id = $1 limit 1'

/** Institutions by a part of their names, the one with that very code first: a small table, which is read whole. */
export const institutionsCalled = `
  select code, document ->> 'name' as name, document ->> 'division' as division from institution
  where code > $2 and (code = $1 or position(lower($1) in lower(document ->> 'name')) > 0)
  order by code limit $3`

const listed = `
  select code, document ->> 'name' as name, document ->> 'type' as type, document ->> 'level' as level,
         document ->> 'division' as division
  from institution`

export const institutionsOf = `${listed} where code = any ($1::text[]) and code > $2 order by code limit $3`

export const institutionsAfter = `${listed} where code > $1 order by code limit $2`

export interface CalledInstitution {
  readonly code: string
  readonly name: string
  readonly division: string
}

/** Everybody who may have chosen a key: institutions, and the desks, agencies and regions of divisions. */
export const askers = `
  select code from institution
  union all
  select kind || division from region, (values ('agency:'), ('desk:'), ('region:')) as k (kind)`

/** What stands under some keys, and the settlement that was touched. */
export const requestsUnder = `
  select r.key_hash, r.owner_id, a.kind, a.code, s.settlement_id, s.treated_on
  from request r
  left join lateral (
    select kind, code, posting_id from answer where owner_id = r.owner_id and key_hash = r.key_hash limit 1
  ) a on true
  left join lateral (
    select settlement_id, treated_on from settlement where owner_id = r.owner_id and id = a.posting_id limit 1
  ) s on true
  where r.key_hash = any ($1::bytea[])`

export interface RequestUnder {
  readonly key_hash: Buffer
  readonly owner_id: string
  readonly kind: string | null
  readonly code: string | null
  readonly settlement_id: string | null
  readonly treated_on: string | null
}

export const peopleCalled = (form: 'family' | 'whole'): string => `
  select owner_id from person where ${nameColumn(form)} = $1 and owner_id > $2 order by owner_id limit $3`

/** How many have such a name, up to a number above which it does not matter. */
export const namesakes = (form: 'family' | 'whole'): string => `
  select count(*)::int as all from (select from person where ${nameColumn(form)} = $1 limit $2) p`

/** The settlements of a day of everybody with such a name: asked only where they are few. */
export const settlementsOfNamesakes = (form: 'family' | 'whole'): string => `
  select s.settlement_id
  from person p
  join settlement s on s.owner_id = p.owner_id and s.sequence = 1
    and (s.treated_on - date '2000-01-01') = ($2::date - date '2000-01-01')
  where p.${nameColumn(form)} = $1 and ($3::text is null or s.settlement_id < $3)
  order by s.settlement_id desc limit $4`

const nameColumn = (form: 'family' | 'whole'): string =>
  form === 'family' ? 'family_hash' : 'name_hash'

export const namedPeople =
  'select owner_id, region, identity from person where owner_id = any ($1::text[])'

export interface NamedRow {
  readonly owner_id: string
  readonly region: string
  readonly identity: Buffer
}
