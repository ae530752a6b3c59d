/** Two tags are one where this is the same: case does not count, nor the form that Unicode writes a letter in. */
export function tagKey(tag: string): string {
  return tag.normalize('NFC').toLowerCase()
}

/** Each tag once, as it was first written. */
export function distinctTags(tags: readonly string[]): string[] {
  const first = new Map<string, string>()
  for (const tag of tags) if (!first.has(tagKey(tag))) first.set(tagKey(tag), tag)
  return [...first.values()]
}

/** Whether one of the wanted tags is among them. */
export function hasTag(tags: readonly string[], wanted: readonly string[]): boolean {
  const keys = new Set(wanted.map(tagKey))
  return tags.some((tag) => keys.has(tagKey(tag)))
}
