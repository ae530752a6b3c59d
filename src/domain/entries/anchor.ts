/** A file that an entry speaks of, and what Git calls its content: path@blob. */
export interface Anchor {
  readonly path: string
  /** The hash of its blob, in hexadecimal; undefined where it was not given. */
  readonly blob: string | undefined
}

const WITH_BLOB = /^(.+)@([0-9a-f]{40}|[0-9a-f]{64})$/is

export function readAnchor(text: string): Anchor {
  const [, path = text, blob] = WITH_BLOB.exec(text) ?? []
  return { path, blob: blob?.toLowerCase() }
}

export function anchorText({ path, blob }: Anchor): string {
  return blob === undefined ? path : `${path}@${blob}`
}
