import { useState } from 'preact/hooks'
import type { WholeEntry } from '../../../client/answers.ts'
import { wordsOf } from '../../../client/refusal.ts'
import { call } from '../../../client/rest.ts'
import { say } from '../../../parts/notices.tsx'
import { linkTo } from '../../../state/route.ts'
import { ownFields } from './fields.ts'

export function EntryText({ entry, changed }: { entry: WholeEntry; changed: () => void }) {
  const own = ownFields(entry)
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre class="text" tabIndex={0}>
        {entry.content}
      </pre>
      {own.length > 0 && (
        <dl class="fields">
          {own.map(([name, text]) => (
            <div key={name}>
              <dt>{name.replaceAll('_', ' ')}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      )}
      <EntryTags entry={entry} changed={changed} />
    </>
  )
}

function EntryTags({ entry: { id, tags }, changed }: { entry: WholeEntry; changed: () => void }) {
  const [typed, setTyped] = useState('')
  const attempt = (work: Promise<unknown>) =>
    void work.then(changed, (error: unknown) => say(wordsOf(error), { isProblem: true }))
  const add = (event: Event) => {
    event.preventDefault()
    const tag = typed.trim()
    if (tag === '') return
    setTyped('')
    attempt(call('POST /v1/entries/{entry_id}/tags', { entry_id: id, tags: [tag] }))
  }
  return (
    <div class="entry-tags">
      <h3>Tags</h3>
      <ul class="tags">
        {tags.map((tag) => (
          <li key={tag} class="tag">
            <a href={linkTo('memory', { tag })}>{tag}</a>
            <button
              type="button"
              aria-label={`Take off the tag ${tag}`}
              onClick={() =>
                attempt(call('DELETE /v1/entries/{entry_id}/tags', { entry_id: id, tags: [tag] }))
              }
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <form class="inline" onSubmit={add}>
        <label class="hidden" for="new-tag">
          New tag
        </label>
        <input
          id="new-tag"
          placeholder="new tag"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit" class="small">
          Add
        </button>
      </form>
    </div>
  )
}
