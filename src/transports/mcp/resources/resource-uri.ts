/** What a URI of ours names. `id` is left out where it means the only one, or the current one. */
export interface NamedResource {
  readonly kind: 'context' | 'entry' | 'locks' | 'presence'
  readonly id?: string
}

/** What the URI names, whether or not that exists; undefined for a URI that cannot be ours. */
export function parseResourceUri(uri: string): NamedResource | undefined {
  const [, kind, encodedId] = /^memory:\/\/([a-z]+)(?:\/([^/?#]+))?$/.exec(uri) ?? []
  if (encodedId === undefined)
    return kind === 'context' || kind === 'locks' || kind === 'presence' ? { kind } : undefined
  const id = decoded(encodedId)
  return id !== undefined && (kind === 'context' || kind === 'entry') ? { kind, id } : undefined
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
