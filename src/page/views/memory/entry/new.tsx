import { useState } from 'preact/hooks'
import type { CountedScope } from '../../../client/answers.ts'
import { callKind, WRITABLE } from '../../../client/rest.ts'
import { say } from '../../../parts/notices.tsx'
import { dropDraft, keepDraft, useDraft } from '../../../state/drafts.ts'
import { goTo, linkHere } from '../../../state/route.ts'
import { keyOf, scopeArguments } from '../../../state/scopes.ts'
import { FORM_FIELDS, fieldValue, type Texts } from './fields.ts'
import { EntryForm } from './form.tsx'

const ABOUT = 'new entry'

interface Draft {
  readonly type: string
  /** Left out until one is chosen: the scope that is looked at. */
  readonly scope?: string
  readonly texts: Texts
}

/** Fills the form, in the place of what stands there. */
export function beginNew(draft: Draft): void {
  keepDraft(ABOUT, draft)
}

interface EntryNewProps {
  readonly scopes: readonly CountedScope[]
  /** The one that is looked at, where it is one. */
  readonly chosen: string
}

/** A memory that a person writes. */
export function EntryNew({ scopes, chosen }: EntryNewProps) {
  const [draft, set] = useDraft<Draft>(ABOUT, () => ({ type: 'guideline', texts: EMPTY }))
  const [error, setError] = useState<unknown>(undefined)
  const { type, texts, scope = chosen || 'global' } = draft
  const save = async () => {
    try {
      const entry = await callKind('POST', type, { ...scopeArguments(scope), ...givenOf(type, texts) })
      dropDraft(ABOUT)
      say(savedWords(entry))
      goTo(linkHere({ id: entry.id, new: undefined, scope: chosen && scope, q: undefined }))
    } catch (refusal) {
      setError(refusal)
    }
  }
  const cancel = () => {
    dropDraft(ABOUT)
    goTo(linkHere({ new: undefined }))
  }
  return (
    <section class="entry" aria-labelledby="new-entry">
      <a class="back" href={linkHere({ new: undefined })}>
        Back to the list
      </a>
      <h2 id="new-entry">New memory</h2>
      <EntryForm
        type={type}
        texts={texts}
        set={(changed) => set({ ...draft, texts: changed })}
        error={error}
        action="Add"
        save={save}
        cancel={cancel}
        first="name"
      >
        <div class="field-row">
          <p class="field">
            <label for="new-type">What it is</label>
            <select
              id="new-type"
              value={type}
              onChange={(event) => set({ ...draft, type: event.currentTarget.value })}
            >
              {WRITABLE.map((name) => (
                <option key={name} value={name}>
                  {TYPE_WORDS[name] ?? name}
                </option>
              ))}
            </select>
          </p>
          <p class="field">
            <label for="new-scope">For</label>
            <select
              id="new-scope"
              value={scope}
              onChange={(event) => set({ ...draft, scope: event.currentTarget.value })}
            >
              {choosable(scopes, scope).map((one) => (
                <option key={keyOf(one)} value={keyOf(one)}>
                  {scopeWords(one)}
                </option>
              ))}
            </select>
          </p>
        </div>
      </EntryForm>
    </section>
  )
}

const EMPTY: Texts = { name: '', content: '', tags: '', priority: '' }
const TYPE_WORDS: Readonly<Record<string, string>> = {
  guideline: 'guideline: a rule to follow',
  knowledge: 'knowledge: a fact or a decision',
  tool: 'tool: a command that works',
}

/** Sessions are many, and end: only the one that is looked at can be written to here. */
function choosable(scopes: readonly CountedScope[], chosen: string): readonly CountedScope[] {
  return scopes.filter((scope) => scope.scope_type !== 'session' || keyOf(scope) === chosen)
}

function scopeWords({ scope_type, name }: CountedScope): string {
  return scope_type === 'global' ? 'all projects (global)' : `${name} (${scope_type})`
}

/** What was filled in, of the fields that this type has. */
function givenOf(type: string, texts: Texts): Readonly<Record<string, unknown>> {
  const own = (FORM_FIELDS[type] ?? []).map(({ name }) => name)
  const names = [...Object.keys(EMPTY), ...own].filter((name) => (texts[name] ?? '').trim() !== '')
  return Object.fromEntries(names.map((name) => [name, fieldValue(name, texts[name] ?? '')]))
}

function savedWords({ name, similar = [] }: { name: string; similar?: readonly { name: string }[] }): string {
  const [near] = similar
  return near === undefined
    ? `“${name}” is added.`
    : `“${name}” is added. “${near.name}” says nearly the same: is one of them enough?`
}
