/** Who may be given a key to the REST interface (角色): what each may do stands in adapters/http/rights.ts. */
export const roles = ['auditor', 'desk', 'policy-author', 'operator', 'institution'] as const

/**
 * A role (角色): auditor 审计, desk 经办, policy-author 政策维护, operator 运维, institution 定点医药机构. The first four are of the
 * centre's own people and systems; the last one sees its own rows only.
 */
export type Role = (typeof roles)[number]

/** A caller with a key (调用方): its id names it in the access log, and is no secret. */
export type KnownCaller =
  | {
      readonly kind: 'staff'
      readonly id: string
      readonly name: string
      readonly role: Exclude<Role, 'institution'>
      /** In whose name alone it may act (经办人): of a key that one person holds, that person. Left out: it vouches for any name. */
      readonly operators?: readonly string[] | undefined
    }
  | {
      readonly kind: 'institution'
      readonly id: string
      readonly name: string
      readonly role: 'institution'
      /** Whose rows it sees (定点医药机构编号). */
      readonly institution: string
    }
