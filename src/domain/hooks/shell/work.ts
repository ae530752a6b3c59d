/**
 * Of a line with more words and brackets, those that its variables stand for and those of shells in it too, only the beginning is
 * looked at: a hook holds up the client that waits for it.
 */
const MOST_WORDS = 20_000

/** How much of a line may still be read. */
export interface Work {
  left: number
}

export const workOfLine = (): Work => ({ left: MOST_WORDS })
