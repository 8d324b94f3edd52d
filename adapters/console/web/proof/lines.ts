/** The lines of a file as they are read, so that no file is too large; and how much of it was. */
export async function* linesOf(
  file: Blob,
  onBytes: (bytes: number) => void,
): AsyncGenerator<string> {
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader()
  let [rest, bytes] = ['', 0]
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    bytes += value.length
    onBytes(bytes)
    const lines = (rest + value).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
