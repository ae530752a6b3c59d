import { diff3MergeRegions } from 'node-diff3'

/** Lines that belong together, and the side that has them. */
export interface Hunk {
  readonly of: 'both' | 'base' | 'current' | 'incoming'
  readonly lines: readonly string[]
}

export interface Sides {
  readonly base: unknown
  readonly current: unknown
  readonly incoming: unknown
}

/** With more lines the comparison takes long, and no reader follows it on a screen. */
const MOST_LINES = 5_000

/** What each side made of a value, in its order; undefined where it is too long to be compared. */
export function threeWay({ base, current, incoming }: Sides): readonly Hunk[] | undefined {
  const [o, a, b] = [linesOf(base), linesOf(current), linesOf(incoming)]
  if (Math.max(o.length, a.length, b.length) > MOST_LINES) return undefined
  return diff3MergeRegions(a, o, b).flatMap((region): Hunk[] => {
    if (region.stable) return [{ of: OF[region.buffer], lines: region.bufferContent }]
    const { aContent: current, oContent: base, bContent: incoming } = region
    const isSame = current.join('\n') === incoming.join('\n')
    if (isSame) return hunks(['both', current])
    return hunks(['base', base], ['current', current], ['incoming', incoming])
  })
}

const OF = { o: 'both', a: 'current', b: 'incoming' } as const

function hunks(...parts: readonly (readonly [Hunk['of'], readonly string[]])[]): Hunk[] {
  return parts.flatMap(([of, lines]) => (lines.length > 0 ? [{ of, lines }] : []))
}

/** A text by its lines, anything else as JSON. */
function linesOf(value: unknown): string[] {
  if (value === undefined || value === null) return []
  return (typeof value === 'string' ? value : JSON.stringify(value, null, 2)).split('\n')
}
