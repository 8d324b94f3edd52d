/** The phrases in which a field's form is told, and their Chinese; examples and limits stand as they are. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/^to be given with key$/, '按键查询时必填'],
  [/^not to be given with (\w+)$/, '不能与 $1 同时给出'],
  [/^two that differ$/, '两项不同的取值'],
  [/^one or two of (.+), with a comma between them$/, '$1 中的一项或两项，以逗号分隔'],
  [/^to be given$/, '必填'],
  [/^to be given once$/, '只能给出一次'],
  [/^no such field$/, '没有此字段'],
  [/^an object/, '对象'],
  [/^a list/, '列表'],
  [/^a whole number$|^a whole number(?= such)/, '整数'],
  [/^a number of at most (\d+) digits$/, '至多 $1 位的数字'],
  [/^true or false/, 'true 或 false'],
  [/^text in quotes/, '带引号的文本'],
  [/^text in UTF-8$/, 'UTF-8 文本'],
  [/^text without NUL and without half a character$/, '不含 NUL 与不完整字符的文本'],
  [/^text/, '文本'],
  [
    /^an amount in yuan with two decimals, such as (\S+), not negative$/,
    '以元为单位、带两位小数且不为负的金额，例如 $1',
  ],
  [/^an amount in yuan with two decimals$/, '以元为单位、带两位小数的金额'],
  [
    /^a number with at most (\d+) decimals, such as (\S+), not negative$/,
    '至多 $1 位小数且不为负的数，例如 $2',
  ],
  [/^a division of six digits/, '六位行政区划代码'],
  [
    /^1 to (\d+) letters, digits or (.+), not beginning with (.+)$/,
    '1 至 $1 个字母、数字或 $2，不以 $3 开头',
  ],
  [/^1 to (\d+) letters, digits or (.+)$/, '1 至 $1 个字母、数字或 $2'],
  [/^1 to (\d+) printable ASCII characters$/, '1 至 $1 个可打印 ASCII 字符'],
  [/^1 to (\d+) characters and none that cannot be seen$/, '1 至 $1 个可见字符'],
  [/^a whole number from (\d+) to (\d+)$/, '$1 至 $2 的整数'],
  [/^one of /, '以下之一：'],
  [/^one JSON value$/, '一个完整的 JSON 值'],
  [/^no byte order mark$/, '不带字节顺序标记'],
  [/^at most (\d+) levels$/, '至多 $1 层'],
  [/^a month/, '月份'],
  [/^1 to (\d+) letters$/, '1 至 $1 个字母'],
  [/^a day of the calendar/, '真实存在的日期'],
  [/^an instant that has come already$/, '不晚于当前的时刻'],
  [/^an instant/, '时刻'],
  [/^at least /, '至少 '],
  [/^at most /, '至多 '],
  [
    /^the `next` of a page before, of the same list and filters$/,
    '同一列表、同一条件上一页返回的 next',
  ],
  [/^sent without Content-Encoding$/, '未经压缩的内容'],
  [/^application\/json in UTF-8$/, 'UTF-8 编码的 application/json'],
]

/** Says in Chinese what was expected; a phrase that is not known stands as it is. */
export function inChinese(expected: string): string {
  const found = phrases.find(([english]) => english.test(expected))
  return (found ? expected.replace(...found) : expected).replace(' such as ', '，例如 ')
}
