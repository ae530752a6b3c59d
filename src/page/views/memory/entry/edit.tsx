import { useState } from 'preact/hooks'
import type { WholeEntry } from '../../../client/answers.ts'
import { Refusal } from '../../../client/refusal.ts'
import { callKind } from '../../../client/rest.ts'
import { say } from '../../../parts/notices.tsx'
import { dropDraft, useDraft } from '../../../state/drafts.ts'
import { goTo, linkTo } from '../../../state/route.ts'
import { FORM_FIELDS, fieldText, fieldValue, type Texts } from './fields.ts'
import { EntryForm } from './form.tsx'

export interface EditDraft {
  readonly opened: WholeEntry
  readonly texts: Texts
}

/** Names what is typed of an entry that is there. */
export function editOf({ id }: { readonly id: string }): string {
  return `edit ${id}`
}

/**
 * Changes an entry as it was when the form was opened. Where another writer changes the same meanwhile, both
 * texts are kept and compared.
 */
export function EntryEdit({ entry, close }: { entry: WholeEntry; close: () => void }) {
  const [{ opened, texts }, set] = useDraft<EditDraft>(editOf(entry), () => ({
    opened: entry,
    texts: textsOf(entry),
  }))
  const [error, setError] = useState<unknown>(undefined)
  const end = () => {
    dropDraft(editOf(entry))
    close()
  }
  const save = async () => {
    const patch = patchOf(textsOf(opened), texts)
    if (Object.keys(patch).length === 0) return end()
    try {
      const { id, type, version } = opened
      const { version: made, merged } = await callKind('PATCH {id}', type, {
        id,
        ...patch,
        base_version: version,
      })
      say(
        `Saved as version ${made}${merged ? ', together with what somebody else has changed meanwhile' : ''}.`,
      )
      end()
    } catch (refusal) {
      const conflict = conflictIn(refusal)
      if (conflict === undefined) return setError(refusal)
      dropDraft(editOf(entry))
      say('Somebody changed the same meanwhile. Nothing is lost: choose here.', { isProblem: true })
      goTo(linkTo('conflicts', { id: conflict }))
    }
  }
  return (
    <EntryForm
      type={opened.type}
      texts={texts}
      set={(changed) => set({ opened, texts: changed })}
      error={error}
      action="Save"
      save={save}
      cancel={end}
      first="content"
    >
      {entry.version !== opened.version && (
        <p class="problem" role="status">
          {entry.updated_by} saved version {entry.version} while you write. If you both change the same, you
          compare before anything is written.
        </p>
      )}
    </EntryForm>
  )
}

function textsOf(entry: WholeEntry): Texts {
  const fields = FORM_FIELDS[entry.type] ?? []
  return {
    name: entry.name,
    content: entry.content,
    tags: entry.tags.join(', '),
    priority: String(entry.priority),
    ...Object.fromEntries(fields.map(({ name }) => [name, fieldText(entry[name])])),
  }
}

/** What cannot be taken out, but only emptied. */
const ALWAYS_THERE = ['name', 'content', 'tags', 'priority']

/** Only what was changed; a field of its own that is emptied is taken out. */
function patchOf(before: Texts, after: Texts): Readonly<Record<string, unknown>> {
  const changed = Object.entries(after).filter(([name, text]) => text !== before[name])
  const emptied = changed
    .filter(([name, text]) => text === '' && !ALWAYS_THERE.includes(name))
    .map(([name]) => name)
  const given = changed.filter(([name]) => !emptied.includes(name))
  return {
    ...Object.fromEntries(given.map(([name, text]) => [name, fieldValue(name, text)])),
    ...(emptied.length > 0 && { unset: emptied }),
  }
}

function conflictIn(error: unknown): string | undefined {
  const id = error instanceof Refusal ? error.details['conflict_id'] : undefined
  return typeof id === 'string' ? id : undefined
}
