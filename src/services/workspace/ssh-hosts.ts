import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { homeFolder } from '../../domain/places/home-folder.ts'

/** A larger file is none that a person keeps by hand. */
const MOST_BYTES = 256 * 1024

/**
 * The same address with the host that the user's own SSH configuration gives its alias, as git goes there; undefined for an address
 * of another kind or without an alias. Patterns, `Match` and `Include` are not followed.
 */
export function withoutSshAlias(address: string): string | undefined {
  const [, start, alias, end] =
    /^((?:(?:git\+)?ssh:\/\/)?(?:[^@/:\\]+@)?)([^/:@\\]{2,})([:/].+)$/.exec(address) ?? []
  if (start === undefined || alias === undefined || end === undefined) return undefined
  // https://host, or a path; in front of the colon of the short form stands no scheme.
  if (!start.includes('ssh://') && (end.startsWith('/') || end.startsWith('://'))) return undefined
  const name = hostNameOf(alias)
  return name === undefined ? undefined : start + name + end
}

function hostNameOf(alias: string): string | undefined {
  let isMeant = false
  for (const line of configLines()) {
    const [, word = '', value = ''] = /^\s*(\w+)(?:\s*=\s*|\s+)(.+?)\s*$/.exec(line) ?? []
    const keyword = word.toLowerCase()
    if (keyword === 'match') isMeant = false
    if (keyword === 'host') isMeant = value.split(/\s+/).map(unquoted).includes(alias)
    if (keyword !== 'hostname' || !isMeant) continue
    const name = unquoted(value).replaceAll('%h', alias)
    return /^[\w.:-]+$/.test(name) ? name : undefined
  }
  return undefined
}

function configLines(): string[] {
  try {
    const path = join(homeFolder(), '.ssh/config')
    const found = statSync(path)
    // A pipe would be waited for.
    return found.isFile() && found.size <= MOST_BYTES ? readFileSync(path, 'utf8').split('\n') : []
  } catch {
    return []
  }
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, '$1')
}
