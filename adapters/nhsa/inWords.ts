const digits = '零壹贰叁肆伍陆柒捌玖'
const places = ['', '拾', '佰', '仟']
const groups = ['', '万', '亿', '兆']

/** An amount in words (大写金额), as printed statements give it: 1378.15 is 壹仟叁佰柒拾捌元壹角伍分. */
export function inWords(fen: bigint): string {
  if (fen < 0n) return `负${inWords(-fen)}`
  const yuan = fen / 100n
  const jiao = Number((fen / 10n) % 10n)
  const rest = Number(fen % 10n)
  const whole = yuan === 0n ? '' : `${wordsOf(yuan)}元`
  if (jiao === 0 && rest === 0) return `${whole || '零元'}整`
  const tenth = jiao === 0 ? whole && '零' : `${digits[jiao]}角`
  return rest === 0 ? `${whole}${tenth}整` : `${whole}${tenth}${digits[rest]}分`
}

/** Groups of four digits; a zero is said once between digits, and never at the end of a group. */
function wordsOf(yuan: bigint): string {
  const text = String(yuan)
  let words = ''
  let zero = false
  for (const [i, digit] of Array.from(text).entries()) {
    const place = text.length - 1 - i
    if (digit === '0') zero = true
    else {
      words += `${zero && words ? '零' : ''}${digits[Number(digit)]}${places[place % 4]}`
      zero = false
    }
    if (place % 4 === 0 && /[1-9]/.test(text.slice(Math.max(0, i - 3), i + 1)))
      words += groups[place / 4]
  }
  return words
}
