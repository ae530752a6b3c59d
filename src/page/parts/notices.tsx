import { signal } from '@preact/signals'
import { clock, spanText } from '../state/clock.ts'
import { isReached, lostSince } from '../state/session.ts'

const SHOWN_MS = 6_000

interface Notice {
  readonly id: number
  readonly text: string
  readonly isProblem: boolean
}

const notices = signal<readonly Notice[]>([])
let count = 0

/** Says for a while that something was done, or why it was not. */
export function say(text: string, { isProblem = false } = {}): void {
  const id = ++count
  notices.value = [...notices.value, { id, text, isProblem }]
  setTimeout(() => {
    notices.value = notices.value.filter((notice) => notice.id !== id)
  }, SHOWN_MS)
}

export function Notices() {
  return (
    <div class="notices">
      {!isReached.value && (
        <p class="notice problem" role="alert">
          The server has not answered for {spanText(clock.value - lostSince.value)}. What you see is from
          before; it is tried again all the time.
        </p>
      )}
      <div role="status">
        {notices.value.map(({ id, text, isProblem }) => (
          <p key={id} class={`notice ${isProblem ? 'problem' : ''}`}>
            {text}
          </p>
        ))}
      </div>
    </div>
  )
}
