import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Refusal, wordsOf } from '../../../client/refusal.ts'
import { linkHere } from '../../../state/route.ts'
import { FORM_FIELDS, type FormField, type Texts } from './fields.ts'

interface EntryFormProps {
  readonly type: string
  readonly texts: Texts
  readonly set: (texts: Texts) => void
  /** Why the last try was refused. */
  readonly error: unknown
  readonly action: string
  readonly save: () => Promise<void>
  readonly cancel: () => void
  /** Where the writer begins. */
  readonly first: 'name' | 'content'
  /** What stands above the fields of every entry. */
  readonly children?: ComponentChildren
}

/** The fields that people write, of a new entry and of one that is there. */
export function EntryForm(props: EntryFormProps) {
  const { type, texts, set, error, action, save, cancel, first, children } = props
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector<HTMLElement>(`#edit-${first}`)?.focus(), [])
  // The field that was refused, else the sentence that says why: a reader hears it, and it is in sight.
  useEffect(() => {
    if (error === undefined) return
    const field = wrongField(error)
    const place = form.current?.querySelector<HTMLElement>(`#edit-${field}`)
    const words = form.current?.querySelector<HTMLElement>('.problem')
    const shown = place ?? words
    shown?.focus()
  }, [error])
  const input = (name: string) => ({
    id: `edit-${name}`,
    value: texts[name] ?? '',
    onInput: (event: { currentTarget: { value: string } }) =>
      set({ ...texts, [name]: event.currentTarget.value }),
    'aria-invalid': wrongField(error) === name,
  })
  return (
    <form
      class="edit"
      ref={form}
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <Why error={error} />
      {children}
      <p class="field">
        <label for="edit-name">Name</label>
        <input {...input('name')} required />
      </p>
      <p class="field">
        <label for="edit-content">Text</label>
        <textarea rows={10} {...input('content')} required />
      </p>
      <div class="field-row">
        <p class="field">
          <label for="edit-tags">Tags, with commas between</label>
          <input {...input('tags')} />
        </p>
        <p class="field narrow">
          <label for="edit-priority">Priority, 0 to 100</label>
          <input type="number" min={0} max={100} {...input('priority')} />
        </p>
      </div>
      {(FORM_FIELDS[type] ?? []).map((field) => (
        <Field key={field.name} field={field} input={input(field.name)} />
      ))}
      <div class="actions">
        <button type="submit" class="main-action">
          {action}
        </button>
        <button type="button" onClick={cancel}>
          Cancel
        </button>
      </div>
    </form>
  )
}

/** Why it was not saved; where another entry is in the way, the way to it. */
function Why({ error }: { error: unknown }) {
  if (error === undefined) return null
  const id = error instanceof Refusal && error.code === 'E2001' ? error.details['id'] : undefined
  return (
    <p class="problem" role="alert" tabIndex={-1}>
      {wordsOf(error)}
      {typeof id === 'string' && (
        <>
          {' '}
          <a href={linkHere({ id, new: undefined })}>Open it</a>
        </>
      )}
    </p>
  )
}

/** The field that the server has named: its sentences begin with it. Another word names none. */
function wrongField(error: unknown): string | undefined {
  return error instanceof Refusal ? /^\w+/.exec(error.message)?.[0] : undefined
}

interface InputProps {
  readonly id: string
  readonly value: string
  readonly onInput: (event: { currentTarget: { value: string } }) => void
}

function Field({ field: { label, choices, isLong }, input }: { field: FormField; input: InputProps }) {
  return (
    <p class="field">
      <label for={input.id}>{label}</label>
      {choices ? (
        <select {...input}>
          <option value="">–</option>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      ) : isLong ? (
        <textarea rows={3} {...input} />
      ) : (
        <input {...input} />
      )}
    </p>
  )
}
