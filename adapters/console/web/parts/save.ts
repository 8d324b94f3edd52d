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

/** What came of saving: what went wrong, if anything did, and the export that it was, if it was one. */
export interface Saved {
  readonly wrong?: string
  readonly exported?: string | undefined
}

/** Saves what a path answers, asked for with the caller's key. */
export async function saveFrom(path: string, name: string): Promise<Saved> {
  try {
    const response = await fetch(path, { headers: withKey() })
    if (response.status === 404)
      return { wrong: say('本服务器没有此功能。', 'This server does not have it.') }
    if (!response.ok)
      return {
        wrong: say(`服务器答复 ${response.status}`, `The server answered ${response.status}`),
      }
    saveBlob(name, await response.blob())
    return { exported: response.headers.get('export-id') ?? undefined }
  } catch {
    return { wrong: say('服务器没有答复。', 'The server does not answer.') }
  }
}
