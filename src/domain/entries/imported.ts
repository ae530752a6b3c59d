import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson } from '../text/canonical-json.ts'

/** What another program's file is taken for. */
export const FOREIGN_FORMATS = ['server-memory', 'markdown'] as const
export type ForeignFormat = (typeof FOREIGN_FORMATS)[number]

/** What an entry is known by when its file is read again. */
export interface Origin {
  readonly from: ForeignFormat
  readonly file: string
  /** The headings that lead there, or the name of an entity; empty for what stands before the first. */
  readonly heading: string
}

const imported = z.object({
  from: z.enum(FOREIGN_FORMATS),
  file: z.string(),
  heading: z.string(),
  /** Of what the file said, and of the words that were made of it. */
  digest: z.string(),
  words: z.string(),
})
/** What an entry's metadata keeps of its import. */
export type Imported = z.infer<typeof imported>

export function importedOf({ metadata }: { readonly metadata: Readonly<Record<string, unknown>> }) {
  return imported.safeParse(metadata['imported']).data
}

/** Knows the place in a file again, and says none of its words. */
export function digestOfOrigin({ from, file, heading }: Origin): string {
  return shortDigest({ from, file, heading })
}

export function shortDigest(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 16)
}
