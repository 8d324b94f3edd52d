import type { Json } from '../../engine/dossier.ts'
import type { Outcome } from '../../engine/outcome.ts'
import { asKept } from './kept.ts'
import type { Desk } from './needs.ts'
import { type Told, tell } from './outcome.ts'
import { keyOf } from './settlements.ts'

/** What an ask that only entered something is told: its own result, the same to every repeat. */
export const tellEntered = (outcome: Outcome, write: (result: Json) => object = asKept): Told =>
  outcome.kind === 'entered'
    ? { status: 201, body: write(outcome.result ?? {}), replayed: outcome.replayed }
    : tell(outcome)

/** A body with a PIN block, as it is kept: the block is known again, and nobody can take it from the books. */
export const withoutBlock = (
  desk: Pick<Desk, 'fingerprint'>,
  body: { readonly pin?: { readonly block: string } | undefined },
): object =>
  body.pin ? { ...body, pin: { ...body.pin, block: desk.fingerprint(body.pin.block) } } : body

/**
 * The answer that stands under a key already, if there is one: what proves a request is used up by it, so that a repeat
 * has nothing to show and needs nothing.
 */
export async function replayed(
  desk: Desk,
  { institution, key, input }: { institution: string; key: string; input: object },
): Promise<Outcome | undefined> {
  if (!(await desk.answered(institution, key))) return undefined
  const outcome = await desk.submit({
    kind: 'enter',
    key: keyOf(desk, institution, key, input),
    institution,
    owner: '',
    subjects: [],
    enter: () => ({ entries: [] }),
  })
  return outcome
}
