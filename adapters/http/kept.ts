import canonicalize from 'canonicalize'
import type { Json } from '../../engine/dossier.ts'

/** A result in the order in which it is kept, so that a repeat has the same bytes. */
export const asKept = (result: Json): object => JSON.parse(canonicalize(result) as string)
