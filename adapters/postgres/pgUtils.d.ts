/** How pg writes a value for the server: a part of it that its types leave out. */
declare module 'pg/lib/utils.js' {
  export function prepareValue(value: unknown): Buffer | string | null
}
