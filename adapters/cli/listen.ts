import { type Config, ConfigError } from '../config.ts'
import type { App } from '../http/app.ts'
import type { Place } from './place.ts'

/** What is logged once everybody may come. */
export const listeningOn = (url: string): string => `listening on ${url}`

/** Opens the door; gives the address it is at. */
export async function listen(app: App, config: Config, { common }: Place): Promise<string> {
  const { host } = config
  const port = common ? await common.port() : config.port
  const shown = host.includes(':') ? `[${host}]` : host
  const urlOf = (address: string) => `http://${shown}:${new URL(address).port || '80'}`
  // Of several processes the one that started them says when all of them are there.
  const listenTextResolver = (address: string) =>
    common ? `serving ${urlOf(address)}` : listeningOn(urlOf(address))
  try {
    return urlOf(await app.listen({ host, port, listenTextResolver }))
  } catch (error) {
    throw closedDoor(error, config)
  }
}

/** What the operator can do where the system does not let us listen. */
function closedDoor(error: unknown, { host, port }: Config): unknown {
  const { code } = error as { code?: string }
  switch (code) {
    case 'EADDRINUSE':
      return new ConfigError(
        `PORT is ${port}, which another program has on ${host}. Stop that one, or set PORT to another; 0 takes any free one.`,
      )
    case 'EACCES':
      return new ConfigError(
        `PORT is ${port}, where this user may not listen. Set PORT to one from 1024 on.`,
      )
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConfigError(
        `HOST is ${host}, a name that nobody here knows (${code}). Set it to an address of this machine such as 127.0.0.1.`,
      )
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
      return new ConfigError(
        `HOST is ${host}, which is no address of this machine (${code}). Set it to one, such as 127.0.0.1.`,
      )
    default:
      return error
  }
}
