/** The code tables (代码表) by the field they are named after. Provinces extend every one, so values match by prefix. */
export const codeTables = {
  mdtrt_cert_type: { '01': '医保电子凭证', '02': '居民身份证', '03': '社会保障卡' },
} as const satisfies Record<string, Readonly<Record<string, string>>>

export type CodeTable = keyof typeof codeTables

/** A value of the table, or a longer one that begins with a value of it. */
export const isCode = (table: CodeTable, value: string): boolean =>
  Object.keys(codeTables[table]).some((known) => value.startsWith(known))
