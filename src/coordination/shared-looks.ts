import { setImmediate as turnIsOver } from 'node:timers/promises'
import type { Versions } from './cache.ts'

type ReadVersions = (keys: readonly string[]) => Promise<Versions>

/**
 * Has all callers of one turn of the event loop share one look at the database. The look begins after the last of them has asked, so it
 * shows each of them every commit before its call; a caller that comes later is part of the next look. Answers the keys of all of them.
 */
export function sharedLooks(read: ReadVersions): ReadVersions {
  let coming: { readonly keys: Set<string>; readonly look: Promise<Versions> } | undefined
  const begin = () => {
    const keys = new Set<string>()
    const look = turnIsOver().then(() => {
      coming = undefined
      return read([...keys])
    })
    coming = { keys, look }
    return coming
  }
  return (asked) => {
    const { keys, look } = coming ?? begin()
    for (const key of asked) keys.add(key)
    return look
  }
}
