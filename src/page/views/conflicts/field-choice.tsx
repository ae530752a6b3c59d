import { Diff } from '../../parts/diff.tsx'

export interface Choice {
  readonly side: 'current' | 'incoming' | 'merged'
  /** What was written by hand. */
  readonly text?: string
}

interface Side {
  readonly side: 'current' | 'incoming'
  readonly agent: string
  readonly text: string
}

interface FieldChoiceProps {
  readonly field: string
  /** What both began from. */
  readonly base: string | undefined
  readonly sides: readonly [Side, Side]
  /** What the entry says at this moment. */
  readonly now: string
  readonly isText: boolean
  readonly choice: Choice | undefined
  /** Left out where it is settled. */
  readonly choose: ((choice: Choice) => void) | undefined
}

/** One field of a conflict, three ways. */
export function FieldChoice({ field, base, sides, now, isText, choice, choose }: FieldChoiceProps) {
  const [current, incoming] = sides
  const isElsewhere = now !== current.text && now !== incoming.text
  return (
    <section class="field-choice" aria-label={field}>
      <h3>{field}</h3>
      <div class="sides">
        {base !== undefined && (
          <div class="side">
            <h4>Before</h4>
            <Text text={base} />
          </div>
        )}
        {sides.map(({ side, agent, text }) => (
          <div key={side} class={`side ${choice?.side === side ? 'chosen' : ''}`}>
            <h4>
              <span class="agent">{agent}</span> {side === 'current' ? 'wrote first' : 'wrote later'}
            </h4>
            <Diff before={base ?? (side === 'incoming' ? current.text : text)} after={text} />
            {choose && (
              <button type="button" aria-pressed={choice?.side === side} onClick={() => choose({ side })}>
                Take this one
              </button>
            )}
          </div>
        ))}
      </div>
      {isElsewhere && (
        <div class="side">
          <h4>It reads now</h4>
          <Text text={now} />
        </div>
      )}
      {choose && (
        <Merge
          field={field}
          start={`${current.text}${isText ? '\n' : ''}${isText ? incoming.text : ''}`}
          choice={choice}
          choose={choose}
        />
      )}
    </section>
  )
}

function Text({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <div class="text" tabIndex={0}>
      {text}
    </div>
  )
}

function Merge({
  field,
  start,
  choice,
  choose,
}: {
  field: string
  start: string
  choice: Choice | undefined
  choose: (choice: Choice) => void
}) {
  if (choice?.side !== 'merged')
    return (
      <button type="button" onClick={() => choose({ side: 'merged', text: start })}>
        Write it myself
      </button>
    )
  return (
    <p class="field">
      <label for={`merge-${field}`}>Your {field}</label>
      <textarea
        id={`merge-${field}`}
        rows={6}
        value={choice.text}
        onInput={(event) => choose({ side: 'merged', text: event.currentTarget.value })}
      />
    </p>
  )
}

export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value, null, 1)
}
