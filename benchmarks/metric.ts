/** What all processes of a server have counted of something so far. */
export async function readMetric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^jiesuan_${name} ([\\d.e+-]+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
}
