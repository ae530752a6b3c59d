import type { WholeEntry } from '../../../client/answers.ts'
import { wordsOf } from '../../../client/refusal.ts'
import { callKind } from '../../../client/rest.ts'
import { ask } from '../../../parts/ask.tsx'
import { say } from '../../../parts/notices.tsx'
import { goTo, linkHere } from '../../../state/route.ts'

export function EntryActions({
  entry,
  edit,
  changed,
}: {
  entry: WholeEntry
  edit: () => void
  changed: () => void
}) {
  const { id, type, name, status, version } = entry
  const attempt = (work: () => Promise<unknown>, done: string) =>
    void work().then(
      () => {
        say(done)
        changed()
      },
      (error: unknown) => say(wordsOf(error), { isProblem: true }),
    )
  const remove = async () => {
    const answer = await ask({
      title: 'Delete this memory?',
      text: `“${name}” goes with ${version === 1 ? 'its only version' : `all its ${version} versions`}, for good. To only take it out of use, deactivate it.`,
      action: 'Delete',
    })
    if (answer === undefined) return
    attempt(async () => {
      await callKind('DELETE {id}', type, { id }, { version })
      goTo(linkHere({ id: undefined }))
    }, `“${name}” is deleted.`)
  }
  return (
    <div class="actions">
      <button type="button" onClick={edit}>
        Edit
      </button>
      {status === 'active' ? (
        <button
          type="button"
          onClick={() => attempt(() => callKind('POST {id}/deactivate', type, { id }), 'Out of use.')}
        >
          Deactivate
        </button>
      ) : (
        <button
          type="button"
          onClick={() => attempt(() => callKind('POST {id}/reactivate', type, { id }), 'In use again.')}
        >
          Reactivate
        </button>
      )}
      <button type="button" class="danger" onClick={() => void remove()}>
        Delete
      </button>
    </div>
  )
}
