const width = 110

/** JSON as people like to read it: short things on one line, the fields of long ones side by side. */
export function writeJson(value: unknown, indent = ''): string {
  const line = oneLine(value)
  const isWhole = typeof value !== 'object' || value === null
  if (isWhole || indent.length + line.length <= width) return line
  const inner = `${indent}  `
  if (Array.isArray(value))
    return `[\n${value.map((one) => inner + writeJson(one, inner)).join(',\n')}\n${indent}]`
  const members = Object.entries(value).map(
    ([name, one]) => `${JSON.stringify(name)}: ${writeJson(one, inner)}`,
  )
  return `{\n${fill(members, inner)}\n${indent}}`
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(
    ([name, one]) => `${JSON.stringify(name)}: ${oneLine(one)}`,
  )
  return `{${members.join(', ')}}`
}

/** As many members in a line as it takes; whatever has lines of its own stands alone. */
function fill(members: readonly string[], indent: string): string {
  const lines: string[] = []
  let open = ''
  for (const [i, member] of members.entries()) {
    const text = i < members.length - 1 ? `${member},` : member
    const joined = open === '' ? indent + text : `${open} ${text}`
    if (open !== '' && (joined.length > width || text.includes('\n'))) {
      lines.push(open)
      open = indent + text
    } else open = joined
    if (text.includes('\n')) {
      lines.push(open)
      open = ''
    }
  }
  return [...lines, ...(open === '' ? [] : [open])].join('\n')
}
