import { useRef } from 'preact/hooks'
import { signIn } from '../state/session.ts'

/** Asks for the key: once a tab, and never in an address. `why` is what was wrong with the last one. */
export function SignIn({ why }: { why: string }) {
  // Read when the form is sent: a password manager may fill in the field without an event.
  const field = useRef<HTMLInputElement>(null)
  const send = (event: Event) => {
    event.preventDefault()
    const typed = field.current?.value.trim() ?? ''
    if (typed !== '') signIn(typed)
  }
  return (
    <main class="gate">
      <h1>Agent Memory</h1>
      <p>This server answers only with a key. Yours is kept in this tab until you close it.</p>
      <form onSubmit={send}>
        <label for="key">Key</label>
        <input
          id="key"
          type="password"
          autocomplete="off"
          spellcheck={false}
          required
          ref={field}
          aria-describedby={why === '' ? undefined : 'key-problem'}
        />
        {why !== '' && (
          <p id="key-problem" class="problem" role="alert">
            {why}
          </p>
        )}
        <button type="submit" class="main-action">
          Sign in
        </button>
      </form>
      <p class="quiet">
        Who runs the server makes one: <code>agent-memory key create NAME</code>
      </p>
    </main>
  )
}
