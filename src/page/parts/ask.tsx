import { signal } from '@preact/signals'
import { useEffect, useRef, useState } from 'preact/hooks'

interface Question {
  readonly title: string
  readonly text: string
  /** What the button does, in a word or two. */
  readonly action: string
  /** Asked for beside it, and needed. */
  readonly input?: string
}

interface Asked extends Question {
  readonly answer: (given: string | undefined) => void
}

const asked = signal<Asked | undefined>(undefined)

/** Asks before something that cannot be taken back. Answers what was typed, '' where nothing is asked for, undefined for no. */
export function ask(question: Question): Promise<string | undefined> {
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      answer(given) {
        asked.value = undefined
        resolve(given)
      },
    }
  })
}

export function Ask() {
  return asked.value ? <Dialog {...asked.value} /> : null
}

function Dialog({ title, text, action, input, answer }: Asked) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [typed, setTyped] = useState('')
  useEffect(() => dialog.current?.showModal(), [])
  const isReady = input === undefined || typed.trim() !== ''
  const send = (event: Event) => {
    event.preventDefault()
    if (isReady) answer(typed.trim())
  }
  return (
    <dialog ref={dialog} aria-labelledby="ask-title" onClose={() => answer(undefined)}>
      <form onSubmit={send}>
        <h2 id="ask-title">{title}</h2>
        <p>{text}</p>
        {input !== undefined && (
          <p class="field">
            <label for="ask-input">{input}</label>
            <input id="ask-input" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
          </p>
        )}
        <div class="actions">
          <button type="button" onClick={() => answer(undefined)}>
            Cancel
          </button>
          <button type="submit" class="danger" disabled={!isReady}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  )
}
