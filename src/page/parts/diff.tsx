import { type ChangeObject, diffLines, diffWordsWithSpace } from 'diff'
import { useMemo } from 'preact/hooks'

/** Longer texts are compared by lines: word by word takes too long. */
const MOST_BY_WORDS = 20_000
const PATIENCE_MS = 500

/** What was taken out and put in between two texts. */
export function Diff({ before, after }: { before: string; after: string }) {
  const parts = useMemo(() => compared(before, after), [before, after])
  let at = 0
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <div class="diff text" tabIndex={0}>
      {parts.map(({ value, added, removed }) => {
        const key = `${at}${added ? '+' : removed ? '-' : ''}`
        at += value.length
        if (added)
          return (
            <ins key={key}>
              <span class="hidden"> added: </span>
              {value}
            </ins>
          )
        if (!removed) return <span key={key}>{value}</span>
        return (
          <del key={key}>
            <span class="hidden"> taken out: </span>
            {value}
          </del>
        )
      })}
    </div>
  )
}

type Part = Pick<ChangeObject<string>, 'value' | 'added' | 'removed'>

function compared(before: string, after: string): readonly Part[] {
  const isShort = before.length + after.length < MOST_BY_WORDS
  const options = { timeout: PATIENCE_MS }
  const byWords = isShort ? diffWordsWithSpace(before, after, options) : undefined
  return (
    byWords ??
    diffLines(before, after, options) ?? [
      { value: before, added: false, removed: true },
      { value: after, added: true, removed: false },
    ]
  )
}
