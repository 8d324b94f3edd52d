import { Type } from 'typebox'
import { roles } from '../../engine/role.ts'
import type { App } from './app.ts'
import { type Caller, nameOf } from './caller.ts'
import { rights } from './rights.ts'
import { Closed, Institution, problems } from './words.ts'

const MeAnswer = Closed({
  kind: Type.Enum(['staff', 'institution', 'person', 'anonymous'], {
    description: '`anonymous`: without a key on a server that needs none, which may everything',
  }),
  role: Type.Enum([...roles, 'person', 'anonymous'], { description: '角色' }),
  name: Type.String({ description: 'What the caller is called' }),
  institution: Type.Optional(Institution),
  operators: Type.Optional(
    Type.Array(Type.String(), { description: 'In whose names alone it acts (经办人)' }),
  ),
  may: Type.Array(Type.String({ examples: ['GET /v1/people/{id}'] }), {
    description: 'Every method and path that this role may',
  }),
})

/** Who the caller is and what they may (当前调用方). */
export function serveMe(app: App): void {
  app.get(
    '/v1/me',
    {
      schema: {
        tags: ['operation'],
        summary: 'Whose key this is, and what its role may (当前调用方)',
        response: { 200: MeAnswer, ...problems([500, 503]) },
      },
    },
    async ({ caller }) => ({
      kind: caller.kind,
      role: roleOf(caller),
      name:
        caller.kind === 'staff' || caller.kind === 'institution'
          ? caller.name
          : nameOf(caller).caller,
      ...(caller.kind === 'institution' && { institution: caller.institution }),
      ...(caller.kind === 'staff' && caller.operators && { operators: [...caller.operators] }),
      may: mayOf(roleOf(caller)),
    }),
  )
}

type WhoAsks = (typeof roles)[number] | 'person' | 'anonymous'

const roleOf = (caller: Caller): WhoAsks =>
  caller.kind === 'staff' || caller.kind === 'institution' ? caller.role : caller.kind

const mayOf = (role: WhoAsks): string[] =>
  Object.entries(rights)
    .filter(([, { may }]) => role === 'anonymous' || may.includes(role))
    .map(([route]) => route.replace(/:(\w+)/g, '{$1}'))
    .sort()
