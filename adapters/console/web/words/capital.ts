const digits = '零壹贰叁肆伍陆柒捌玖'
const places = ['', '拾', '佰', '仟']
const groups = ['', '万', '亿', '万亿']

/** An amount in capital numerals (人民币大写), as statements carry it so that nobody changes a digit. */
export function capital(yuan: string): string {
  const [whole = '0', cents = '00'] = yuan.replace('-', '').split('.')
  const sign = yuan.startsWith('-') ? '负' : ''
  const jiao = Number(cents[0] ?? '0')
  const fen = Number(cents[1] ?? '0')
  const large = wholeText(whole.replace(/^0+(?=\d)/, ''))
  const head = large === '' ? '' : `${large}元`
  if (jiao === 0 && fen === 0) return `${sign}${head === '' ? '零元' : head}整`
  const tenths = jiao > 0 ? `${digits[jiao]}角` : head === '' ? '' : '零'
  return `${sign}${head}${tenths}${fen > 0 ? `${digits[fen]}分` : '整'}`
}

function wholeText(whole: string): string {
  if (/^0*$/.test(whole)) return ''
  const fours: string[] = []
  for (let end = whole.length; end > 0; end -= 4)
    fours.unshift(whole.slice(Math.max(0, end - 4), end))
  let text = ''
  let owesZero = false
  fours.forEach((four, i) => {
    const value = Number(four)
    if (value === 0) {
      owesZero = text !== ''
      return
    }
    if (text !== '' && (owesZero || value < 1_000)) text += '零'
    owesZero = false
    text += fourText(four) + (groups[fours.length - 1 - i] ?? '')
  })
  return text
}

/** Up to four digits: a zero between others is said once, one at the end is not. */
function fourText(four: string): string {
  let text = ''
  let owesZero = false
  for (const [i, digit] of four.split('').entries()) {
    if (digit === '0') {
      owesZero = text !== ''
      continue
    }
    if (owesZero) text += '零'
    owesZero = false
    text += `${digits[Number(digit)]}${places[four.length - 1 - i]}`
  }
  return text
}
