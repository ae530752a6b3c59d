import type { Lock } from '../../client/answers.ts'
import { wordsOf } from '../../client/refusal.ts'
import { call } from '../../client/rest.ts'
import { ask } from '../../parts/ask.tsx'
import { say } from '../../parts/notices.tsx'
import { Countdown, Panel, Path } from '../../parts/small.tsx'

export function Locks({ locks, changed }: { locks: readonly Lock[] | undefined; changed: () => void }) {
  return (
    <Panel title="File locks" note={locks && locks.length > 0 ? `${locks.length} held` : undefined}>
      {locks?.length === 0 && (
        <p class="empty">
          No file is locked. An agent locks one with <code>memory_file_lock checkout</code> before it edits.
        </p>
      )}
      {locks && locks.length > 0 && (
        <table class="locks">
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Holder</th>
              <th scope="col" class="number">
                Ends in
              </th>
              <th scope="col">Queue</th>
              <th scope="col">
                <span class="hidden">Action</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {locks.map((lock) => (
              <Row key={lock.file_path} lock={lock} changed={changed} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}

function Row({ lock, changed }: { lock: Lock; changed: () => void }) {
  const { file_path, agent_id, purpose, expires_at, ttl_ms, queue = [] } = lock
  return (
    <tr>
      <th scope="row">
        <Path path={file_path} />
        {purpose !== null && <span class="purpose">{purpose}</span>}
      </th>
      <td data-label="Holder" class="agent">
        {agent_id}
      </td>
      <td data-label="Ends in" class="number">
        <Countdown until={expires_at} ttlMs={ttl_ms} />
      </td>
      <td data-label="Queue">
        {queue.length === 0 ? <span class="quiet">–</span> : <span class="agent">{queue.join(', ')}</span>}
      </td>
      <td class="action">
        <button type="button" class="small" onClick={() => void forceUnlock(lock).then(changed)}>
          Unlock<span class="hidden"> {file_path}</span>
        </button>
      </td>
    </tr>
  )
}

async function forceUnlock({ file_path, agent_id }: Lock): Promise<void> {
  const reason = await ask({
    title: 'Take this lock away?',
    text: `${agent_id} may be in the middle of writing ${file_path}. The reason stays in the events.`,
    action: 'Unlock',
    input: 'Reason',
  })
  if (reason === undefined) return
  try {
    await call('POST /v1/locks/force-unlock', { file_path, reason })
    say(`${file_path} is free.`)
  } catch (error) {
    say(wordsOf(error), { isProblem: true })
  }
}
