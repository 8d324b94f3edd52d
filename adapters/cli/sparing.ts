/** Passes on the first of many like words at once, then one in so many milliseconds, with the number left out. */
export function sparing<T>(
  every_ms: number,
  tell: (word: T, leftOut: number) => void,
  now: () => number = () => performance.now(),
): (word: T) => void {
  let told = -Infinity
  let leftOut = 0
  return (word) => {
    if (now() - told < every_ms) {
      leftOut += 1
      return
    }
    tell(word, leftOut)
    told = now()
    leftOut = 0
  }
}
