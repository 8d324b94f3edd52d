import { say } from '../words/say.ts'
import { withKey } from '../api/ask.ts'

/** Lets the browser save something under a name. */
export function saveBlob(name: string, blob: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

export const saveText = (name: string, text: string): void =>
  saveBlob(name, new Blob([text], { type: 'application/json' }))

/** Saves what a path answers, asked for with the caller's key; tells what went wrong, if anything did. */
export async function saveFrom(path: string, name: string): Promise<string | undefined> {
  try {
    const response = await fetch(path, { headers: withKey() })
    if (response.status === 404) return say('本服务器没有此功能。', 'This server does not have it.')
    if (!response.ok)
      return say(`服务器答复 ${response.status}`, `The server answered ${response.status}`)
    saveBlob(name, await response.blob())
    return undefined
  } catch {
    return say('服务器没有答复。', 'The server does not answer.')
  }
}
