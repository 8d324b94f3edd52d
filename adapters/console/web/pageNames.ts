/** The pages of the console by the first part of their paths below /console/; the first is where one arrives. */
export const pageNames = [
  'today',
  'money',
  'find',
  'settlements',
  'statement',
  'people',
  'cards',
  'books',
  'rules',
  'proofs',
  'anomalies',
  'access',
] as const
export type PageName = (typeof pageNames)[number]

/** What the address of a page begins with. */
export const consoleBase = '/console/'
